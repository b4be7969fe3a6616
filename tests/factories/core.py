"""Mail in the outbox."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from core.mail.models import OutgoingMail
from core.mail.outbox import Draft, enqueue, enqueue_many
from core.mail.outbox.catalog import checks
from core.mail.purposes import Category

_numbers = count(1)


@dataclass(frozen=True)
class Note:
    """The payload of `mail/test`."""

    note: str = "A line."


def draft(**changes: Any) -> Draft:
    """A draft of a test mail; give `key`, `to`, `category` … to change it."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "key": f"test:mail-{number}",
        "to": f"reader{number}@people.example",
        "category": Category.SERVICE,
        "template": "mail/test",
        "subject": "A test",
        "why": "You get this because someone tests.",
        "room": "mail",
        "payload": Note(),
    }
    return Draft(**{**values, **changes})


def mail(**changes: Any) -> OutgoingMail:
    """A queued mail."""
    made = enqueue(draft(**changes))
    assert made is not None
    return made


def mails(number: int, **changes: Any) -> list[OutgoingMail]:
    """Many queued mails, in the order of their making."""
    drafts = [draft(**changes) for _ in range(number)]
    enqueue_many(drafts)
    rows = {
        row.dedupe_key: row for row in OutgoingMail.objects.filter(dedupe_key__in=[d.key for d in drafts])
    }
    return [rows[each.key] for each in drafts]


def is_wanted(row: OutgoingMail) -> bool:
    """Whether a mail would still be sent, as it is asked right before."""
    return checks()[row.still_wanted].holds(row)
