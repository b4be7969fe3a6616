"""Asking the owner for changes, and the supervisor's decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from core.access import Actor, check
from core.mail.models import OutgoingMail
from partnerships.businesses.services import take_turn
from partnerships.vetting import emails
from partnerships.vetting.choices import AskReason, Outcomes
from partnerships.vetting.fields import parts
from partnerships.vetting.models import Application, Condition
from partnerships.vetting.papers import Letter, letter_of
from partnerships.vetting.workflow import APPLICATION, CONDITION

MOVES = {
    Outcomes.APPROVED: "approve",
    Outcomes.APPROVED_WITH_CONDITIONS: "approve_with_conditions",
    Outcomes.DECLINED: "decline",
}


@transaction.atomic
def request_action(
    *, application: Application, reason: str, fields: Sequence[str], message: str, actor: Actor
) -> Application:
    """Ask the owner for changes: the department's clock stops, the owner gets a mail.

    Args:
        application: in review.
        reason: a value of `AskReason`.
        fields: keys of `fields.parts`, the exact things that are asked for.
        message: what the owner reads.
        actor: an officer or supervisor.

    Raises:
        StaleMove: it is not in review any more.
        Refused: reason, field or message is missing, or not at the desk.
        ValueError: an unknown reason or field.
    """
    check(actor, "vetting.handle_application", application)
    if reason and reason not in AskReason.values:
        raise ValueError(f"{reason!r} is no reason to ask.")
    if unknown := set(fields) - {part.key for part in parts(application)}:
        raise ValueError(f"The application has no {', '.join(sorted(unknown))}.")
    return APPLICATION.move(
        application, "request_action", actor=actor, reason=reason, fields=fields, message=message
    )


@transaction.atomic
def decide_application(
    *,
    application: Application,
    outcome: str,
    letter: str,
    actor: Actor,
    reason_codes: Sequence[str] = (),
    override_reason: str = "",
    conditions: Sequence[tuple[str, date]] = (),
) -> Application:
    """Approve, approve with conditions, or decline. Of two deciders one wins; the other learns who.

    Args:
        application: in review.
        outcome: a value of `Outcomes`.
        letter: what the owner reads, in the mail and on the status page.
        actor: a supervisor who neither submitted nor reviewed it.
        reason_codes: values of `DeclineReason`; needed to decline.
        override_reason: needed to approve although a criterion or the total is not met.
        conditions: text and due date of each; needed to approve with conditions.

    Raises:
        StaleMove: someone else decided it first, or it left the review.
        Refused: the sentence says what is in the way.
        ValueError: an unknown outcome.
    """
    check(actor, "vetting.handle_application", application)
    details: dict[str, Any] = {
        "letter": letter,
        "reason_codes": list(reason_codes),
        "override_reason": override_reason,
    }
    if outcome == Outcomes.APPROVED_WITH_CONDITIONS:
        details["conditions"] = list(conditions)
    take_turn(application.organization_id)
    return APPLICATION.move(application, MOVES[Outcomes(outcome)], actor=actor, **details)


@dataclass(frozen=True)
class Answer:
    """What the owner gets of a decision.

    Attributes:
        mail: as it is queued; `None` for an owner without email.
        letter: the same on paper.
    """

    mail: OutgoingMail | None
    letter: Letter


def rehearse_decision(*, decider: Actor, **decision: Any) -> Answer:
    """The answer that the owner would get: the decision is carried out, its answer read, and all undone.

    So what a supervisor sees before sending can't differ from what is sent, and it changes nothing.

    Args:
        decider: who would decide; asked as they will be then.
        decision: all other arguments of `decide_application`, which refuses as it would then.
    """
    with transaction.atomic():
        decided = decide_application(actor=decider, **decision)
        row = decided.decisions.get(round=decided.round)
        answer = Answer(mail=emails.answer_to(decided, row), letter=letter_of(decided, row))
        transaction.set_rollback(True)
    return answer


@transaction.atomic
def meet_condition(*, condition: Condition, actor: Actor) -> Condition:
    """Note that a condition was met.

    Raises:
        StaleMove: it is closed already.
        Refused: not at the desk.
    """
    check(actor, "vetting.handle_application", condition.application)
    return CONDITION.move(condition, "meet", actor=actor)


@transaction.atomic
def waive_condition(*, condition: Condition, reason: str, actor: Actor) -> Condition:
    """Ask for a condition no longer.

    Args:
        condition: an open one.
        reason: why, for the record; the owner does not read it.
        actor: someone of the desk.

    Raises:
        StaleMove: it is closed already.
        Refused: not at the desk, or the reason is missing.
    """
    check(actor, "vetting.handle_application", condition.application)
    return CONDITION.move(condition, "waive", actor=actor, reason=reason)
