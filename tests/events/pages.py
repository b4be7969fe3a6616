"""How the gates open this room's pages in the demonstration; see `tests.access.offered`."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from events.models import Event, Registration
from tests.gates.visits import Rows

# What answers with a file, and what only ever sends on.
NO_PAGES = {"desk:attendance_export", "public:event_ics", "public:registration_ics"}
SEND_ON = {"public:rsvp"}
MADE_BY_US = {"Registration.language"}  # no person types it


def _event(title: str, **more: Any) -> Any:
    return Event.objects.filter(title=title, **more).latest("starts_at")


def _public_events() -> Rows:
    for word, event in (
        ("", _event("Robbery prevention workshop")),
        (" drop-in", _event("Coffee and conversation")),
        (" cancelled", _event("Holiday parking forum")),
        (" past", _event("Watch meeting, beat 1925")),
    ):
        yield f"public:event{word}", reverse("public:event", args=[event.slug]), "visitor"


def _registrations() -> Rows:
    rows = Registration.objects.filter(event=_event("Robbery prevention workshop"))
    for word, status in (("", "registered"), (" waitlisted", "waitlisted")):
        token = rows.filter(status=status).first().token
        yield f"public:registration{word}", reverse("public:registration", args=[token]), "visitor"


def _desk_events() -> Rows:
    for word, event in (
        ("", _event("Robbery prevention workshop")),
        (" past", _event("Watch meeting, beat 1925")),
        (" drop-in", _event("Coffee and conversation")),
        (" draft", _event("Spring street fair")),
        (" cancelled", _event("Holiday parking forum")),
    ):
        yield f"desk:event{word}", reverse("desk:event", args=[event.pk]), "supervisor"


def _attendance() -> Rows:
    for word, title in (("", "Watch meeting, beat 1925"), (" drop-in", "Coffee and conversation")):
        event = Event.objects.filter(title=title).earliest("starts_at")
        path = reverse("desk:event_attendance", args=[event.pk])
        yield f"desk:event_attendance{word}", path, "supervisor"


# What is opened in place of the access tests' sample.
RICHER: dict[str, Callable[[], Rows]] = {
    "public:event": _public_events,
    "public:registration": _registrations,
    "desk:event": _desk_events,
    "desk:event_attendance": _attendance,
}


def more() -> Rows:
    """What no URL name stands for: what is missing or refused, an empty list, a filtered one."""
    yield "public:events filtered", reverse("public:events") + "?kind=workshop", "visitor"


# What is given the longest name there may be, and the pages that show it.
LONG = (
    ("event", "title", "venue_name", "street", "city"),
    ("registration", "name"),
)
LONG_ON = {
    "public:event": "",
    "public:events": "",
    "public:registration": "",
    "portal:event_cancel": "",
    "portal:event_register": "",
    "desk:event": "",
    "desk:events": "",
    "desk:event_attendance": "",
    "desk:attendance_print": "",
}
