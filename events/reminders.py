"""What reminders hang on: the start and the end of an event, for everyone who registered.

Per rule a handful of statements, however many people registered: the events that are due, their
registrations, the keys that exist, one insert per 500 new mails.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.models import Department, Direction, ReminderRule, Unit
from core.outbox import Draft, OutgoingMail, enqueue_many
from core.reminders import DefaultRule, ReminderSource

from . import emails
from .choices import ON_STATUSES
from .models import Event, Registration


@dataclass(frozen=True)
class Watch:
    """One kind of mail around an event.

    Args:
        anchor: the event's column that the rule counts from.
        template: the mail's.
        statuses: which registrations get it.
        event_statuses: of which events.
        draft: makes the mail.
        late_join: whether someone who registered after the mail fell due still gets it.
    """

    anchor: str
    template: str
    statuses: tuple[str, ...]
    event_statuses: tuple[str, ...]
    draft: Callable[..., Draft]
    late_join: bool


# Who registers later than the reminder falls due was told everything a moment ago, by the confirmation.
START = Watch("starts_at", "events/reminder", ("registered",), ON_STATUSES, emails.reminder, late_join=False)
END = Watch(
    "ends_at",
    "events/follow_up",
    ("registered", "attended"),
    (*ON_STATUSES, "archived"),
    emails.follow_up,
    late_join=True,
)


def _due(watch: Watch, rule: ReminderRule, now: datetime) -> Iterator[Draft]:
    first, last = rule.due_window(now).anchors
    near = Event._base_manager.filter(
        **{"status__in": watch.event_statuses, f"{watch.anchor}__range": (first, last)}
    )
    moments: dict[int, datetime] = {}
    for event in near:
        anchor = getattr(event, watch.anchor)
        if rule.is_due(anchor, now):
            moments[event.pk] = rule.due_at(anchor)
    if not moments:
        return
    registrations = Registration._base_manager.filter(event__in=moments, status__in=watch.statuses)
    planned = dict.fromkeys(
        OutgoingMail.objects.filter(
            room="events", template=watch.template, subject_id__in=registrations.order_by().values("pk")
        ).values_list("dedupe_key", flat=True)
    )
    zone = Department.current().zone
    for each in registrations.select_related("event", "business").order_by("pk").iterator(chunk_size=500):
        if not watch.late_join and each.confirmed_at and each.confirmed_at > moments[each.event_id]:
            continue
        anchor = getattr(each.event, watch.anchor)
        subject, recipient = f"event-{each.event_id}", f"registration-{each.pk}"
        key = rule.mail_key(subject=subject, recipient=recipient, anchor=anchor, zone=zone)
        if key not in planned:
            yield watch.draft(rule, key, each.event, each, zone)


def _source(watch: Watch) -> Callable[[ReminderRule, datetime], int]:
    def due(rule: ReminderRule, now: datetime) -> int:
        return enqueue_many(_due(watch, rule, now))

    return due


SOURCES: list[Any] = [
    ReminderSource(
        key="events.start", label=_("start of an event, for those registered"), due=_source(START)
    ),
    ReminderSource(key="events.end", label=_("end of an event, for those who came"), due=_source(END)),
]
REMINDER_RULES = [
    DefaultRule(key="event-day-before", source="events.start", amount=1, unit=Unit.DAYS),
    DefaultRule(
        key="event-day-after", source="events.end", amount=1, unit=Unit.DAYS, direction=Direction.AFTER
    ),
]
