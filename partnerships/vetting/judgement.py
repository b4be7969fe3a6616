"""From rows to the pure rules: reads the reviews of a round and lets `rules.judge` speak."""

from . import rules
from .models import Application


def standards(application: Application) -> list[rules.Standard]:
    """The criteria of the application's version, as the rules need them."""
    return [
        rules.Standard(each.code, each.weight, each.minimum)
        for each in application.criteria_version.criteria.all()
    ]


def outcome_of(application: Application) -> rules.Outcome:
    """What the submitted reviews of the present round come to."""
    reviews: dict[int, dict[str, int]] = {}
    rows = application.reviews.filter(round=application.round, submitted_at__isnull=False).active()
    for review in rows.prefetch_related("scores__criterion"):
        reviews[review.pk] = {
            score.criterion.code: score.value for score in review.scores.all() if score.value is not None
        }
    agreed = {
        each.criterion.code: each.value
        for each in application.reconciliations.filter(round=application.round).select_related("criterion")
    }
    return rules.judge(
        standards(application),
        list(reviews.values()),
        agreed=agreed,
        threshold=application.criteria_version.threshold,
    )
