"""The mail of this room: `payloads`, the `mails` themselves, and who sends which, one function each."""

from .everyone import event_cancelled, moved
from .mails import MAILS
from .registrations import (
    already_registered,
    cancelled,
    confirm_code,
    promoted,
    registered,
    resized,
    waitlisted,
)
from .words import waitlist_rule

__all__ = [
    "MAILS",
    "already_registered",
    "cancelled",
    "confirm_code",
    "event_cancelled",
    "moved",
    "promoted",
    "registered",
    "resized",
    "waitlist_rule",
    "waitlisted",
]
