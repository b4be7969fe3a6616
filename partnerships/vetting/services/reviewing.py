"""What officers do before the decision: track, reviewers, declarations, scores."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _t

from accounts.actors import account_of, own_account
from accounts.models import User
from core import audit, clock
from core.access import Actor, Refusal, Refused, check
from core.roles import supervise
from partnerships.vetting import permissions, rules
from partnerships.vetting.choices import Conflict, Step, Track, TrackReason
from partnerships.vetting.judgement import gaps_of, outcome_of
from partnerships.vetting.models import Application, Reconciliation, Review, Score, SelectionCriterion
from partnerships.vetting.steps import note_step

from .sending import continue_review


def _locked(application: Application) -> Application:
    return Application.objects.select_for_update().get(pk=application.pk)


def _locked_review(review: Review) -> Review:
    # The application first, as the moves do: two writers never wait for each other crosswise.
    Application.objects.select_for_update().get(pk=review.application_id)
    return Review.objects.select_for_update(of=("self",)).select_related("application").get(pk=review.pk)


@transaction.atomic
def choose_track(*, application: Application, track: str, actor: Actor) -> Application:
    """Choose another track than the rule did. Below the rule only a supervisor goes.

    Raises:
        Refused: not at the desk, the review has begun, or the rule asks for more.
        ValueError: an unknown track.
    """
    check(actor, "vetting.handle_application", application)
    row = _locked(application)
    if (fixed := permissions.may_choose_track(row)) is not None:
        raise Refused(fixed)
    ruled = rules.pick_track(
        sites=row.sites.count(),
        youth=row.involves_youth,
        money=row.involves_money,
        limit=row.criteria_version.full_track_above_sites,
    )
    chosen = Track(track)
    if chosen == ruled.track:
        reasons = list(ruled.reasons)
    elif chosen == Track.FULL:
        reasons = [TrackReason.OFFICER.value]
    else:
        if supervise(actor) is not None:
            raise Refused(permissions.RULE_SAYS_FULL)
        reasons = [TrackReason.SUPERVISOR.value]
    row.track, row.track_reasons = chosen, reasons
    row.stamp(actor)
    row.save()
    audit.record("vetting.track_chosen", row, actor=actor, changed=["track"], detail=chosen)
    note_step(row)
    return continue_review(row)


@transaction.atomic
def assign_reviewer(*, application: Application, reviewer: User, actor: Actor) -> Review:
    """Name a reviewer for the present round. No mail goes out; it appears among what waits for them.

    Raises:
        Refused: not at the desk, decided already, or this person can't review it.
    """
    check(actor, "vetting.handle_application", application)
    row = _locked(application)
    for found in (permissions.closed(row), permissions.may_name(actor, row, reviewer)):
        if found is not None:
            raise Refused(found)
    review = Review(application=row, reviewer=reviewer, round=row.round, assigned_at=clock.now())
    review.stamp(actor)
    review.save()
    note_step(row)
    audit.record("vetting.reviewer_named", review, actor=actor, detail=f"user {reviewer.pk}")
    return review


@transaction.atomic
def declare_conflict(*, review: Review, proceed: bool, actor: Actor) -> Review:
    """The reviewer declares: no conflict, or refers it to someone else. No reason is asked for, none is kept.

    With the last declaration that was missing the review starts.

    Raises:
        Refused: someone else's review, or declared already.
    """
    check(actor, "vetting.review_application", review)
    row = _locked_review(review)
    if row.conflict:
        raise Refused(Refusal("declared", _t("You declared already.")))
    row.conflict = Conflict.PROCEED if proceed else Conflict.REFER
    row.declared_at = clock.now()
    row.stamp(actor)
    row.save()
    audit.record("vetting.conflict_declared", row, actor=actor, changed=["conflict"], detail=row.conflict)
    note_step(row.application)
    continue_review(row.application)
    row.application.refresh_from_db()
    return row


@transaction.atomic
def save_score(
    *,
    review: Review,
    criterion: SelectionCriterion,
    actor: Actor,
    value: int | None = None,
    note: str | None = None,
) -> Score:
    """Save one score or its note as it is typed.

    Args:
        review: the actor's own, after the declaration.
        criterion: one of the application's version.
        actor: the reviewer.
        value: 0 to 4; `None` leaves it.
        note: the reason; `None` leaves it.

    Raises:
        Refused: see `permissions.may_review`.
        ValueError: a score out of range, or a criterion of another version.
    """
    check(actor, "vetting.review_application", review)
    row = _locked_review(review)
    if (found := permissions.may_review(actor, row)) is not None:
        raise Refused(found)
    if value is not None and value not in rules.SCORES:
        raise ValueError("A score is a whole number from 0 to 4.")
    if criterion.version_id != row.application.criteria_version_id:
        raise ValueError("This criterion belongs to another version.")
    score, _made = Score.objects.get_or_create(review=row, criterion=criterion)
    changed = []
    if value is not None and score.value != value:
        score.value = value
        changed.append("value")
    if note is not None and score.note != note:
        score.note = note
        changed.append("note")
    if changed:
        score.stamp(actor)
        score.save()
        audit.record("vetting.score_saved", score, actor=actor, changed=changed)
    return score


@transaction.atomic
def submit_review(*, review: Review, actor: Actor) -> Review:
    """Hand in a review with all its scores.

    Raises:
        Refused: a score or its reason is missing, or see `permissions.may_review`.
    """
    check(actor, "vetting.review_application", review)
    row = _locked_review(review)
    if (found := permissions.may_review(actor, row)) is not None:
        raise Refused(found)
    if gaps := gaps_of(row):
        raise Refused(gaps[0])
    row.submitted_at = clock.now()
    row.stamp(actor)
    row.save()
    note_step(row.application)
    audit.record("vetting.review_submitted", row, actor=actor)
    return row


@transaction.atomic
def reconcile(
    *, application: Application, criterion: SelectionCriterion, value: int, note: str, actor: Actor
) -> Reconciliation:
    """Keep the score on which reviewers agreed where they lay two or more points apart.

    Args:
        application: in review, with all reviews in.
        criterion: one on which they differ.
        value: the agreed score, 0 to 4.
        note: why, in a sentence.
        actor: one of the reviewers.

    Raises:
        Refused: not a reviewer, reviews are missing, nothing to agree on, or no words.
        ValueError: a score out of range.
    """
    check(actor, "vetting.handle_application", application)
    reviewer = own_account(actor)
    row = _locked(application)
    reviews = row.reviews.filter(round=row.round).active()
    if not reviews.filter(reviewer=reviewer).exists():
        raise Refused(permissions.NOT_REVIEWER)
    if row.step not in (Step.AGREE, Step.DECIDE):
        raise Refused(permissions.NOT_ALL_IN)
    if value not in rules.SCORES:
        raise ValueError("A score is a whole number from 0 to 4.")
    if criterion.code not in outcome_of(row).open_gaps:
        raise Refused(Refusal("no_gap", _t("There is nothing to agree on here.")))
    if not note.strip():
        raise Refused(Refusal("note_missing", _t("Write in a sentence why you agreed on this score.")))
    made = Reconciliation.objects.create(
        application=row, criterion=criterion, round=row.round, value=value, note=note.strip(), by=reviewer,
        at=clock.now(),
    )  # fmt: skip
    note_step(row)
    audit.record("vetting.reconciled", made, actor=actor, changed=["value"])
    return made


@transaction.atomic
def record_visit(*, application: Application, visited_on: date, actor: Actor) -> Application:
    """Note that an officer saw the business. The owner sees the date.

    Raises:
        Refused: not at the desk, closed, or a day that is still to come.
    """
    check(actor, "vetting.handle_application", application)
    row = _locked(application)
    if not row.is_open:
        raise Refused(permissions.CLOSED)
    if visited_on > clock.today():
        raise Refused(Refusal("future", _t("The visit can’t lie in the future.")))
    row.visited_on, row.visited_by = visited_on, account_of(actor)
    row.stamp(actor)
    row.save()
    audit.record("vetting.visit_recorded", row, actor=actor, changed=["visited_on", "visited_by"])
    return row
