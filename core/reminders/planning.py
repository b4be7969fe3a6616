"""The planner: every few minutes it notes what is due on or before now, one row for each key.

Any number of planners may run at once: the key is unique, and only one at a time writes mail.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
    dates: dict[datetime, _Due | None] = {}  # many people share a date: it is reckoned once
    for batch in batches(source.find(anchors=rule.due_window(now).anchors), BATCH):
        due = {}
        for each in batch:
            if each.anchor not in dates:
                dates[each.anchor] = _due(rule, each.anchor, now, zone)
            moment = dates[each.anchor]
            if moment is not None and _concerned(each, moment):
                due[_key(rule, each, moment, zone)] = (each, moment)
        for key in Reminder.objects.filter(key__in=due).values_list("key", flat=True):
            del due[key]
        if due:
            # In the order of the keys, so that two planners can't lock each other out.
            rows = [_row(key, rule, *due[key], now) for key in sorted(due)]
            Reminder.objects.bulk_create(rows, ignore_conflicts=True)
            made += len(rows)
    return made


def due_row(rule: ReminderRule, watched: Watched, now: datetime, zone: ZoneInfo) -> Reminder | None:
    """The reminder of a date that is due now, not saved; `None` when none is."""
    moment = _due(rule, watched.anchor, now, zone)
    if moment is None or not _concerned(watched, moment):
        return None
    return _row(_key(rule, watched, moment, zone), rule, watched, moment, now)


@dataclass(frozen=True)
class _Due:
    """What holds for everybody whom a rule reminds of one date."""

    number: int
    due_at: datetime
    useless_after: datetime


def _due(rule: ReminderRule, anchor: datetime, now: datetime, zone: ZoneInfo) -> _Due | None:
    found = rule.occurrence(anchor, now, zone)
    if found is None:
        return None
    return _Due(found.number, found.due_at, rule.useless_after(anchor, found.number, zone))


def _concerned(watched: Watched, moment: _Due) -> bool:
    return bool(watched.to.strip()) and (watched.since is None or watched.since <= moment.due_at)


def _key(rule: ReminderRule, watched: Watched, moment: _Due, zone: ZoneInfo) -> str:
    return rule.reminder_key(
        subject=watched.subject,
        recipient=watched.recipient,
        anchor=watched.anchor,
        number=moment.number,
        zone=zone,
    )


def _row(key: str, rule: ReminderRule, watched: Watched, moment: _Due, now: datetime) -> Reminder:
    return Reminder(
        key=key,
        rule=rule,
        subject_id=watched.subject_id,
        recipient=watched.recipient,
        to=normal(watched.to),
        anchor=watched.anchor,
        due_at=moment.due_at,
        useless_after=moment.useless_after,
        exact=rule.is_exact,
        planned_at=now,
    )


def batches(rows: Iterable[Each], size: int) -> Iterator[list[Each]]:
    """The rows in lists of at most `size`."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch
