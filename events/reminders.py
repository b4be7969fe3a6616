"""What reminders hang on: the start and the end of an event, for everyone who registered."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access import visible
from core.mail.models import Direction, Reminder, ReminderRule, Unit
from core.mail.outbox import Reader
from core.mail.purposes import Status
from core.mail.reminders import DefaultRule, Matter, Near, Notice, ReminderSource, Watched

from .choices import ON_STATUSES
from .emails import mails
from .emails import reminders as notices
from .emails.sending import reader_of
from .models import Event, Registration


@dataclass(frozen=True)
class Watch:
    """One date of an event, and whose.

    Args:
        anchor: the event's column that the rules count from.
        statuses: which registrations are reminded.
        event_statuses: of which events.
        late_join: whether someone who registered after a reminder fell due still gets it.
        unless_mailed: a source whose mail says the contrary; who got that is left alone.
    """

    anchor: str
    statuses: tuple[str, ...]
    event_statuses: tuple[str, ...]
    late_join: bool
    unless_mailed: str = ""

    def find(self, *, near: Near | None = None, ids: Collection[int] | None = None) -> Iterator[Watched]:
        """See `core.mail.reminders.sources.Find`; one query by number, two by dates."""
        rows = Registration._base_manager.filter(
            status__in=self.statuses, event__status__in=self.event_statuses
        ).exclude(email="")
        if self.unless_mailed:
            told = Reminder.objects.filter(rule__source=self.unless_mailed, mail__isnull=False)
            rows = rows.exclude(pk__in=told.exclude(mail__status=Status.CANCELLED).values("subject_id"))
        if ids is not None:
            yield from self._whole(rows.filter(pk__in=ids))
            return
        if near is not None:
            # The planner asks at every tick: of a hundred thousand rows it gets those that it has not noted,
            # and of those what it counts with. Asked for by their events, they are found by an index.
            events = Event._base_manager.filter(near.moments(self.anchor), status__in=self.event_statuses)
            numbers = list(events.values_list("pk", flat=True))
            if not numbers:
                return
            rows = rows.filter(near.unnoted_moments(f"event__{self.anchor}"), event__in=numbers)
        few = rows.order_by("pk").values_list("pk", "event", "email", f"event__{self.anchor}", "confirmed_at")
        for number, event, email, anchor, confirmed_at in few.iterator(chunk_size=2000):
            yield self._watched(number, event, email, anchor, confirmed_at, row=None)

    def _whole(self, rows: QuerySet[Registration]) -> Iterator[Watched]:
        for each in rows.select_related("event", "business").order_by("pk"):
            anchor = getattr(each.event, self.anchor)
            yield self._watched(each.pk, each.event_id, each.email, anchor, each.confirmed_at, row=each)

    def _watched(
        self,
        number: int,
        event: int,
        email: str,
        anchor: datetime,
        confirmed_at: datetime | None,
        *,
        row: Registration | None,
    ) -> Watched:
        return Watched(
            subject=f"event-{event}",
            subject_id=number,
            reader=Reader(f"registration-{number}", email) if row is None else reader_of(row),
            anchor=anchor,
            row=row,
            since=None if self.late_join else confirmed_at,
        )


# Who registers later than a reminder falls due was told everything a moment ago, by the confirmation.
START = Watch("starts_at", ("registered",), ON_STATUSES, late_join=False)
END = Watch("ends_at", ("registered", "attended"), (*ON_STATUSES, "archived"), late_join=True)
# Who was thanked already is not told a day later that nobody saw them.
MISSED = Watch(
    "ends_at", ("no_show",), (*ON_STATUSES, "archived"), late_join=True, unless_mailed="events.end"
)


def matters(user: Any, ids: Collection[int]) -> dict[int, Matter]:
    """The events of registrations that exist for a user; one query."""
    rows = visible(Registration, user).filter(pk__in=ids).select_related("event")
    return {
        each.pk: Matter(title=each.event.title, url=reverse("desk:event", args=[each.event_id]))
        for each in rows
    }


def _by(write: Callable[[Event, Registration], Notice]) -> Callable[[ReminderRule, Watched], Notice]:
    def written(rule: ReminderRule, watched: Watched) -> Notice:
        return write(watched.row.event, watched.row)

    return written


SOURCES: list[ReminderSource] = [
    ReminderSource(
        key="events.start",
        label=_("start of an event, for those registered"),
        mail=mails.REMINDER,
        find=START.find,
        write=_by(notices.before),
        matters=matters,
    ),
    ReminderSource(
        key="events.end",
        label=_("end of an event, for all but those noted as not there"),
        mail=mails.FOLLOW_UP,
        find=END.find,
        write=_by(notices.follow_up),
        matters=matters,
    ),
    ReminderSource(
        key="events.missed",
        label=_("end of an event, for those noted as not there"),
        mail=mails.MISSED,
        find=MISSED.find,
        write=_by(notices.missed),
        matters=matters,
    ),
]
REMINDER_RULES = [
    # A weekend without a worker loses none; an event that moves by some days reminds of no week gone by.
    DefaultRule(
        key="event-week-before",
        label=_("Event: a week before"),
        source="events.start",
        amount=7,
        unit=Unit.DAYS,
        look_back_days=3,
    ),
    DefaultRule(
        key="event-day-before",
        label=_("Event: the day before"),
        source="events.start",
        amount=1,
        unit=Unit.DAYS,
    ),
    DefaultRule(
        key="event-hours-before",
        label=_("Event: two hours before"),
        source="events.start",
        amount=2,
        unit=Unit.HOURS,
    ),
    DefaultRule(
        key="event-day-after",
        label=_("Event: thanks the day after"),
        source="events.end",
        amount=1,
        unit=Unit.DAYS,
        direction=Direction.AFTER,
    ),
    DefaultRule(
        key="event-missed-day-after",
        label=_("Event: who did not come, the day after"),
        source="events.missed",
        amount=1,
        unit=Unit.DAYS,
        direction=Direction.AFTER,
    ),
]
