"""The kernel's own mails: the day's digest of reminders, and the test mail."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.links import absolute
from core.models.mail import Category

from .catalog import MailKind
from .queueing import Draft


@dataclass(frozen=True)
class DigestLine:
    """One thing to do or to know."""

    title: str
    text: str
    url: str
    label: str


@dataclass(frozen=True)
class DigestMail:
    """Several reminders of one day."""

    name: str
    lines: list[DigestLine]


@dataclass(frozen=True)
class TestMail:
    """A line that whoever asked for the test knows again."""

    note: str


def digest(*, like: Draft, lines: Sequence[Any]) -> Draft:
    """One mail for several reminders of a person.

    Args:
        like: the mail of one of them: whose address, language and organization it has.
        lines: what each of them says, as `core.reminders.Line`.
    """
    count = len(lines)
    return replace(
        like,
        template="core/digest",
        subject=ngettext("%(n)d reminder for you", "%(n)d reminders for you", count) % {"n": count},
        payload=DigestMail(
            name=like.recipient_name,
            lines=[DigestLine(each.title, each.text, each.url, each.label) for each in lines],
        ),
        why=_("You get this because these dates concern you. All reminders of a day come in one mail."),
        room="core",
        calendar="",
        calendar_method="",
    )


def _digest_sample() -> DigestMail:
    return DigestMail(
        name="Maria Santos",
        lines=[
            DigestLine(
                title="Application of Lakeside Bakery",
                text="You began an application on November 16 and have not sent it yet.",
                url=absolute("/portal/"),
                label="Go on with it",
            ),
            DigestLine(
                title="Coffee with a cop",
                text="Tuesday, December 8, 9:00–10:30 am, Lincoln Branch Library.",
                url=absolute("/events/"),
                label="See your registration",
            ),
        ],
    )


MAILS = [
    MailKind(
        template="core/digest",
        name=_("Reminders of the day"),
        trigger=_("Several reminders to one person on one day"),
        audience=_("Whoever the reminders are for"),
        category=Category.REMINDER,
        subject="2 reminders for you",
        sample=_digest_sample,
        why=_("You get this because these dates concern you. All reminders of a day come in one mail."),
    ),
    MailKind(
        template="core/test",
        name=_("Test mail"),
        trigger=_("A test of whether mail arrives (manage.py send_test_mail)"),
        audience=_("The address that was typed"),
        category=Category.SERVICE,
        subject="Test mail",
        sample=lambda: TestMail(note="November 24, 2026, 10:15 am"),
        any_category=True,
        why=_("You get this because someone tested whether mail arrives."),
    ),
]
