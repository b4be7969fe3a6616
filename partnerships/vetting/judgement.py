"""From rows to the pure rules: reads the reviews of a round and lets `rules.judge` speak."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from django.utils.translation import gettext as _

from core.access import Refusal

from . import rules
from .choices import Conflict
from .models import Application, Review


def score_of(code: str) -> str:
    """The name of a criterion's score among the fields of a review."""
    return f"score-{code}"


def note_of(code: str) -> str:
    """The name of the reason for a criterion's score among the fields of a review."""
    return f"note-{code}"


def gaps_of(review: Review) -> list[Refusal]:
    """What a review lacks before it can be handed in, each with its field, in the order of the criteria."""
    scored = {each.criterion_id: each for each in review.scores.all()}
    found = []
    for criterion in review.application.criteria_version.criteria.all():
        score, title = scored.get(criterion.pk), {"title": criterion.title}
        if score is None or score.value is None:
            sentence = _("“%(title)s” has no score yet.") % title
            found.append(Refusal("score_missing", sentence, score_of(criterion.code)))
        if score is None or not score.note.strip():
            sentence = _("Write in a few words why you scored “%(title)s” so.") % title
            found.append(Refusal("note_missing", sentence, note_of(criterion.code)))
    return found


def standards(application: Application) -> list[rules.Standard]:
    """The criteria of the application's version, as the rules need them."""
    return [
        rules.Standard(each.code, each.weight, each.minimum)
        for each in application.criteria_version.criteria.all()
    ]


def progress_of(application: Application) -> rules.Progress:
    """How far the application has come in its present round; two queries until all reviews are in."""
    progress = _counted(application, application.reviews.filter(round=application.round))
    return replace(progress, gaps=outcome_of(application).open_gaps) if progress.all_in else progress


def still_to_name(application: Application, reviews: Iterable[Review]) -> int:
    """How many reviewers are still to be named; none before the track is chosen.

    Args:
        application: the one to be reviewed.
        reviews: all of its present round.
    """
    return _counted(application, reviews).unnamed if application.track else 0


def _counted(application: Application, reviews: Iterable[Review]) -> rules.Progress:
    """How far it has come, as far as counting its reviews tells."""
    active = [each for each in reviews if each.is_active]
    return rules.Progress(
        status=application.status,
        wanted=application.criteria_version.reviewers_for(application.track),
        named=len(active),
        undeclared=sum(each.conflict != Conflict.PROCEED for each in active),
        missing=sum(each.submitted_at is None for each in active),
    )


class Hand(StrEnum):
    """What somebody did with an application, so that another person has to decide it."""

    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    DECIDED = "decided"


def hands_in(application: Application) -> dict[int, Hand]:
    """Who had a hand in the application, in any round, and which; two queries."""
    found = dict.fromkeys(application.decisions.values_list("decided_by", flat=True), Hand.DECIDED)
    found |= dict.fromkeys(application.reviews.values_list("reviewer", flat=True), Hand.REVIEWED)
    wrote = (application.applicant_id, application.submitted_by_id, application.assisted_by_id)
    return found | {user: Hand.SUBMITTED for user in wrote if user is not None}


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
