"""The demonstration: each room plays its own part of it, at the times that it tells of.

A room's part stands in its `demo.py`, or a package of that name: `play(demo)`, and `close(demo)` where
something is left to do when all have played. The rooms play from below, so that each finds the rows of the
rooms it stands on, and close from above.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from core import clock, context, rooms
from core.models import Department

from .moments import Moments

DOMAIN = "riverton.example"
RIVERTON = {
    "name": "Riverton Police Department",
    "short_name": "Riverton Police",
    "email": f"partnerships@{DOMAIN}",
    "phone": "555-0100",
    "postal_address": "100 Main Street\nRiverton, IL 60600",
    "accommodation_contact": "Accessibility coordinator, 555-0101",
}
BEGAN = timedelta(days=900)  # so long ago the department took the product up
Tell = Callable[[str], None]
Made = TypeVar("Made")


class Demonstration:
    """What a room's part is given: the days around today, and what the rooms below have made.

    Args:
        moments: the days around today.
        tell: told what is being done, a line each.
    """

    def __init__(self, moments: Moments, tell: Tell) -> None:
        self.moments = moments
        self.tell = tell
        self.counts: list[str] = []
        self._made: dict[type, Any] = {}

    @property
    def began(self) -> datetime:
        """When the department took the product up."""
        return self.moments.now - BEGAN

    def made(self, kind: type[Made]) -> Made:
        """What a room below has made.

        Args:
            kind: the class of what its `play` returned.

        Raises:
            LookupError: no room below returned one.
        """
        if kind not in self._made:
            raise LookupError(f"No room below has made a {kind.__name__}.")
        found: Made = self._made[kind]
        return found

    def keep(self, made: object) -> None:
        """Keep what a room has made for the rooms above, under its class."""
        if made is not None:
            self._made[type(made)] = made

    def count(self, number: int, what: str) -> None:
        """Say at the end how many there are: `count(16, "events")`."""
        self.counts.append(f"{number:,} {what}")


@transaction.atomic
def build(tell: Tell) -> list[str]:
    """Load the demonstration into an empty product.

    Args:
        tell: told what is being done, a line each.

    Returns:
        What was made: numbers with words, such as `"16 events"`.
    """
    department, _made = Department.objects.update_or_create(pk=1, defaults=RIVERTON)
    demo = Demonstration(Moments(clock.now(), department.zone, department.working_days), tell)
    with timezone.override(department.zone), context.acting(actor_label="demonstration"):
        for _room, play in reversed(list(rooms.offered("demo", "play"))):
            demo.keep(play(demo))
            _count_anew()
        for _room, close in rooms.offered("demo", "close"):
            close(demo)
        _count_anew()
    return demo.counts


def _count_anew() -> None:
    """Let the database look at its tables: for one that it takes to be empty it plans very slow queries."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
