"""What follows from a move, in the same transaction: dates, standing, mail."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from accounts.models import User
from core import clock
from core.access import Actor
from core.models import Department
from core.roles import Role, role_of
from core.workdays import WorkingDays
from partnerships.businesses.models import Claim
from partnerships.businesses.services import keep_contact, move_standing, stand_back, withdraw_claim
from partnerships.businesses.workflow import CLAIM

from . import emails, rules
from .choices import Outcomes
from .fields import snapshot
from .judgement import outcome_of
from .models import Application, Condition
from .steps import note_step


def _save(application: Application, *names: str) -> None:
    application.save(update_fields=[*names, "updated_at"])


def _promise(application: Application) -> int:
    return application.criteria_version.promise_working_days


def day_of_promise(application: Application, today: date, days: WorkingDays | None = None) -> int | None:
    """Which working day of the promise it is, or `None` before it was sent.

    While the clock stands still it is the day on which it stopped.

    Args:
        application: with `criteria_version`, for a list.
        today: the department's local date.
        days: its working days; who asks for many applications takes them once.
    """
    if application.promised_on is None:
        return application.days_used if application.first_submitted_at else None
    if application.decided_at or application.withdrawn_at:
        today = timezone.localdate(application.decided_at or application.withdrawn_at)
    return rules.working_day_of_promise(
        days=days or Department.current().working_days,
        promised_on=application.promised_on,
        today=today,
        promise=_promise(application),
    )


def stop_clock(application: Application) -> None:
    """The owner owes the next step: note how many working days were used."""
    application.days_used = day_of_promise(application, clock.today()) or 0
    application.promised_on = None


def start_clock(application: Application) -> None:
    """The department owes the next step: the promise runs on from where it stopped."""
    days = Department.current().working_days
    application.promised_on = days.after(clock.today(), _promise(application) - application.days_used)


def on_submitted(application: Application, *, actor: User | None, **details: Any) -> None:
    """Dates, track and promise; the diff of a resubmission; standing applicant; the receipt."""
    now = clock.now()
    again = application.first_submitted_at is not None
    application.submitted_at = now
    application.submitted_by = actor
    if not again:
        application.first_submitted_at = now
        choice = rules.pick_track(
            sites=application.sites.count(),
            youth=application.involves_youth,
            money=application.involves_money,
            limit=application.criteria_version.full_track_above_sites,
        )
        application.track, application.track_reasons = choice.track, list(choice.reasons)
    start_clock(application)
    _save(
        application, "submitted_at", "submitted_by", "first_submitted_at", "track", "track_reasons",
        "promised_on",
    )  # fmt: skip
    for request in application.action_requests.waiting():
        request.after, request.answered_at = snapshot(application), now
        request.save(update_fields=["after", "answered_at"])
    if again:
        # The owner's words changed under the reviewers: each looks again before their review counts.
        application.reviews.filter(round=application.round).update(submitted_at=None)
    note_step(application)
    if application.organization.standing in ("prospect", "lapsed"):
        move_standing(organization=application.organization, standing="applicant", by=actor)
    emails.receipt(application, again=again)


def on_action_requested(
    application: Application, *, actor: User, reason: str, fields: Sequence[str], message: str
) -> None:
    """Keep what was said before, stop the clock, tell the owner."""
    request = application.action_requests.create(
        asked_by=actor,
        asked_at=clock.now(),
        reason=reason,
        fields=list(fields),
        message=message.strip(),
        before=snapshot(application),
    )
    stop_clock(application)
    _save(application, "promised_on", "days_used")
    note_step(application)
    emails.action_needed(application, request)


def on_decided(
    application: Application,
    *,
    actor: User,
    letter: str,
    reason_codes: Sequence[str] = (),
    override_reason: str = "",
    conditions: Sequence[tuple[str, date]] = (),
) -> None:
    """Keep the decision, set the standing, keep a partner’s owner as a contact, send the letter."""
    now, today = clock.now(), clock.today()
    outcome = outcome_of(application)
    approved = application.status != Outcomes.DECLINED
    decision = application.decisions.create(
        round=application.round,
        outcome=application.status,
        decided_by=actor,
        decided_at=now,
        reason_codes=list(reason_codes),
        letter=letter.strip(),
        override_reason=override_reason.strip(),
        total=outcome.total,
        unmet=list(outcome.unmet),
    )
    for text, due_on in conditions:
        application.conditions.create(text=text, due_on=due_on)
    application.decided_at = now
    months = application.criteria_version.validity_months
    application.valid_until = today + relativedelta(months=months) if approved else None
    _save(application, "decided_at", "valid_until")
    note_step(application)
    organization = application.organization
    if approved:
        if organization.standing != "partner":
            move_standing(organization=organization, standing="partner", by=actor, since=today)
        keep_contact(
            organization=organization,
            by=actor,
            name=application.contact_name,
            role_title=application.contact_role,
            email=application.mail_address,
            phone=application.contact_phone,
        )
        emails.welcome(application, decision)
    else:
        stand_back(organization=organization, by=actor)
        emails.declined(application, decision)


def on_withdrawn(application: Application, *, actor: Actor, **details: Any) -> None:
    """Stop everything that waits, an own claim that nobody has settled too, and tell the other side."""
    _stop(application)
    if role_of(actor) == Role.MEMBER:
        _take_claims_back(application, actor)
    if application.first_submitted_at is None:
        return  # nobody else ever saw the draft, and it never changed where the organization stands
    stand_back(organization=application.organization, by=actor)
    if role_of(actor) != Role.MEMBER:
        emails.withdrawn_by_department(application)
        return
    for officer in _who_works_on(application):
        emails.withdrawn_by_owner(application, officer)


def _take_claims_back(application: Application, actor: Actor) -> None:
    claims = Claim.objects.waiting().filter(
        user=application.applicant, business__organization=application.organization_id
    )
    for each in claims.order_by("pk"):
        if CLAIM.refusal(each, "withdraw", actor) is None:
            withdraw_claim(claim=each, actor=actor)


def on_set_aside(application: Application, *, actor: Actor) -> None:
    """Stop everything that waits; tell the applicant and the officers who work on it."""
    _stop(application)
    stand_back(organization=application.organization, by=actor)
    emails.set_aside(application)
    for officer in _who_works_on(application):
        emails.set_aside_for_officer(application, officer)


def _stop(application: Application) -> None:
    application.withdrawn_at = clock.now()
    _save(application, "withdrawn_at")
    note_step(application)
    application.action_requests.waiting().update(closed_at=application.withdrawn_at)


def _who_works_on(application: Application) -> list[User]:
    """Its reviewers of this round and the lead officer."""
    reviews = application.reviews.filter(round=application.round).active().select_related("reviewer")
    officers = {review.reviewer for review in reviews}
    if application.organization.lead_officer:
        officers.add(application.organization.lead_officer)
    return sorted(officers, key=lambda each: each.pk)


def on_appealed(application: Application, *, actor: Actor, text: str) -> None:
    """A second round with a fresh promise, other reviewers and another decider."""
    application.round += 1
    application.appealed_at = clock.now()
    application.appeal_text = text.strip()
    application.decided_at = None
    application.days_used = 0
    start_clock(application)
    _save(application, "round", "appealed_at", "appeal_text", "decided_at", "days_used", "promised_on")
    note_step(application)
    if application.organization.standing in ("prospect", "lapsed"):
        move_standing(organization=application.organization, standing="applicant", by=actor)
    emails.appeal_receipt(application)


def on_condition_met(condition: Condition, *, actor: Actor) -> None:
    """Note when."""
    condition.closed_at = clock.now()
    condition.save(update_fields=["closed_at"])


def on_condition_waived(condition: Condition, *, actor: Actor, reason: str) -> None:
    """Note when and why."""
    condition.closed_at, condition.waive_reason = clock.now(), reason.strip()
    condition.save(update_fields=["closed_at", "waive_reason"])
