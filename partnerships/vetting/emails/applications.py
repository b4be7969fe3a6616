"""The mails that steps of an application cause. Nothing of a review is ever in a payload."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.links import absolute
from core.mail.models import OutgoingMail
from core.mail.outbox import Mail, Reader
from partnerships.vetting import fields, guards, readers, rules
from partnerships.vetting.letters import opening
from partnerships.vetting.models import ActionRequest, Application, Decision

from . import mails
from .payloads import (
    ActionNeededMail,
    AppealReceiptMail,
    ConditionLine,
    DeclinedMail,
    ReceiptMail,
    WelcomeMail,
    WithdrawnMail,
)


def _status_url(application: Application) -> str:
    return absolute(reverse("portal:application_status", args=[application.pk]))


def _stamp(moment: datetime | None) -> str:
    return f"{moment:%Y%m%d%H%M%S}" if moment else "0"


def _to_owner(
    mail: Mail,
    application: Application,
    occurrence: object,
    payload: Callable[[], Any],
    subject: Any = None,
) -> OutgoingMail | None:
    """Queue a mail to the owner; an owner without email is told by phone and letter instead.

    Once who applied has left the organization it goes to its owners, who see the application now.
    """
    if application.by_phone:
        return None
    if guards.applicant_left(application):
        sent = [
            _to(reader, mail, application, occurrence, partial(_greeting, payload, reader), subject)
            for reader in readers.members_who_own(application)
        ]
        return next(iter(sent), None)
    owner = application.applicant
    reader = Reader(
        f"user-{owner.pk}" if owner else "contact",
        application.mail_address,
        application.contact_name,
        user_id=owner.pk if owner else None,
        language=owner.language if owner else "",
    )
    return _to(reader, mail, application, occurrence, payload, subject)


def _greeting(payload: Callable[[], Any], reader: Reader) -> Any:
    return replace(payload(), name=reader.name)


def _to(
    reader: Reader,
    mail: Mail,
    application: Application,
    occurrence: object,
    payload: Callable[[], Any],
    subject: Any,
) -> OutgoingMail | None:
    return mail.send(
        to=reader,
        about=application,
        occurrence=occurrence,
        subject=subject,
        payload=payload,
        organization_id=application.organization_id,
    )


def receipt(application: Application, *, again: bool) -> OutgoingMail | None:
    """The application arrived: what happens next and by when."""
    return _to_owner(
        mails.RECEIPT,
        application,
        _stamp(application.submitted_at),
        lambda: ReceiptMail(
            name=application.contact_name,
            organization=application.organization.name,
            reference=application.reference,
            promised_on=application.promised_on,
            again=again,
            url=_status_url(application),
        ),
        subject=_("Your answers arrived") if again else None,
    )


def action_needed(application: Application, request: ActionRequest) -> OutgoingMail | None:
    """The department's message and the exact things it asks for."""
    return _to_owner(
        mails.ACTION_NEEDED,
        application,
        request.pk,
        lambda: ActionNeededMail(
            name=application.contact_name,
            organization=application.organization.name,
            message=request.message,
            asked_for=fields.labels(application, request.fields),
            url=_status_url(application),
        ),
    )


def welcome(application: Application, decision: Decision) -> OutgoingMail | None:
    """Approved, with or without conditions."""
    officer = application.organization.lead_officer
    conditions = [
        ConditionLine(each.text, each.due_on) for each in application.conditions.order_by("due_on", "pk")
    ]
    return _to_owner(
        mails.WELCOME,
        application,
        f"round-{decision.round}",
        lambda: WelcomeMail(
            name=application.contact_name,
            opening=opening(application.organization.name, decision.outcome),
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
        mails.DECLINED,
        application,
        f"round-{decision.round}",
        lambda: DeclinedMail(
            name=application.contact_name,
            opening=opening(application.organization.name, decision.outcome),
            letter=decision.letter,
            reasons=decision.reasons,
            appeal_until=last,
            url=_status_url(application),
        ),
    )


def answer_to(application: Application, decision: Decision) -> OutgoingMail | None:
    """The mail that `welcome` or `declined` queued for a decision; an owner without email has none."""
    answers = OutgoingMail.objects.filter(
        template__in=(mails.WELCOME.template, mails.DECLINED.template), subject_id=application.pk
    )
    return answers.filter(dedupe_key__endswith=f":round-{decision.round}").first()


def withdrawn_by_department(application: Application) -> OutgoingMail | None:
    """An officer withdrew it at the owner's request: the owner gets it in writing."""
    return _to_owner(
        mails.WITHDRAWN,
        application,
        _stamp(application.withdrawn_at),
        lambda: _withdrawn(application, name=application.contact_name, url=_status_url(application)),
    )


def withdrawn_by_owner(application: Application, officer: Any) -> OutgoingMail | None:
    """The owner withdrew it: each officer who works on it is told."""
    return _ended_for(mails.WITHDRAWN_BY_OWNER, application, officer)


def set_aside(application: Application) -> OutgoingMail | None:
    """Their claim was refused and someone else applies: the applicant is told why theirs ends."""
    return _to_owner(
        mails.SET_ASIDE,
        application,
        _stamp(application.withdrawn_at),
        lambda: _withdrawn(application, name=application.contact_name, url=_status_url(application)),
    )


def set_aside_for_officer(application: Application, officer: Any) -> OutgoingMail | None:
    """The same for each officer who works on it."""
    return _ended_for(mails.SET_ASIDE_FOR_OFFICER, application, officer)


def _ended_for(mail: Mail, application: Application, officer: Any) -> OutgoingMail | None:
    return mail.send(
        to=Reader.of(officer),
        about=application,
        occurrence=_stamp(application.withdrawn_at),
        organization_id=application.organization_id,
        payload=lambda: _withdrawn(
            application,
            name=officer.display_name,
            url=absolute(reverse("desk:application", args=[application.pk])),
        ),
    )


def _withdrawn(application: Application, *, name: str, url: str) -> WithdrawnMail:
    return WithdrawnMail(
        name=name, organization=application.organization.name, reference=application.reference, url=url
    )


def appeal_receipt(application: Application) -> OutgoingMail | None:
    """The appeal arrived: other people look at it, by when."""
    return _to_owner(
        mails.APPEAL_RECEIPT,
        application,
        _stamp(application.appealed_at),
        lambda: AppealReceiptMail(
            name=application.contact_name,
            organization=application.organization.name,
            promised_on=application.promised_on,
            url=_status_url(application),
        ),
    )
