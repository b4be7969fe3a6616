"""The planner: every few minutes it notes what is due on or before now, one row for each key.

Any number of planners may run at once: the key is unique, and only one at a time writes mail.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core import clock
from core.mail.models import Reminder, ReminderRule
from core.mail.outbox.queueing import batches
from core.mailboxes import normal
from core.models import Department, Heartbeat

from .composing import AWAY, compose
from .near import Near
from .sources import ReminderSource, Watched, sources

logger = logging.getLogger(__name__)
BATCH = 2000
NO_SOURCE = "NoSuchSource"


def plan(now: datetime | None = None) -> int:
    """Note every reminder that is due on or before `now`, and queue the mail that carries them.

    One failing rule does not stop the others. What was missed while nobody was here is made up, as far as
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
    faults = note_all(moment, zone)
    made = compose(moment)
    Heartbeat.beat(Heartbeat.PLANNER, "\n".join(faults))  # the health page tells of them
    return made


def note_all(now: datetime, zone: ZoneInfo) -> list[str]:
    """Make the rows of every rule that are due and not there yet.

    Args:
        now: the planner's moment, aware.
        zone: the department's.

    Returns:
        What kept rules from being followed: a line for each, its key and the kind of error.

    Raises:
        OperationalError: the database is away.
    """
    known, faults = sources(), []
    by_source: dict[str, list[ReminderRule]] = defaultdict(list)
    for rule in ReminderRule.objects.filter(active=True):
        by_source[rule.source].append(rule)
    for key, rules in by_source.items():
        if source := known.get(key):
            faults += _follow(rules, source, now, zone)
        else:
            names = ", ".join(rule.key for rule in rules)
            logger.warning("The reminder rules %s watch %s, which no room offers.", names, key)
            faults += [f"{rule.key} {NO_SOURCE}" for rule in rules]
    return faults


def _follow(
    rules: Sequence[ReminderRule], source: ReminderSource, now: datetime, zone: ZoneInfo
) -> list[str]:
    """Follow all rules of a source at once; where that fails, each on its own, so that none holds up others.

    Returns:
        What kept rules from being followed.
    """
    try:
        note(rules, source, now, zone)
    except AWAY:
        raise
    except Exception as error:
        if len(rules) > 1:
            return [fault for rule in rules for fault in _follow([rule], source, now, zone)]
        logger.exception("The reminder rule %s failed; the others go on.", rules[0].key)
        return [f"{rules[0].key} {type(error).__name__}"]
    return []


def note(rules: Sequence[ReminderRule], source: ReminderSource, now: datetime, zone: ZoneInfo) -> int:
    """Make the rows that are due and not there yet, with one look at what is watched.

    Args:
        rules: all of this source, at least one.
        source: what they watch.
        now: the planner's moment, aware.
        zone: the department's.

    Returns:
        How many rows were made, or made by another planner meanwhile.
    """
    made = 0
    reckoned: list[tuple[ReminderRule, Dates]] = [(rule, {}) for rule in rules]
    for batch in batches(source.find(near=Near.due(rules, now, zone)), BATCH):
        due: dict[str, Reminder] = {}
        for rule, dates in reckoned:
            due |= due_rows(rule, batch, now, zone, dates)
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
