"""Every mail of this room, one function each. Nothing of a review is ever in a payload."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.links import absolute
from core.mail.models import OutgoingMail
from core.mail.outbox import Draft, enqueue
from core.mail.purposes import Category

from . import fields, rules
from .models import ActionRequest, Application, Decision

ROOM = "vetting"
WHY_APPLIED = _("You get this because you applied to become a partner.")
WHY_OFFICER = _("You get this because you work on this application.")


@dataclass(frozen=True)
class ReceiptMail:
    """An application arrived, or arrived again."""

    name: str
    organization: str
    reference: str
    promised_on: date | None
    again: bool
    url: str


@dataclass(frozen=True)
class ActionNeededMail:
    """The department needs something from the owner."""

    name: str
    organization: str
    message: str
    asked_for: list[str]
    url: str


@dataclass(frozen=True)
class ConditionLine:
    """One condition of an approval."""

    text: str
    due_on: date


@dataclass(frozen=True)
class WelcomeMail:
    """Approved: the letter and what comes next."""

    name: str
    organization: str
    letter: str
    conditions: list[ConditionLine]
    valid_until: date | None
    officer: str
    officer_phone: str
    url: str


@dataclass(frozen=True)
class DeclinedMail:
    """Declined: reasons, the letter, and how to appeal."""

    name: str
    organization: str
    letter: str
    reasons: list[str]
    appeal_until: date | None
    url: str


@dataclass(frozen=True)
class WithdrawnMail:
    """The other side withdrew the application."""

    name: str
    organization: str
    reference: str
    url: str


@dataclass(frozen=True)
class AppealReceiptMail:
    """An appeal arrived."""

    name: str
    organization: str
    promised_on: date | None
    url: str


def _status_url(application: Application) -> str:
    return absolute(reverse("portal:application_status", args=[application.pk]))


def _stamp(moment: datetime | None) -> str:
    return f"{moment:%Y%m%d%H%M%S}" if moment else "0"


def _to_owner(
    application: Application, *, what: str, occurrence: Any, template: str, subject: Any, payload: Any,
    category: Any, still_wanted: str = "",
) -> OutgoingMail | None:  # fmt: skip
    """Queue a mail to the owner; an owner without email is told by phone and letter instead."""
    if application.by_phone:
        return None
    owner = application.applicant
    return enqueue(
        Draft(
            key=f"vetting.{what}:application-{application.pk}:{_recipient(application)}:{occurrence}",
            to=application.mail_address,
            recipient_id=owner.pk if owner else None,
            recipient_name=application.contact_name,
            category=category,
            template=template,
            subject=subject,
            payload=payload,
            why=WHY_APPLIED,
            room=ROOM,
            organization_id=application.organization_id,
            still_wanted=still_wanted,
            subject_id=application.pk,
            language=owner.language if owner else "",
        )
    )


def _recipient(application: Application) -> str:
    return f"user-{application.applicant_id}" if application.applicant_id else "contact"


def receipt(application: Application, *, again: bool) -> OutgoingMail | None:
    """The application arrived: what happens next and by when."""
    return _to_owner(
        application,
        what="receipt",
        occurrence=_stamp(application.submitted_at),
        category=Category.SERVICE,
        template="vetting/receipt",
        subject=_("Your answers arrived") if again else _("Your application arrived"),
        payload=ReceiptMail(
            name=application.contact_name,
            organization=application.organization.name,
            reference=application.reference,
            promised_on=application.promised_on,
            again=again,
            url=_status_url(application),
        ),
        still_wanted="vetting.application_open",
    )


def action_needed(application: Application, request: ActionRequest) -> OutgoingMail | None:
    """The department's message and the exact things it asks for."""
    return _to_owner(
        application,
        what="action",
        occurrence=request.pk,
        category=Category.DECISION,
        template="vetting/action_needed",
        subject=_("We need something from you"),
        payload=ActionNeededMail(
            name=application.contact_name,
            organization=application.organization.name,
            message=request.message,
            asked_for=fields.labels(application, request.fields),
            url=_status_url(application),
        ),
        still_wanted="vetting.action_wanted",
    )


def welcome(application: Application, decision: Decision) -> OutgoingMail | None:
    """Approved, with or without conditions."""
    officer = application.organization.lead_officer
    conditions = [
        ConditionLine(each.text, each.due_on) for each in application.conditions.order_by("due_on", "pk")
    ]
    return _to_owner(
        application,
        what="decision",
        occurrence=f"round-{decision.round}",
        category=Category.DECISION,
        template="vetting/welcome",
        subject=_("Welcome as a partner"),
        payload=WelcomeMail(
            name=application.contact_name,
            organization=application.organization.name,
            letter=decision.letter,
            conditions=conditions,
            valid_until=application.valid_until,
            officer=officer.display_name if officer else "",
            officer_phone=officer.phone if officer else "",
            url=absolute(reverse("portal:home")),
        ),
    )


def declined(application: Application, decision: Decision) -> OutgoingMail | None:
    """Declined: why, and how to appeal where an appeal is left."""
    decided_on = timezone.localdate(decision.decided_at)
    last = rules.last_appeal_day(decided_on) if decision.round == 1 else None
    return _to_owner(
        application,
        what="decision",
        occurrence=f"round-{decision.round}",
        category=Category.DECISION,
        template="vetting/declined",
        subject=_("About your application"),
        payload=DeclinedMail(
            name=application.contact_name,
            organization=application.organization.name,
            letter=decision.letter,
            reasons=decision.reasons,
            appeal_until=last,
            url=_status_url(application),
        ),
    )


def withdrawn_by_department(application: Application) -> OutgoingMail | None:
    """An officer withdrew it at the owner's request: the owner gets it in writing."""
    return _to_owner(
        application,
        what="withdrawn",
        occurrence=_stamp(application.withdrawn_at),
        category=Category.DECISION,
        template="vetting/withdrawn",
        subject=_("Your application was withdrawn"),
        payload=_withdrawn(application, name=application.contact_name, url=_status_url(application)),
    )


def withdrawn_by_owner(application: Application, officer: Any) -> OutgoingMail | None:
    """The owner withdrew it: each officer who works on it is told."""
    return enqueue(
        Draft(
            key=f"vetting.withdrawn:application-{application.pk}:user-{officer.pk}:{_stamp(application.withdrawn_at)}",
            to=officer.email,
            recipient_id=officer.pk,
            recipient_name=officer.display_name,
            category=Category.SERVICE,
            template="vetting/withdrawn_by_owner",
            subject=_("An application was withdrawn"),
            payload=_withdrawn(
                application,
                name=officer.display_name,
                url=absolute(reverse("desk:application", args=[application.pk])),
            ),
            why=WHY_OFFICER,
            room=ROOM,
            organization_id=application.organization_id,
            subject_id=application.pk,
            language=officer.language,
        )
    )


def _withdrawn(application: Application, *, name: str, url: str) -> WithdrawnMail:
    return WithdrawnMail(
        name=name, organization=application.organization.name, reference=application.reference, url=url
    )


def appeal_receipt(application: Application) -> OutgoingMail | None:
    """The appeal arrived: other people look at it, by when."""
    return _to_owner(
        application,
        what="appeal",
        occurrence=_stamp(application.appealed_at),
        category=Category.SERVICE,
        template="vetting/appeal_receipt",
        subject=_("Your appeal arrived"),
        payload=AppealReceiptMail(
            name=application.contact_name,
            organization=application.organization.name,
            promised_on=application.promised_on,
            url=_status_url(application),
        ),
        still_wanted="vetting.application_open",
    )
