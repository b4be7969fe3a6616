"""Mail's part of a person's privacy export."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q

from core.mail.models import Consent, OutgoingMail, Reminder, Suppression
from core.mail.outbox import catalog
from core.mail.purposes import Category
from core.models import AuditEntry
from core.privacy import values

PART = "mail"  # its name in the export
CONSENT = ("address", "purpose", "topic", "given", "at", "how", "wording", "source")

SUPPRESSION = ("address", "reason", "detail", "at", "lifted_at")

MAIL = (
    "subject", "to", "recipient_name", "category", "purpose", "status", "why", "language", "planned_at",
    "due_at", "sent_at", "text",
)  # fmt: skip

REMINDER = ("key", "to", "anchor", "due_at", "dropped")

AUDIT = ("at", "verb", "changed", "address")


def held_on(user: Any) -> dict[str, Any]:
    """Mail to the person, what they chose to get, and what the audit has of their doings.

    The text of a mail is in it while it is kept, but never of sign-in mail, which holds codes. Of what they
    got because they worked here then, which tells of other people, the kind stands in place of the words.
    """
    theirs = Q(recipient_id=user.pk) | Q(to__iexact=user.email, recipient_id=None)
    mails = OutgoingMail.objects.filter(theirs).order_by("pk").iterator(chunk_size=500)
    reminders = Reminder.objects.filter(to=user.email.lower()).order_by("pk")
    choices = Consent.objects.of(user.email).order_by("pk")
    suppressions = Suppression.objects.filter(address=user.email.lower()).order_by("pk")
    done = AuditEntry.objects.filter(actor_id=user.pk).order_by("pk").iterator(chunk_size=500)
    return {
        "choices": [values(row, CONSENT) for row in choices],
        "held_back": [values(row, SUPPRESSION) for row in suppressions],
        "messages": list(_messages(mails, user)),
        "reminders": [values(row, REMINDER) for row in reminders],
        "what_you_did_here": [values(row, AUDIT) for row in done],
    }


def _messages(rows: Iterable[OutgoingMail], user: Any) -> Iterator[dict[str, Any]]:
    spans = user.department_spans()
    written: dict[int, datetime] = {}  # a copy is as old as its words
    for row in rows:
        at = written[row.pk] = written.get(row.copy_of_id or 0, row.planned_at)
        found = values(row, MAIL)
        if row.category == Category.SECURITY:
            del found["text"]
        elif _in_duty(row) and any(since <= at < until for since, until in spans):
            del found["text"]
            kind = catalog().get(row.template)
            found["subject"] = str(kind.name) if kind else ""
        yield found


def _in_duty(row: OutgoingMail) -> bool:
    """Whether who works here gets such mail as staff: to their account, and not about the account itself.

    What they asked for as a guest, such as a place at an event, goes to an address and to no account.
    """
    return bool(row.recipient_id and row.room != "accounts")
