"""More of everything that a page may list: the world with three rows of a kind, and with three hundred."""

from types import SimpleNamespace

from django.db import connection

from tests.access.offered import offered
from tests.bench.filling import as_if_grown


def grow(side: SimpleNamespace, numbers: range) -> None:
    """Add rows to one side of the world, so many of each kind, where its owner and its officer see them.

    Each room's `grow` in `tests/<room>/world.py` adds its own, from below.

    Args:
        side: of `tests.access.world`.
        numbers: tells the new rows from others.
    """
    moving = [model for models in offered("world", "MOVING") for model in models]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    as_if_grown(*moving, on=True)
    for add in reversed(list(offered("world", "grow"))):
        add(side, numbers)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    as_if_grown(*moving, on=False)
