"""What an application waits for, worked out anew from its reviews, scores and decisions.

These are the definitions that the room had before it wrote the step down. `test_steps.py` holds that the
column says the same after every change.
"""

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from core.access import visible
from core.roles import Role
from partnerships.vetting.judgement import outcome_of
from partnerships.vetting.models import Application, Decision, Reconciliation, Review, Score

RUNNING = ("submitted", "in_review", "appealed")


def with_gap(rows):
    """Add `has_gap`: the reviewers of the round lie two or more points apart and have not agreed yet."""
    agreed = Reconciliation.objects.filter(
        application=OuterRef("review__application"),
        round=OuterRef("review__round"),
        criterion=OuterRef("criterion"),
    )
    apart = (
        Score.objects.filter(
            ~Exists(agreed),
            review__application=OuterRef("pk"),
            review__round=OuterRef("round"),
            review__submitted_at__isnull=False,
        )
        .exclude(review__conflict="refer")
        .order_by()
        .values("criterion")
        .annotate(gap=Max("value") - Min("value"))
        .filter(gap__gte=2)
    )
    return rows.annotate(has_gap=Exists(apart))


def with_progress(rows):
    """Add `reviews_named` and `reviews_in`, counted in the present round."""
    active = Q(reviews__round=F("round")) & ~Q(reviews__conflict="refer")
    return rows.annotate(
        reviews_named=Count("reviews", filter=active, distinct=True),
        reviews_in=Count("reviews", filter=active & Q(reviews__submitted_at__isnull=False), distinct=True),
    )


def ready_for_decision():
    """In review with all reviews in, and agreed where they lay apart."""
    return with_gap(with_progress(Application.objects.filter(status="in_review"))).filter(
        Q(has_gap=False),
        Q(track="full", reviews_in__gte=F("criteria_version__reviewers_full"))
        | Q(track="basic", reviews_in__gte=F("criteria_version__reviewers_basic")),
        reviews_in=F("reviews_named"),
    )


def waiting_for(user):
    """What waits for this person."""
    mine = Review.objects.filter(application=OuterRef("pk"), reviewer=user, round=OuterRef("round")).exclude(
        conflict="refer"
    )
    wanted = Q(Exists(mine.filter(submitted_at=None)), status__in=RUNNING)
    wanted |= Q(Exists(mine), status="in_review", has_gap=True)
    if user.role == Role.SUPERVISOR:
        ready = ready_for_decision().filter(pk=OuterRef("pk"))
        took_part = Review.objects.filter(application=OuterRef("pk"), reviewer=user)
        decided = Decision.objects.filter(application=OuterRef("pk"), decided_by=user)
        theirs = Q(applicant=user) | Q(submitted_by=user) | Q(assisted_by=user)
        own = Application.objects.filter(theirs, pk=OuterRef("pk"))
        wanted |= Q(Exists(ready), ~Exists(took_part), ~Exists(decided), ~Exists(own))
    return with_gap(Application.objects.all()).filter(wanted)


def by_waiting(value):
    """Who owes the next step, as the queue is narrowed."""
    if value == "owner":
        return Application.objects.filter(status="action_needed")
    if value == "decision":
        return ready_for_decision()
    named = with_progress(Application.objects.filter(status__in=RUNNING))
    if value == "nobody":
        return named.filter(reviews_named=0)
    return named.filter(reviews_named__gt=0).exclude(pk__in=ready_for_decision().order_by().values("pk"))


def all_in():
    """Reviews of rounds in which all that the track asks for were submitted and none is open."""
    siblings = Review.objects.filter(application=OuterRef("application"), round=OuterRef("round")).exclude(
        conflict="refer"
    )
    enough = siblings.filter(submitted_at__isnull=False).values("application").annotate(n=Count("pk"))
    version = "application__criteria_version__reviewers"
    return Review.objects.filter(
        Exists(
            enough.filter(
                Q(application__track="full", n__gte=F(f"{version}_full"))
                | Q(application__track="basic", n__gte=F(f"{version}_basic"))
            )
        ),
        ~Exists(siblings.filter(submitted_at=None)),
    )


def reviews_seen_by(user):
    """One's own reviews, and those of others once all of the round are in. A round that was decided was."""
    theirs = Review.objects.filter(application__in=visible(Application, user).values("pk"))
    return theirs.filter(
        Q(reviewer=user) | Q(pk__in=all_in().values("pk")) | Q(round__lt=F("application__round"))
    )


def may_decide(user, application):
    """Whether this supervisor may decide it now, in review."""
    if user.pk in {application.applicant_id, application.submitted_by_id, application.assisted_by_id}:
        return False
    if application.reviews.filter(reviewer=user).exists():
        return False
    if application.decisions.filter(decided_by=user).exists():
        return False
    wanted = application.criteria_version.reviewers_for(application.track)
    reviews = application.reviews.filter(round=application.round).exclude(conflict="refer")
    done = reviews.filter(submitted_at__isnull=False).count()
    if done < wanted or reviews.filter(submitted_at=None).exists():
        return False
    return not outcome_of(application).open_gaps


def words(application, user):
    """Whom the next step waits for, as a queue says it."""
    if application.status == "action_needed":
        count = len(application.action_requests.get(answered_at=None, closed_at=None).fields)
        return f"Owner: {count} thing{'s' if count != 1 else ''}"
    if application.status == "draft":
        return "Owner: not sent yet"
    if application.status not in RUNNING:
        return ""
    wanted = application.criteria_version.reviewers_for(application.track)
    reviews = list(application.reviews.filter(round=application.round).exclude(conflict="refer"))
    mine = next((each for each in reviews if each.reviewer_id == user.pk), None)
    if mine is not None and not mine.declared_at:
        return "Your conflict declaration"
    if mine is not None and mine.submitted_at is None and application.status == "in_review":
        return "Your review"
    if not reviews:
        return "Someone to take it"
    if len(reviews) < wanted:
        return "Second reviewer"
    if open_ones := [each.reviewer.display_name for each in reviews if each.submitted_at is None]:
        return ", ".join(open_ones)
    if outcome_of(application).open_gaps:
        return "The reviewers, who have to agree"
    return "Supervisor’s decision"


def tasks(application, people):
    """Who has the next step and which, among people who all see it; who leads has none of the others."""
    reviews = list(application.reviews.filter(round=application.round).exclude(conflict="refer"))
    running = application.status in RUNNING
    apart = application.status == "in_review" and with_gap(Application.objects).get(pk=application.pk).has_gap
    found = {}
    for review in reviews if running else ():
        if review.submitted_at is None:
            found[review.reviewer_id] = "review" if review.conflict else "declare"
        elif apart:
            found[review.reviewer_id] = "agree"
    if ready_for_decision().filter(pk=application.pk).exists():
        deciders = [each for each in people if each.role == Role.SUPERVISOR and may_decide(each, application)]
        found |= dict.fromkeys((each.pk for each in deciders), "decide")
    return found
