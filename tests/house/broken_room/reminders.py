"""A source that fails whatever it is asked, and a rule whose source does not exist."""

from typing import Any

from core.mail.emails import TEST
from core.mail.reminders import DefaultRule, ReminderSource


def broken(*_arguments: Any, **_ranges: Any) -> Any:
    raise LookupError("a fault of ours")


SOURCES = [
    ReminderSource(key="a.broken", label="x", mail=TEST, find=broken, write=broken, matters=broken),
]
REMINDER_RULES = [
    DefaultRule(key="a-broken", label="x", source="a.broken"),
    DefaultRule(key="c-lost", label="x", source="a.lost"),
]
