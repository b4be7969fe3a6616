"""Reminders: every date reminds the right people once, at the right local hour.

How a room reminds, step by step; `events/reminders.py` is the one to read:

1. `reminders.py` of the room: `find` (what is watched), `matters` (names it to staff who may see it),
   `SOURCES`, and `REMINDER_RULES`, its first rules, with the words each is called by.
2. For each source a mail, declared with its payload and a sample in the room's `emails`, and one function in
   `emails/reminders.py` that writes its `Notice`: the mail of a reminder alone, and its line in a digest.
3. Its templates, `templates/emails/<room>/<name>.txt` and `.html`.
4. `manage.py mail_table --write` for the table in `docs/mail.md`, and a test of who gets it, when, and when
   not.

What a source may rely on: `find` is called by every planner tick with the ranges of dates that can be due,
outside a transaction, and again by number right before mail is written and right before it is sent. It only
reads. All the rest is done here: when a rule is due (`core.mail.models.rules`), one row for each key
(`planning`), one mail a person and day (`composing`), the preview in the admin (`upcoming`), and the answer
to "why was this sent, or not?" (`explain`).
"""

from .near import Near
from .planning import plan
from .sources import (
    DefaultRule,
    Line,
    Matter,
    Notice,
    ReminderSource,
    Watched,
    change_rule,
    default_rules,
    end_of,
    make_default_rules,
    sources,
)

__all__ = [
    "DefaultRule",
    "Line",
    "Matter",
    "Near",
    "Notice",
    "ReminderSource",
    "Watched",
    "change_rule",
    "default_rules",
    "end_of",
    "make_default_rules",
    "plan",
    "sources",
]
