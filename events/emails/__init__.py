"""The mail of this room: `payloads`, the `mails` themselves, and who sends which, one function each."""

from .everyone import event_cancelled, hour_kept, moved, no_seat
from .mails import MAILS
from .registrations import (
    already_registered,
    cancelled,
    confirm_code,
    promoted,
    registered,
    resized,
    too_large,
    waitlisted,
)
from .words import waitlist_rule

__all__ = [
    "MAILS",
    "already_registered",
    "cancelled",
    "confirm_code",
    "event_cancelled",
    "hour_kept",
    "moved",
    "no_seat",
    "promoted",
    "registered",
    "resized",
    "too_large",
    "waitlist_rule",
    "waitlisted",
]
