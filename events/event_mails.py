"""The mails to everyone with a place at an event, or in line for one: it is off, or it moved."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from core.links import absolute
from core.mail.outbox import Draft, enqueue_many
from core.mail.outbox.compose import speaking
from core.models import Department

from . import ics, rules
from .emails import draft, facts
from .letters import EventCancelled, Moved
from .models import Event, Registration


def event_cancelled(event: Event) -> int:
    """Tell everyone with a place or in line that the event is off, once. Returns how many."""
    department = Department.current()
    events_url = absolute(reverse("public:events"))

    def drafts() -> Iterable[Draft]:
        for registration in _told(event):
            with speaking(registration.language):
                yield draft(
                    event,
                    registration,
                    rule="event_cancelled",
                    occurrence="1",
                    subject=_("The event is cancelled: %(title)s") % {"title": event.title},
                    payload=EventCancelled(
                        facts=facts(event, registration, department.zone),
                        reason=event.cancel_reason,
                        events_url=events_url,
                    ),
                    template="event_cancelled",
                    still_wanted="",
                    calendar=ics.CANCEL if registration.status == "registered" else "",
                    department=department,
                )

    return enqueue_many(drafts())


def moved(event: Event, old_start: datetime, old_end: datetime) -> int:
    """Tell everyone with a place or in line about the new time or place. Returns how many."""
    department = Department.current()
    time_changed = (old_start, old_end) != (event.starts_at, event.ends_at)

    def drafts() -> Iterable[Draft]:
        for registration in _told(event):
            with speaking(registration.language):
                yield draft(
                    event,
                    registration,
                    rule="moved",
                    occurrence=str(event.sequence),
                    subject=(_("New time: %(title)s") if time_changed else _("New place: %(title)s"))
                    % {"title": event.title},
                    payload=Moved(
                        facts=facts(event, registration, department.zone),
                        before=rules.span_in_words(old_start, old_end, department.zone),
                        time_changed=time_changed,
                        waiting=registration.status == "waitlisted",
                    ),
                    template="moved",
                    useless_after=event.ends_at,
                    calendar=ics.REQUEST if registration.status == "registered" else "",
                    department=department,
                )

    return enqueue_many(drafts())


def _told(event: Event) -> Iterator[Registration]:
    """Who hears about changes: those with a place, and those in line."""
    return (
        event.registrations.filter(status__in=("registered", "waitlisted"))
        .select_related("business")
        .order_by("pk")
        .iterator(chunk_size=500)
    )
