"""What the reminders of this room say: each alone as a mail, and as a line of the day's digest.

Nothing of a review is ever in one.
"""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core import words
from core.links import absolute
from core.mail.outbox import Reader
from core.mail.reminders import Notice
from partnerships.vetting import fields
from partnerships.vetting.models import ActionRequest, Application, Condition
from partnerships.vetting.readers import Task
from partnerships.vetting.templatetags.vetting import phone_words

from .mails import WHY_OFFICER
from .payloads import (
    About,
    ActionReminderMail,
    ApprovalExpiringMail,
    ConditionMail,
    DraftReminderMail,
    PromiseMail,
)
from .words import task_words


def _notice(
    reader: Reader,
    about: About,
    *,
    payload: Any,
    title: str,
    text: str,
    label: str,
    organization_id: int,
    subject: str | None = None,
) -> Notice:
    """Both forms of a reminder; for an officer who has to call the owner both say so."""
    return Notice(
        subject=subject,
        payload=payload,
        why=WHY_OFFICER if reader.in_place_of else None,
        title=title,
        text=f"{about.call} {text}" if about.call else text,
        url=about.url,
        label=label,
        organization_id=organization_id,
    )


def _about(application: Application, reader: Reader, page: str, *args: Any) -> About:
    organization = application.organization
    lead, call = organization.lead_officer, ""
    if reader.in_place_of:
        page, args = "desk:application", (application.pk,)
        call = _("The owner has no email address. Please call %(name)s%(phone)s, and tell them:") % {
            "name": application.contact_name or organization.name,
            "phone": phone_words(application.contact_phone),
        }
    shown = lead is not None and lead.is_active and lead.pk != reader.user_id
    return About(
        organization=organization.name,
        reference=application.reference,
        officer=lead.display_name if lead is not None and shown else "",
        officer_phone=lead.phone if lead is not None and shown else "",
        call=call,
        url=absolute(reverse(page, args=args)),
    )


def draft(application: Application, reader: Reader, saved: date) -> Notice:
    """To the applicant: begun, not sent.

    Args:
        application: the draft.
        reader: who gets it.
        saved: the local day on which it was last changed.
    """
    about = _about(application, reader, "portal:application_status", application.pk)
    return _notice(
        reader,
        about,
        payload=DraftReminderMail(name=reader.name, about=about, saved=words.day(saved)),
        title=_("Application of %(name)s") % {"name": about.organization},
        text=_("You began it and have not sent it yet. Everything you typed is saved."),
        label=_("Go on"),
        organization_id=application.organization_id,
    )


def action(request: ActionRequest, reader: Reader, asked: date) -> Notice:
    """To the owner: the department still waits for an answer.

    Args:
        request: the open request, its application with `criteria_version.criteria`.
        reader: who gets it.
        asked: the local day of the request.
    """
    application = request.application
    about = _about(application, reader, "portal:application_answer", application.pk)
    wanted = fields.labels(application, request.fields)
    return _notice(
        reader,
        about,
        payload=ActionReminderMail(
            name=reader.name,
            about=about,
            asked=words.day(asked),
            asked_for=wanted,
            message=request.message,
        ),
        title=_("Application of %(name)s") % {"name": about.organization},
        text=_("We still need from the owner: %(things)s. Our clock is stopped until the answer comes.")
        % {"things": get_text_list(wanted, _("and"))},
        label=_("See it") if reader.in_place_of else _("Answer now"),
        organization_id=application.organization_id,
    )


def promise(application: Application, task: Task, *, late: bool) -> Notice:
    """To whoever has to take the next step: the day by which the department promised an answer.

    Args:
        application: running.
        task: what they have to do.
        late: the next working day has come, see `rules.late_before`.
    """
    reader = Reader.of(task.person)
    about = _about(application, reader, "desk:application", application.pk)
    day = words.day(application.promised_on)
    names = {"name": about.organization, "day": day}
    pattern = _("The answer was promised by %(day)s.") if late else _("The answer is promised by %(day)s.")
    return _notice(
        reader,
        about,
        subject=(_("Overdue: %(name)s") if late else _("Due by %(day)s: %(name)s")) % names,
        payload=PromiseMail(
            name=reader.name, about=about, promised=day, late=late, task=task_words(task.step)
        ),
        title=_("Application of %(name)s") % names,
        text=f"{pattern % names} {task_words(task.step)}",
        label=_("Open the application"),
        organization_id=application.organization_id,
    )


def approval(application: Application, reader: Reader) -> Notice:
    """To a partner's owner: until when the partnership is valid, and what to do.

    Args:
        application: the approval they stand on.
        reader: who gets it.
    """
    about = _about(application, reader, "portal:home")
    until = words.day(application.valid_until)
    names = {"name": about.organization, "day": until}
    return _notice(
        reader,
        about,
        subject=_("Partner until %(day)s: please get in touch") % names,
        payload=ApprovalExpiringMail(name=reader.name, about=about, until=until),
        title=_("Partnership of %(name)s") % names,
        text=_("It is valid until %(day)s. Tell us before then whether you want to go on.") % names,
        label=_("See it") if reader.in_place_of else _("Go to your page"),
        organization_id=application.organization_id,
    )


def condition(row: Condition, reader: Reader) -> Notice:
    """To a partner's owner: a condition of the approval falls due.

    Args:
        row: the open condition.
        reader: who gets it.
    """
    application = row.application
    about = _about(application, reader, "portal:application_status", application.pk)
    names = {"name": about.organization, "day": words.day(row.due_on), "text": row.text}
    return _notice(
        reader,
        about,
        subject=_("Due on %(day)s: a condition of your approval") % names,
        payload=ConditionMail(name=reader.name, about=about, condition=row.text, due=names["day"]),
        title=row.text,
        text=_("A condition of the approval of %(name)s, due on %(day)s. Tell us when it is done.") % names,
        label=_("Read it"),
        organization_id=application.organization_id,
    )


def condition_overdue(row: Condition, reader: Reader) -> Notice:
    """To the lead officer: a condition's day has passed. Arguments as for `condition`."""
    application = row.application
    about = _about(application, reader, "desk:application", application.pk)
    names = {"name": about.organization, "day": words.day(row.due_on), "text": row.text}
    return _notice(
        reader,
        about,
        subject=_("A condition is overdue: %(name)s") % names,
        payload=ConditionMail(name=reader.name, about=about, condition=row.text, due=names["day"]),
        title=_("Condition of %(name)s") % names,
        text=_("“%(text)s” was due on %(day)s. Ask whether it is done, and note it.") % names,
        label=_("Open the application"),
        organization_id=application.organization_id,
    )
