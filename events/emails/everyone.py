"""What everyone with a place at an event, or in line for one, is told: it is off, it moved, it begins.

Whoever has an address gets a mail, the others a call from the desk.
"""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core import words
from core.links import absolute
from core.mail.outbox import Draft, enqueue_many
from core.models import Department
from events import calls, ics
from events.choices import News
from events.models import Event, Registration

from . import mails
from .payloads import EventCancelled, Moved, NoSeat, Plain
from .sending import draft


def event_cancelled(event: Event) -> int:
    """Tell everyone with a place or in line that the event is off, once. Returns how many mails went out."""
    department, events_url = Department.current(), absolute(reverse("public:events"))

    def written(registration: Registration) -> Draft:
        return draft(
            mails.EVENT_CANCELLED,
            event,
            registration,
            department=department,
            subject=lambda known: _("The event is cancelled: %(title)s") % {"title": known.title},
            payload=lambda known: EventCancelled(
                facts=known, reason=event.cancel_reason, events_url=events_url
            ),
            calendar=ics.CANCEL if registration.status == "registered" else "",
        )

    return _tell(event, written, News.CANCELLED)


def moved(event: Event, old_start: datetime, old_end: datetime, *, zone: tzinfo | None = None) -> int:
    """Tell everyone with a place or in line about the new time or place. Returns how many mails went out.

    Args:
        event: as it is now.
        old_start: when it was to start.
        old_end: when it was to end.
        zone: the one in which the old time was told, where the department has another one by now.
    """
    department = Department.current()
    time_changed = zone is not None or (old_start, old_end) != (event.starts_at, event.ends_at)

    def written(registration: Registration) -> Draft:
        return draft(
            mails.MOVED,
            event,
            registration,
            department=department,
            occurrence=event.sequence,
            subject=lambda known: (
                (_("New time: %(title)s") if time_changed else _("New place: %(title)s"))
                % {"title": known.title}
            ),
            payload=lambda known: Moved(
                facts=known,
                before=words.span(old_start, old_end, zone=zone),
                time_changed=time_changed,
                waiting=registration.status == "waitlisted",
            ),
            useless_after=event.ends_at,
            calendar=ics.REQUEST if registration.status == "registered" else "",
        )

    return _tell(event, written, News.MOVED)


def hour_kept(event: Event) -> int:
    """Correct the calendars of all with a seat: in a new time zone, the same hour is another moment.

    To the others nothing changes: who waits was sent no entry, and who has no address neither.

    Returns:
        How many mails went out.
    """
    department, seated = Department.current(), event.registrations.filter(status="registered")
    return enqueue_many(
        draft(
            mails.HOUR_KEPT,
            event,
            each,
            department=department,
            occurrence=event.sequence,
            subject=lambda known: _("Your calendar entry, corrected: %(title)s") % {"title": known.title},
            payload=Plain,
            useless_after=event.ends_at,
            calendar=ics.REQUEST,
        )
        for each in seated.exclude(email="").select_related("business").order_by("pk").iterator(500)
    )


def no_seat(event: Event) -> int:
    """Tell whoever still waits as the event begins that no seat came free, once. Returns how many mails."""
    department, events_url = Department.current(), absolute(reverse("public:events"))
    waiting: Any = event.registrations
    calls.note(waiting.waiting().filter(email=""), News.NO_SEAT, since=event.starts_at)
    return enqueue_many(
        draft(
            mails.NO_SEAT,
            event,
            each,
            department=department,
            occurrence=int(event.starts_at.timestamp()),  # of an event put off, once more
            subject=lambda known: _("No seat came free: %(title)s") % {"title": known.title},
            payload=lambda known: NoSeat(facts=known, events_url=events_url),
            useless_after=event.ends_at,
        )
        for each in waiting.waiting().exclude(email="").select_related("business")
    )


def _tell(event: Event, written: Callable[[Registration], Draft], news: News) -> int:
    """One mail, or else one call, to each who hears about changes."""
    told: Any = event.registrations
    told = told.hear_of_changes().select_related("business").order_by("pk")
    calls.note(told.filter(email=""), news)
    return enqueue_many(written(each) for each in told.exclude(email="").iterator(chunk_size=500))
