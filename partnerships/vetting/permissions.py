"""Who may do what with an application. A guard answers a `Refusal` with its reason, or `None`."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.access import Actor, Guard, Person, Refusal, out_of_scope
from core.roles import WRITERS, administer, role_of, supervise, use_portal, write_desk
from partnerships.businesses.models import Business

from . import guards
from .choices import RUNNING, Conflict, Status
from .judgement import progress_of
from .models import Application, CriteriaVersion, Review

NOT_REVIEWER = Refusal("not_reviewer", _("You are not a reviewer of this application."))
REFERRED = Refusal("referred", _("You referred this review to someone else."))
DECLARE_FIRST = Refusal("declare_first", _("Declare first that you have no conflict of interest."))
REVIEW_SENT = Refusal("review_sent", _("Your review is in. It can’t be changed any more."))
NOT_IN_REVIEW = Refusal("not_in_review", _("The application is not in review now."))
NOT_ALL_IN = Refusal("not_all_in", _("The scores can be compared once all reviews are in."))
TRACK_FIXED = Refusal("track_fixed", _("The track can’t be changed once the review has begun."))
RULE_SAYS_FULL = Refusal(
    "rule_says_full", _("The rule asks for the full track here. Only a supervisor can choose the basic one.")
)
REVIEWED_BEFORE = Refusal("reviewed_before", _("They reviewed it before the appeal. Name someone else."))
ALREADY_NAMED = Refusal("already_named", _("They are named already, or referred it to someone else."))
ENOUGH_REVIEWERS = Refusal("enough_reviewers", _("As many reviewers are named as the track asks for."))
DECIDED_BEFORE = Refusal("decided_before", _("They decided it before the appeal. Name someone else."))
NOT_A_REVIEWER_ROLE = Refusal("not_a_reviewer_role", _("Only officers and supervisors review."))
CLOSED = Refusal("closed", _("This application is closed."))


def apply(user: Person, obj: Any = None) -> Refusal | None:
    """Members of businesses, and people who are about to be."""
    return use_portal(user)


def read_desk(user: Person, obj: Any = None) -> Refusal | None:
    """Officers and supervisors; viewers see figures, never applications."""
    return write_desk(user)


def edit_application(user: Person, application: Application | None = None) -> Refusal | None:
    """The owner or the officer who fills it in, while it is open to changes."""
    if application is None:
        return use_portal(user) and write_desk(user)
    return guards.may_edit(user, application)


def handle_application(user: Person, application: Application | None = None) -> Refusal | None:
    """The desk, with the applications that it sees; what a step asks beyond, its own guard says."""
    return write_desk(user) or out_of_scope(user, application)


def reach_application(user: Person, application: Application | None = None) -> Refusal | None:
    """The desk, with the applications that it sees. Whether a member speaks for one, its move asks."""
    return None if use_portal(user) is None else handle_application(user, application)


def assist_application(user: Person, business: Business | None = None) -> Refusal | None:
    """Officers and supervisors fill one in during a visit, at the places that they see."""
    return write_desk(user) or out_of_scope(user, business)


def edit_criteria(user: Person, version: CriteriaVersion | None = None) -> Refusal | None:
    """Admins."""
    return administer(user)


def name_reviewers(user: Person, application: Application | None = None) -> Refusal | None:
    """Officers and supervisors, until it is decided."""
    if (found := write_desk(user)) is not None or application is None:
        return found
    return closed(application)


def closed(application: Application) -> Refusal | None:
    """Reviewers are named until it is decided."""
    return None if application.status in RUNNING else CLOSED


def may_choose_track(application: Application) -> Refusal | None:
    """Another track than the rule's is chosen before the review begins."""
    return None if application.status in (Status.SUBMITTED, Status.APPEALED) else TRACK_FIXED


def own_review(user: Person, review: Review | None = None) -> Refusal | None:
    """The reviewer, for as long as they work at the desk."""
    if (found := write_desk(user)) is not None:
        return found
    return None if review is None or review.reviewer_id == user.pk else NOT_REVIEWER


def may_review(user: Actor, review: Review | None) -> Refusal | None:
    """The reviewer, after the declaration, while the application is in review and the review is not in."""
    if user is None or review is None or review.reviewer_id != user.pk:
        return NOT_REVIEWER
    if review.conflict == Conflict.REFER:
        return REFERRED
    if review.conflict != Conflict.PROCEED:
        return DECLARE_FIRST
    if review.submitted_at is not None:
        return REVIEW_SENT
    if review.application.status != "in_review" or review.round != review.application.round:
        return NOT_IN_REVIEW
    return None


def _barred(application: Application) -> dict[int, Refusal]:
    """Who can’t be named for the present round, by user, each with the reason."""
    barred = dict.fromkeys(application.decisions.values_list("decided_by", flat=True), DECIDED_BEFORE)
    for reviewer, of_round, conflict in application.reviews.values_list("reviewer", "round", "conflict"):
        if of_round == application.round:
            barred[reviewer] = ALREADY_NAMED
        elif conflict != Conflict.REFER and barred.get(reviewer) is not ALREADY_NAMED:
            barred[reviewer] = REVIEWED_BEFORE
    return barred


def _enough(application: Application) -> bool:
    return progress_of(application).enough_named


def may_name(user: Actor, application: Application, reviewer: Person) -> Refusal | None:
    """Whether `reviewer` may review this application."""
    if role_of(reviewer) not in WRITERS:
        return NOT_A_REVIEWER_ROLE
    if (found := _barred(application).get(reviewer.pk)) is not None:
        return found
    return ENOUGH_REVIEWERS if _enough(application) else None


def may_take(user: Person, application: Application) -> Refusal | None:
    """Whether `user` may name themself as a reviewer now."""
    if (found := name_reviewers(user, application)) is not None:
        return found
    return may_name(user, application, user) if application.track else guards.NO_TRACK


def withdraw_application(user: Person, application: Application | None = None) -> Refusal | None:
    """The owner, or the desk on the owner's request."""
    if application is None:
        return use_portal(user) and write_desk(user)
    return guards.may_withdraw(user, application)


def nameable(application: Application, people: QuerySet[User]) -> QuerySet[User]:
    """Of the users `people` those whom `may_name` allows, in one query.

    Args:
        application: the one to be reviewed.
        people: a queryset of users.
    """
    if _enough(application):
        return people.none()
    return people.filter(role__in=WRITERS, is_active=True).exclude(pk__in=list(_barred(application)))


def decide_application(user: Person, application: Application | None = None) -> Refusal | None:
    """Supervisors; with an application also everything else the decision needs."""
    if application is None:
        return supervise(user)
    return guards.may_decide(user, application)


PERMISSIONS: dict[str, Guard] = {
    "vetting.apply": apply,
    "vetting.read_applications": read_desk,
    "vetting.edit_application": edit_application,
    "vetting.handle_application": handle_application,
    "vetting.reach_application": reach_application,
    "vetting.review_application": own_review,
    "vetting.edit_criteria": edit_criteria,
    "vetting.assist_application": assist_application,
    "vetting.name_reviewers": name_reviewers,
    "vetting.withdraw_application": withdraw_application,
    "vetting.decide_application": decide_application,
}
