"""This room's part of the worlds that tests walk through."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from core import clock
from events.models import Event, PhoneCall, Registration
from tests.access.refusals import Call
from tests.access.samples import Row, Sample, pk
from tests.factories.businesses import BusinessFactory, MembershipFactory
from tests.factories.events import EventFactory, place


def _event(side: Any, **more: Any) -> Any:
    return EventFactory(area=side.area, actor=side.officer, **more)


def _drop_in(side: Any) -> Any:
    return _event(side, registration="drop_in", capacity=None, starts_at=clock.now() + timedelta(hours=1))


def _guest(side: Any, mark: str = "") -> Any:
    """A registration at an event whose doors are open."""
    event = _event(side, starts_at=clock.now() + timedelta(hours=1))
    return place(event, email=side.owner.email)


def _call(side: Any) -> Any:
    """A call to someone without an address, whose event was called off."""
    event = _event(side)
    guest = Registration.objects.get(pk=place(event).pk)
    return PhoneCall.objects.create(registration=guest, news="promoted")


def _marked(side: Any) -> Any:
    from events.services import mark_attended

    return mark_attended(registration=_guest(side), actor=None)


def _partner(side: Any) -> Any:
    business = BusinessFactory(area=side.area, standing="partner")
    MembershipFactory(user=side.owner, business=business)
    return business


def _new_event() -> dict[str, Any]:
    starts = clock.now() + timedelta(days=20)
    return {"title": "Open house", "starts_at": starts, "ends_at": starts + timedelta(hours=2)}


def fill(side: SimpleNamespace) -> None:
    """An event of the district, for which the owner registered."""
    side.event = EventFactory(area=side.area, actor=side.officer)
    side.registration = place(side.event, name="Rosa Diaz", email=side.owner.email, business=side.business)
    Registration.objects.filter(pk=side.registration.pk).update(user=side.owner)

    side.call = PhoneCall.objects.create(registration=side.registration, news="promoted")


MOVING = (Event, Registration)


def grow(side: SimpleNamespace, numbers: range) -> None:
    """Coming events, and guests of the side's event."""
    start = clock.now().replace(microsecond=0)
    Event.objects.bulk_create(
        Event(
            title=f"Grown event {n}", slug=f"grown-{side.area.pk}-{n}", venue_name="Library", area=side.area,
            host=side.business, starts_at=start + timedelta(days=2, minutes=n),
            ends_at=start + timedelta(days=2, hours=2, minutes=n), status="published",
        )
        for n in numbers
    )  # fmt: skip
    Registration.objects.bulk_create(
        Registration(
            event=side.event, name=f"Guest {n}", email=f"guest{side.area.pk}-{n}@people.example",
            business=side.business, user=side.owner, confirmed_at=start, queued_at=start,
            status="waitlisted" if n % 2 else "registered",
        )
        for n in numbers
    )  # fmt: skip


# Models whose rows have an owner, and what such a row is called on a side.
FOREIGN = {Event: "event", Registration: "registration", PhoneCall: "call"}
EDITS = {"desk:event_edit": "officer"}  # who opens each page with a form over a row
# For each URL with arguments: the objects of one side that it is tried on.
SAMPLES: dict[str, Sample] = {
    "public:event": lambda side: {"slug": side.event.slug},
    "public:event_ics": lambda side: {"slug": side.event.slug},
    "public:rsvp": lambda side: {"slug": side.event.slug},
    "public:rsvp_confirm": lambda side: {"slug": side.event.slug},
    "public:rsvp_resend": lambda side: {"slug": side.event.slug},
    "public:registration": lambda side: {"token": side.registration.token},
    "public:registration_ics": lambda side: {"token": side.registration.token},
    "public:registration_resize": lambda side: {"token": side.registration.token},
    "portal:event_register": lambda side: {"slug": side.event.slug},
    "portal:event_cancel": pk("registration"),
    "portal:event_resize": pk("registration"),
    "desk:event": pk("event"),
    "desk:event_edit": pk("event"),
    "desk:event_cancel": pk("event"),
    "desk:event_move": pk("event", move="close"),
    "desk:registration_add": pk("event"),
    "desk:registration_resize": lambda side: {"pk": side.event.pk, "registration_pk": side.registration.pk},
    "desk:registration_cancel": lambda side: {"pk": side.event.pk, "registration_pk": side.registration.pk},
    "desk:event_mail": pk("event"),
    "desk:called": lambda side: {"pk": side.event.pk, "call_pk": side.call.pk},
    "desk:event_attendance": pk("event"),
    "desk:attendance_mark": lambda side: {"pk": side.event.pk, "registration_pk": side.registration.pk},
    "desk:attendance_count": pk("event", what="headcount"),
    "desk:attendance_print": pk("event"),
    "desk:attendance_export": pk("event"),
}
# For each model in Django's admin: the row that its pages are tried on.
ADMIN_ROWS: dict[str, Row] = {
    "events_event": lambda world: world.home.event,
    "events_registration": lambda world: world.home.registration,
    "events_phonecall": lambda world: world.home.call,
}


# What each service is tried with, by people who may and by people who may not.
SERVICES = {
    "services.desk.create_event": Call(by="officer", given=lambda side: _new_event(), anywhere=True),
    "services.desk.update_event": Call(
        by="officer", given=lambda side: {"event": side.event, "title": "Another title"}
    ),
    "services.desk.publish_event": Call(
        by="officer", given=lambda side: {"event": _event(side, status="draft")}
    ),
    "services.desk.close_event": Call(by="officer", given=lambda side: {"event": side.event}),
    "services.desk.reopen_event": Call(
        by="officer", given=lambda side: {"event": _event(side, status="closed")}
    ),
    "services.desk.cancel_event": Call(by="officer", given=lambda side: {"event": side.event}),
    "services.desk.archive_event": Call(
        by="admin", given=lambda side: {"event": _event(side, status="cancelled")}
    ),
    "services.desk.mark_attended": Call(by="officer", given=lambda side: {"registration": _guest(side)}),
    "services.desk.mark_no_show": Call(by="officer", given=lambda side: {"registration": _guest(side)}),
    "services.desk.unmark": Call(by="officer", given=lambda side: {"registration": _marked(side)}),
    "services.calls.mark_called": Call(by="officer", given=lambda side: {"call": _call(side)}),
    "services.desk.set_walk_ins": Call(
        by="officer", given=lambda side: {"event": _guest(side).event, "count": 3}
    ),
    "services.desk.set_headcount": Call(
        by="supervisor", given=lambda side: {"event": _drop_in(side), "count": 3}
    ),
    "services.hours.follow_zone": Call(
        by="admin",
        given=lambda side: {"old": ZoneInfo("America/Chicago"), "new": ZoneInfo("UTC"), "keep_hours": True},
        anywhere=True,
    ),
    "services.places.register_business": Call(
        by="owner",
        who="user",
        given=lambda side: {"event": _event(side), "business": _partner(side), "party_size": 2},
    ),
    "services.places.enter_registration": Call(
        by="officer", given=lambda side: {"event": side.event, "name": "Guest", "party_size": 1}
    ),
    "services.places.cancel_place": Call(by="owner", given=lambda side: {"registration": side.registration}),
    "services.places.resize_place": Call(
        by="owner", given=lambda side: {"registration": side.registration, "party_size": 3}
    ),
}
