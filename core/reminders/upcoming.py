"""What a rule would send in the next days, on the data of today: for the admin's preview and the command."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock, consents
from core.models import Department, Purpose, Reminder, ReminderRule

from .planning import BATCH, batches
from .sources import ReminderSource, Watched

DAYS = 30
SHOWN = 200


@dataclass(frozen=True)
class Upcoming:
    """One reminder that falls due.

    Args:
        due_at: when, aware, in UTC.
        key: its key.
        watched: whom it reminds of what.
        stopped: the recipient chose not to get reminders.
    """

    due_at: datetime
    key: str
    watched: Watched
    stopped: bool = False


@dataclass(frozen=True)
class Preview:
    """What falls due in the next days.

    Args:
        rows: the first `SHOWN`, the earliest first.
        total: how many there are in all.
        people: to how many addresses.
    """

    rows: list[Upcoming]
    total: int
    people: int


def upcoming(rule: ReminderRule, source: ReminderSource, *, now: datetime | None = None) -> Preview:
    """Who would get what and when in the next `DAYS` days, if nothing changed.

    What was planned before is left out. The rule need not be saved or active: the admin previews what is
    typed.

    Args:
        rule: with the values to preview.
        source: what it watches.
        now: the moment to look from, aware; the product's clock by default.
    """
    first = now or clock.now()
    last = first + timedelta(days=DAYS)
    zone = Department.current().zone
    found: list[Upcoming] = []
    for batch in batches(source.find(anchors=rule.window(first, last).anchors), BATCH):
        mine = []
        for each in batch:
            if not each.to.strip():
                continue
            for occurrence in rule.occurrences(each.anchor, zone):
                late = each.since is not None and each.since > occurrence.due_at
                if late or not first < occurrence.due_at <= last:
                    continue
                key = rule.reminder_key(
                    subject=each.subject,
                    recipient=each.recipient,
                    anchor=each.anchor,
                    number=occurrence.number,
                    zone=zone,
                )
                mine.append(Upcoming(occurrence.due_at, key, each))
        known = set(
            Reminder.objects.filter(key__in=[each.key for each in mine]).values_list("key", flat=True)
        )
        found += [each for each in mine if each.key not in known]
    found.sort(key=lambda each: (each.due_at, each.key))
    shown = found[:SHOWN]
    stopped = consents.refused([each.watched.to for each in shown], Purpose.REMINDERS)
    return Preview(
        rows=[
            Upcoming(each.due_at, each.key, each.watched, consents.normal(each.watched.to) in stopped)
            for each in shown
        ],
        total=len(found),
        people=len({consents.normal(each.watched.to) for each in found}),
    )
