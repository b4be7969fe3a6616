"""Mail's own mails: the day's digest of reminders, and the test mail."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.mail.models import OutgoingMail
from core.mail.outbox import Mail, Wanted, declared
from core.mail.purposes import Category
from core.mail.reminders import again, composing
from core.mail.reminders.digest import DIGEST_TEMPLATE, WHY, digest_sample


@dataclass(frozen=True)
class TestMail:
    """A line that whoever asked for the test knows again."""

    note: str


def _reminder_wanted(mail: OutgoingMail) -> bool:
    """For every mail of reminders, of one or of several; a copy keeps no reminders of its own."""
    return again.still_wanted(mail) if mail.copy_of_id else composing.still_wanted(mail)


DIGEST = Mail(
    template=DIGEST_TEMPLATE,
    name=_("Reminders of the day"),
    trigger=_("Several reminders to one person on one day"),
    audience=_("Whoever the reminders are for"),
    category=Category.REMINDER,
    subject="Application of Lakeside Bakery and 4 more reminders",
    sample=digest_sample,
    why=WHY,
    wanted=Wanted(composing.WANTED, _reminder_wanted),
)
TEST = Mail(
    template="mail/test",
    name=_("Test mail"),
    trigger=_("A test of whether mail arrives (manage.py send_test_mail)"),
    audience=_("The address that was typed"),
    category=Category.SERVICE,
    subject=_("A test from the partnership registry"),
    sample=lambda: TestMail(note="From the new server."),
    why=_("You get this because someone tests the mail of this site."),
    rule="core.test",
)
MAILS = declared(vars())
