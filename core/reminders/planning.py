"""The planner: every few minutes it notes what is due on or before now, one row for each key.

Any number of planners may run at once: the key is unique, and only one at a time writes mail.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core import clock
from core.consents import normal
from core.models import Department, Heartbeat, Reminder, ReminderRule
from core.outbox.queueing import batches

from .composing import AWAY, compose
from .sources import ReminderSource, Watched, sources

logger = logging.getLogger(__name__)
BATCH = 500


def plan(now: datetime | None = None) -> int:
    """Note every reminder that is due on or before `now`, and queue the mail that carries them.

    One failing source does not stop the others. What was missed while nobody was here is made up, as far as
    each rule looks back.

    Args:
        now: an aware moment; the product's clock by default.

    Returns:
        How many mails were queued.

    Raises:
        OperationalError: the database is away; the next tick goes on where this one ended.
    """
    moment = now or clock.now()
    zone = Department.current().zone
    known, whole = sources(), True
    for rule in ReminderRule.objects.filter(active=True):
        source = known.get(rule.source)
        if source is None:
            logger.warning("The reminder rule %s watches %s, which no room offers.", rule.key, rule.source)
            whole = False
            continue
        try:
            note(rule, source, moment, zone)
        except AWAY:
            raise
        except Exception:
            logger.exception("The reminder rule %s failed; the others go on.", rule.key)
            whole = False
    made = compose(moment)
    if whole:
        Heartbeat.beat(Heartbeat.PLANNER)  # without it the health page says that reminders are late
    return made


def note(rule: ReminderRule, source: ReminderSource, now: datetime, zone: ZoneInfo) -> int:
    """Make the rows of one rule that are due and not there yet; returns how many."""
    made = 0
    dates: Dates = {}
    for batch in batches(source.find(anchors=rule.due_window(now).anchors), BATCH):
        due = due_rows(rule, batch, now, zone, dates)
        for key in Reminder.objects.filter(key__in=due).values_list("key", flat=True).distinct():
            del due[key]
        if due:
            # In the order of the keys, so that two planners can't lock each other out.
            Reminder.objects.bulk_create([due[key] for key in sorted(due)], ignore_conflicts=True)
            made += len(due)
    return made


def due_rows(
    rule: ReminderRule, batch: Iterable[Watched], now: datetime, zone: ZoneInfo, dates: "Dates"
) -> dict[str, Reminder]:
    """The reminders of these dates that are due now, by key, not saved.

    Args:
        rule: the rule.
        batch: what it watches.
        now: the planner's moment, aware.
        zone: the department's.
        dates: what was reckoned before; many people share a date.
    """
    due = {}
    for each in batch:
        if each.anchor not in dates:
            dates[each.anchor] = _due(rule, each.anchor, now, zone)
        moment = dates[each.anchor]
        if moment is not None and _concerned(each, moment):
            key = _key(rule, each, moment, zone)
            due[key] = _row(key, rule, each, moment, now)
    return due


@dataclass(frozen=True)
class _Due:
    """What holds for everybody whom a rule reminds of one date."""

    number: int
    due_at: datetime
    useless_after: datetime


Dates = dict[datetime, _Due | None]


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
