"""This room's part of the worlds that tests walk through."""

from datetime import timedelta
from typing import Any

from core import clock
from tests.access.refusals import Call
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
    "services.desk.set_walk_ins": Call(
        by="officer", given=lambda side: {"event": _guest(side).event, "count": 3}
    ),
    "services.desk.set_headcount": Call(
        by="supervisor", given=lambda side: {"event": _drop_in(side), "count": 3}
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
