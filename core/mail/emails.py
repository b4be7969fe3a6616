"""Mail's own mails: the day's digest of reminders, and the test mail."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.mail.outbox.catalog import MailKind
from core.mail.purposes import Category
from core.mail.reminders.digest import WHY, digest_sample

TEST_SUBJECT = _("A test from the partnership registry")
TEST_WHY = _("You get this because someone tests the mail of this site.")


@dataclass(frozen=True)
class TestMail:
    """A line that whoever asked for the test knows again."""

    note: str


MAILS = [
    MailKind(
        template="mail/digest",
        name=_("Reminders of the day"),
        trigger=_("Several reminders to one person on one day"),
        audience=_("Whoever the reminders are for"),
        category=Category.REMINDER,
        subject="Application of Lakeside Bakery and 4 more reminders",
        sample=digest_sample,
        why=WHY,
    ),
    MailKind(
        template="mail/test",
        name=_("Test mail"),
        trigger=_("A test of whether mail arrives (manage.py send_test_mail)"),
        audience=_("The address that was typed"),
        category=Category.SERVICE,
        subject=TEST_SUBJECT,
        sample=lambda: TestMail(note="From the new server."),
        any_category=True,
        why=TEST_WHY,
    ),
]
