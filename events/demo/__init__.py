"""This room's part of the demonstration: events that were, with who came, and events to come."""

from accounts.demo import People
from core.demo import Demonstration
from events.models import Event
from partnerships.businesses.demo import Shops
from partnerships.businesses.models import Business

from .occasions import Stage, occasions


def play(demo: Demonstration) -> None:
    """Play every event, in the order in which they begin."""
    demo.tell("Events")
    shops = demo.made(Shops).all
    for shop in shops:  # as the applications left them
        shop.business = Business.objects.select_related("organization").get(pk=shop.business.pk)
    stage = Stage(demo.moments, demo.made(People).users, shops)
    for occasion in sorted(occasions(demo.moments), key=lambda each: each.starts):
        stage.play(occasion)


def close(demo: Demonstration) -> None:
    """Count the events."""
    demo.count(Event.objects.count(), "events")
