"""What a rule would send in the next days, on the data of today: for the admin's preview and the command."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core import clock, mailboxes
from core.mail.models import Reminder, ReminderRule
from core.mail.outbox.queueing import batches
from core.models import Department

from .composing import out_of_reach
from .near import Near
from .planning import BATCH
from .sources import ReminderSource, Watched, has_time

DAYS = 30
SHOWN = 200


@dataclass(frozen=True)
class Upcoming:
    """One reminder that falls due.

    Args:
        due_at: when, aware, in UTC.
        key: its key.
        watched: whom it reminds of what.
        title: what it is about, as a digest would head it.
        unreached: why it would not be sent, in words; empty when it would.
        is_day: whether what it reminds of is a day without a time.
    """

    due_at: datetime
    key: str
    watched: Watched
    title: str = ""
    unreached: str = ""
    is_day: bool = False


@dataclass(frozen=True)
class Preview:
    """What falls due in the next days.

    Args:
        rows: the first `SHOWN`, the earliest first; also those that would not be sent, with the reason.
        total: how many would be sent.
        people: to how many addresses. Several to one person on one day come as one mail.
        unreached: how many would not be sent, because the recipient stopped them or mail does not arrive.
    """

    rows: list[Upcoming]
    total: int
    people: int
    unreached: int = 0


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
    near = Near.between(*rule.window(first, last).anchors, zone)
    found: list[Upcoming] = []
    for batch in batches(source.find(near=near), BATCH):
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
    unreached = out_of_reach(each.watched for each in found)
    reached = [each for each in found if each.watched.whom not in unreached]
    return Preview(
        rows=list(_told(rule, source, found[:SHOWN], unreached, zone)),
        total=len(reached),
        people=len({mailboxes.normal(each.watched.to) for each in reached}),
        unreached=len(found) - len(reached),
    )


def _told(
    rule: ReminderRule,
    source: ReminderSource,
    shown: list[Upcoming],
    unreached: dict[Any, str],
    zone: ZoneInfo,
) -> Iterator[Upcoming]:
    """The same with what each is about, one look for all of them."""
    whole = {
        (each.subject_id, each.recipient): each
        for each in source.find(ids=list({each.watched.subject_id for each in shown}))
    }
    for each in shown:
        watched = whole.get((each.watched.subject_id, each.watched.recipient))
        reason = unreached.get(each.watched.whom, "")
        yield replace(
            each,
            title=source.notice(rule, watched, zone).title if watched else "",
            unreached=str(Reminder.Dropped(reason).label) if reason else "",
            is_day=not has_time(each.watched.anchor, zone),
        )
