"""Events and registrations, made through the services as the desk and the public do."""

from datetime import datetime, time, timedelta
from typing import Any

import factory

from core import clock
from core.models import Department
from events import services
from events.models import Event, Registration

from .accounts import OfficerFactory

_STEPS = {
    "draft": (),
    "published": (services.publish_event,),
    "closed": (services.publish_event, services.close_event),
    "cancelled": (services.publish_event, services.cancel_event),
}


class EventFactory(factory.django.DjangoModelFactory):
    """A published workshop of two hours, ten days from now, with room for 40.

    `status` takes any; `in_days` may be negative: the event was then made and published before it took place.
    """

    class Meta:
        model = Event

    title = factory.Sequence(lambda n: f"Robbery prevention workshop {n}")
    kind = "workshop"
    summary = "How to keep your till, your staff and yourself safe."
    venue_name = "Lincoln Branch Library"
    street = "1150 W Fullerton Ave"
    city = "Riverton, IL 60614"
    capacity = 40

    @classmethod
    def _create(cls, model_class, *args, status="published", actor=None, in_days=10, hours=2, **kwargs):
        actor = actor or OfficerFactory()
        starts = kwargs.pop("starts_at", None) or (clock.now() + timedelta(days=in_days)).replace(
            minute=0, second=0, microsecond=0
        )
        ends = kwargs.pop("ends_at", None) or starts + timedelta(hours=hours)
        made = min(clock.now(), starts - timedelta(days=10))
        with clock.at(made):
            event = services.create_event(actor=actor, starts_at=starts, ends_at=ends, **kwargs)
            for step in _STEPS[status]:
                event = step(event=event, actor=actor)
        return Event.objects.get(pk=event.pk)


def place(
    event: Event, name: str = "Ana Ortiz", party_size: int = 1, email: str = "", **more: Any
) -> Registration:
    """A registration with a seat, or in line where the event is full, entered by the desk without a mail."""
    number = Registration.objects.count()
    return services.enter_registration(
        event=event,
        actor=more.pop("actor", None),
        name=name,
        email=email or f"guest{number}@people.example",
        party_size=party_size,
        notify=more.pop("notify", False),
        **more,
    )


def morning(event: Event, days: int = -1, *, of: str = "starts_at") -> datetime:
    """When a rule of days is due: 8:00 of a local day before or after the event's start or end.

    Args:
        event: the event.
        days: negative for before.
        of: `starts_at` or `ends_at`.
    """
    zone = Department.current().zone
    day = getattr(event, of).astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(8), tzinfo=zone)
