"""The planner: every few minutes it notes what is due on or before now, one row for each key.

Any number of planners may run at once: the key is unique, and only one at a time writes mail.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db import DatabaseError, InterfaceError

from core import clock
from core.consents import normal
from core.models import Department, Reminder, ReminderRule

from .composing import compose
from .sources import ReminderSource, Watched, sources

logger = logging.getLogger(__name__)
BATCH = 500
Each = TypeVar("Each")


def plan(now: datetime | None = None) -> int:
    """Note every reminder that is due on or before `now`, and queue the mail that carries them.

    One failing source does not stop the others. What was missed while nobody was here is made up, as far as
    each rule looks back.

    Args:
        now: an aware moment; the product's clock by default.

    Returns:
        How many mails were queued.

    Raises:
        DatabaseError: the database is away; the next tick goes on where this one ended.
    """
    moment = now or clock.now()
    zone = Department.current().zone
    known = sources()
    for rule in ReminderRule.objects.filter(active=True):
        source = known.get(rule.source)
        if source is None:
            logger.warning("The reminder rule %s watches %s, which no room offers.", rule.key, rule.source)
            continue
        try:
            note(rule, source, moment, zone)
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            logger.exception("The reminder rule %s failed; the others go on.", rule.key)
    return compose(moment)


def note(rule: ReminderRule, source: ReminderSource, now: datetime, zone: ZoneInfo) -> int:
    """Make the rows of one rule that are due and not there yet; returns how many."""
    made = 0
    for batch in batches(source.find(anchors=rule.due_window(now).anchors), BATCH):
        due = [row for each in batch if (row := due_row(rule, each, now, zone)) is not None]
        rows = {row.key: row for row in due}
        for key in Reminder.objects.filter(key__in=rows).values_list("key", flat=True):
            del rows[key]
        if rows:
            # In the order of the keys, so that two planners can't lock each other out.
            Reminder.objects.bulk_create([rows[key] for key in sorted(rows)], ignore_conflicts=True)
            made += len(rows)
    return made


def due_row(rule: ReminderRule, watched: Watched, now: datetime, zone: ZoneInfo) -> Reminder | None:
    """The reminder of a date that is due now, not saved; `None` when none is."""
    occurrence = rule.occurrence(watched.anchor, now, zone)
    if occurrence is None or not watched.to.strip():
        return None
    if watched.since is not None and watched.since > occurrence.due_at:
        return None
    return Reminder(
        key=rule.reminder_key(
            subject=watched.subject,
            recipient=watched.recipient,
            anchor=watched.anchor,
            number=occurrence.number,
            zone=zone,
        ),
        rule=rule,
        subject_id=watched.subject_id,
        recipient=watched.recipient,
        to=normal(watched.to),
        anchor=watched.anchor,
        due_at=occurrence.due_at,
        useless_after=rule.useless_after(watched.anchor, occurrence.number, zone),
        exact=rule.is_exact,
        planned_at=now,
    )


def batches(rows: Iterable[Each], size: int) -> Iterator[list[Each]]:
    """The rows in lists of at most `size`."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch
