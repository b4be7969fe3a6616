"""This room's part of the demonstration: a ladder is out."""

from datetime import timedelta

from accounts.demo import People
from core import clock
from core.demo import Demonstration
from partnerships.businesses.demo import Shops

from . import services
from .models import Loan


def play(demo: Demonstration) -> None:
    """Lend a ladder to the first shop."""
    shop = demo.made(Shops).all[0]
    with clock.at(demo.moments.days(-3)):
        services.lend(
            business=shop.business,
            title="Tall ladder",
            email=f"hello@{shop.key}.example",
            due_on=demo.moments.today + timedelta(days=4),
            actor=demo.made(People).users["reyes"],
        )


def close(demo: Demonstration) -> None:
    """Count what is out."""
    demo.count(Loan.objects.filter(title="Tall ladder").count(), "tools")
