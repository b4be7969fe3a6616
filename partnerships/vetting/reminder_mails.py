"""The reminders of this room: each as a mail of its own, and as a line of the day's digest.

Each function writes a `Notice`, which says the same in both. Nothing of a review is ever in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.links import absolute
from core.mail.outbox import Draft, Mail
from core.mail.purposes import Category
from core.mail.reminders import Line

from . import fields
from .choices import Step
from .models import ActionRequest, Application, Condition
from .readers import Reader, Task
from .reminder_payloads import (
    About,
    ActionReminderMail,
    ApprovalExpiringMail,
    ConditionMail,
    DraftReminderMail,
    PromiseMail,
)
from .templatetags.vetting import phone_words, plain_day

WHY_APPLIED = gettext_lazy("You get this because you applied to become a partner.")
WHY_OWNER = gettext_lazy("You get this because your business is a partner.")
WHY_OFFICER = gettext_lazy("You get this because you work on this application.")


@dataclass(frozen=True)
class Notice:
    """A reminder in both of its forms.

    Args:
        template: of the mail that stands alone.
        subject: its subject.
        payload: its variables; `about.url` is where both forms lead.
        why: why they get it.
        title: the heading of the digest's line.
        text: the line itself.
        label: the words of its link.
        subject_id: the number of what it is about.
    """

    template: str
    subject: str
    payload: Any
    why: Any
    title: str
    text: str
    label: str
    subject_id: int


def mail(notice: Notice, application: Application, reader: Reader) -> Draft:
    """The mail that stands alone."""
    return Draft(
        key="",
        to=reader.to,
        recipient_id=reader.user.pk if reader.user else None,
        recipient_name=reader.name,
        category=Category.REMINDER,
        template=notice.template,
        subject=notice.subject,
        payload=notice.payload,
        why=WHY_OFFICER if reader.in_place_of else notice.why,
        room="vetting",
        organization_id=application.organization_id,
        subject_id=notice.subject_id,
        language=reader.language,
    )


def line(notice: Notice) -> Line:
    """The same among several reminders of a day."""
    about = notice.payload.about
    text = f"{about.call} {notice.text}" if about.call else notice.text
    return Line(title=notice.title, text=text, url=about.url, label=notice.label)


def _about(application: Application, reader: Reader, page: str, *args: Any) -> About:
    organization = application.organization
    lead, call = organization.lead_officer, ""
    if reader.in_place_of:
        page, args = "desk:application", (application.pk,)
        call = _("The owner has no email address. Please call %(name)s%(phone)s, and tell them:") % {
            "name": application.contact_name or organization.name,
            "phone": phone_words(application.contact_phone),
        }
    shown = lead is not None and lead.is_active and (reader.user is None or lead.pk != reader.user.pk)
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
    return Notice(
        template="vetting/draft_reminder",
        subject=_("Your application is not sent yet"),
        payload=DraftReminderMail(name=reader.name, about=about, saved=plain_day(saved)),
        why=WHY_APPLIED,
        title=_("Application of %(name)s") % {"name": about.organization},
        text=_("You began it and have not sent it yet. Everything you typed is saved."),
        label=_("Go on"),
        subject_id=application.pk,
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
    return Notice(
        template="vetting/action_reminder",
        subject=_("We still need something from you"),
        payload=ActionReminderMail(
            name=reader.name,
            about=about,
            asked=plain_day(asked),
            asked_for=wanted,
            message=request.message,
        ),
        why=WHY_APPLIED,
        title=_("Application of %(name)s") % {"name": about.organization},
        text=_("We still need from the owner: %(things)s. Our clock is stopped until the answer comes.")
        % {"things": get_text_list(wanted, _("and"))},
        label=_("See it") if reader.in_place_of else _("Answer now"),
        subject_id=request.pk,
    )


def task_words(step: Step) -> str:
    """What a person at the desk has to do, as a sentence."""
    words = {
        Step.TAKE: _("A reviewer is missing. Take it yourself or name someone."),
        Step.DECLARE: _("Your declaration of conflicts is missing. The review can’t begin without it."),
        Step.REVIEW: _("Your review is not in yet."),
        Step.AGREE: _("You and the other reviewer have to agree before it can be decided."),
        Step.DECIDE: _("All reviews are in. It waits for a supervisor’s decision."),
    }
    return words[step]


def promise(application: Application, task: Task, *, late: bool) -> Notice:
    """To whoever has to take the next step: the day by which the department promised an answer.

    Args:
        application: running.
        task: what they have to do.
        late: the day has passed.
    """
    reader = Reader.of(task.person)
    about = _about(application, reader, "desk:application", application.pk)
    day = plain_day(application.promised_on) if application.promised_on else ""
    names = {"name": about.organization, "day": day}
    pattern = _("The answer was promised by %(day)s.") if late else _("The answer is promised by %(day)s.")
    return Notice(
        template="vetting/promise",
        subject=(_("Overdue: %(name)s") if late else _("Due by %(day)s: %(name)s")) % names,
        payload=PromiseMail(
            name=reader.name, about=about, promised=day, late=late, task=task_words(task.step)
        ),
        why=WHY_OFFICER,
        title=_("Application of %(name)s") % names,
        text=f"{pattern % names} {task_words(task.step)}",
        label=_("Open the application"),
        subject_id=application.pk,
    )


def approval(application: Application, reader: Reader) -> Notice:
    """To a partner's owner: until when the partnership is valid, and what to do.

    Args:
        application: the approval they stand on.
        reader: who gets it.
    """
    about = _about(application, reader, "portal:home")
    until = plain_day(application.valid_until) if application.valid_until else ""
    names = {"name": about.organization, "day": until}
    return Notice(
        template="vetting/approval_expiring",
        subject=_("Partner until %(day)s: please get in touch") % names,
        payload=ApprovalExpiringMail(name=reader.name, about=about, until=until),
        why=WHY_OWNER,
        title=_("Partnership of %(name)s") % names,
        text=_("It is valid until %(day)s. Tell us before then whether you want to go on.") % names,
        label=_("See it") if reader.in_place_of else _("Go to your page"),
        subject_id=application.pk,
    )


def condition(row: Condition, reader: Reader) -> Notice:
    """To a partner's owner: a condition of the approval falls due.

    Args:
        row: the open condition.
        reader: who gets it.
    """
    application = row.application
    about = _about(application, reader, "portal:application_status", application.pk)
    names = {"name": about.organization, "day": plain_day(row.due_on), "text": row.text}
    return Notice(
        template="vetting/condition_due",
        subject=_("Due on %(day)s: a condition of your approval") % names,
        payload=ConditionMail(name=reader.name, about=about, condition=row.text, due=names["day"]),
        why=WHY_OWNER,
        title=row.text,
        text=_("A condition of the approval of %(name)s, due on %(day)s. Tell us when it is done.") % names,
        label=_("Read it"),
        subject_id=row.pk,
    )


def condition_overdue(row: Condition, reader: Reader) -> Notice:
    """To the lead officer: a condition's day has passed. Arguments as for `condition`."""
    application = row.application
    about = _about(application, reader, "desk:application", application.pk)
    names = {"name": about.organization, "day": plain_day(row.due_on), "text": row.text}
    return Notice(
        template="vetting/condition_overdue",
        subject=_("A condition is overdue: %(name)s") % names,
        payload=ConditionMail(name=reader.name, about=about, condition=row.text, due=names["day"]),
        why=WHY_OFFICER,
        title=_("Condition of %(name)s") % names,
        text=_("“%(text)s” was due on %(day)s. Ask whether it is done, and note it.") % names,
        label=_("Open the application"),
        subject_id=row.pk,
    )


# --- The catalog


def _sample(page: str) -> About:
    return About(
        organization="Lakeside Bakery",
        reference="A-00012",
        officer="Officer Dana Reyes",
        officer_phone="(312) 555-0142",
        call="",
        url=absolute(page),
    )


def _kind(
    name: str,
    words: Any,
    trigger: Any,
    audience: Any,
    subject: str,
    why: Any,
    sample: Callable[[], Any],
    *,
    duty: bool = False,
) -> Mail:
    return Mail(
        template=f"vetting/{name}",
        name=words,
        trigger=trigger,
        audience=audience,
        category=Category.REMINDER,
        subject=subject,
        sample=sample,
        why=why,
        duty=duty,
    )


MAILS = [
    _kind(
        "draft_reminder",
        gettext_lazy("Application not sent"),
        gettext_lazy("A draft of an application was not changed for some days"),
        gettext_lazy("The applicant"),
        "Your application is not sent yet",
        WHY_APPLIED,
        lambda: DraftReminderMail(
            "Maria Santos", _sample("/portal/applications/12/"), plain_day(date(2026, 11, 16))
        ),
    ),
    _kind(
        "action_reminder",
        gettext_lazy("Answer still needed"),
        gettext_lazy("The owner has not answered a request for changes"),
        gettext_lazy("The applicant, else the owners; the lead officer, if nobody has an address"),
        "We still need something from you",
        WHY_APPLIED,
        lambda: ActionReminderMail(
            "Maria Santos",
            _sample("/portal/applications/12/answer/"),
            plain_day(date(2026, 11, 16)),
            ["A phone number we can reach you at", "What you can offer to the community"],
            "We could not reach you at the number you gave.",
        ),
    ),
    _kind(
        "promise",
        gettext_lazy("Application near or past its promised day"),
        gettext_lazy("The promised day of an application comes near, or has passed"),
        gettext_lazy("Whoever at the desk has to take the next step"),
        "Overdue: Lakeside Bakery",
        WHY_OFFICER,
        lambda: PromiseMail(
            "Sergeant Ada Okafor",
            _sample("/desk/applications/12/"),
            plain_day(date(2026, 11, 20)),
            True,
            task_words(Step.DECIDE),
        ),
        duty=True,
    ),
    _kind(
        "approval_expiring",
        gettext_lazy("Partnership about to end"),
        gettext_lazy("An approval is about to run out"),
        gettext_lazy("The owners, else the applicant; the lead officer, if nobody has an address"),
        "Partner until January 22, 2027: please get in touch",
        WHY_OWNER,
        lambda: ApprovalExpiringMail("Maria Santos", _sample("/portal/"), plain_day(date(2027, 1, 22))),
    ),
    _kind(
        "condition_due",
        gettext_lazy("Condition falls due"),
        gettext_lazy("A condition of an approval falls due"),
        gettext_lazy("The owners, else the applicant; the lead officer, if nobody has an address"),
        "Due on December 1, 2026: a condition of your approval",
        WHY_OWNER,
        lambda: ConditionMail(
            "Maria Santos",
            _sample("/portal/applications/12/"),
            "Put a light over the back door",
            plain_day(date(2026, 12, 1)),
        ),
    ),
    _kind(
        "condition_overdue",
        gettext_lazy("Condition overdue"),
        gettext_lazy("A condition of an approval was not noted as met by its day"),
        gettext_lazy("The lead officer, else supervisors of the area"),
        "A condition is overdue: Lakeside Bakery",
        WHY_OFFICER,
        lambda: ConditionMail(
            "Officer Jo Nair",
            _sample("/desk/applications/12/"),
            "Put a light over the back door",
            plain_day(date(2026, 12, 1)),
        ),
        duty=True,
    ),
]
