"""Reminders: every date reminds the right people once, at the right local hour.

How a room reminds: a module `reminders.py` of its own with `SOURCES` (what is watched) and `REMINDER_RULES`
(the rules it brings along), and one line in `config/rooms.py`. `events/reminders.py` is the one to read.

What a source may rely on: `find` is called by every planner tick with the range of dates that can be due,
outside a transaction, and again by number right before mail is written and right before it is sent. It only
reads. All the rest is done here: when a rule is due (`core.models.reminders`), one row for each key
(`planning`), one mail a person and day (`composing`), the preview in the admin (`upcoming`), and the answer
to "why was this sent, or not?" (`explain`).
"""

from .planning import plan
from .sources import (
    DefaultRule,
    Line,
    ReminderSource,
    Watched,
    change_rule,
    days_of,
    default_rules,
    end_of,
    make_default_rules,
    sources,
)

__all__ = [
    "DefaultRule",
    "Line",
    "ReminderSource",
    "Watched",
    "change_rule",
    "days_of",
    "default_rules",
    "end_of",
    "make_default_rules",
    "plan",
    "sources",
]
