"""The services that take an `actor`, and a call of each that would change something: read from the rooms.

A room's `tests/<room>/world.py` holds `SERVICES`: for each of its services, by the name under which it is
found, a `Call`. `actor` is who is asked; a helper that only notes who caused a change names it `by`.
"""

import copy
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

from django.db import connection

# Where `actor` is no question: the record itself, and what follows from a move that was permitted.
RECORDS = ("core.audit", "core.workflow")
FOLLOWS = "effects"
# Asks beforehand what the service of the same name would refuse, and writes nothing.
ASKS = "_refusal"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a service that changes something when the right person makes it.

    Args:
        by: who may: "owner", "officer", "supervisor" or "admin", of the side that it is built on.
        given: its arguments but the actor, from the objects of one side of `tests.access.world`.
        who: the name of the argument that is asked.
        anywhere: nothing that it touches lies in a district, so an officer of any district may.
        anyone: every member may: what it touches belongs to nobody yet.
    """

    by: str
    given: Callable[[SimpleNamespace], dict[str, Any]]
    who: str = "actor"
    anywhere: bool = False
    anyone: bool = False

    def __call__(self, service: Callable[..., Any], arguments: dict[str, Any], person: Any) -> Any:
        """Call the service as `person`, on copies: what it does to them is not seen by the next call."""
        return service(**copy.deepcopy(arguments), **{self.who: person})


def modules(room: str) -> Iterator[ModuleType]:
    """Every module of a room but its migrations."""
    package = importlib.import_module(room)
    yield package
    for each in pkgutil.walk_packages(package.__path__, f"{room}."):
        if "migrations" not in each.name.split("."):
            yield importlib.import_module(each.name)


def takes_actor(function: Any) -> bool:
    """Whether a function asks for an `actor`."""
    return inspect.isfunction(function) and "actor" in inspect.signature(function).parameters


def services(room: str) -> dict[str, Callable[..., Any]]:
    """The public functions of a room that take an `actor`, by `<module>.<name>` inside the room."""
    return {
        f"{module.__name__}.{name}".removeprefix(f"{room}."): function
        for module in modules(room)
        if module.__name__ not in RECORDS and module.__name__.rpartition(".")[2] != FOLLOWS
        for name, function in vars(module).items()
        if not name.startswith("_")
        and not name.endswith(ASKS)
        and takes_actor(function)
        and _home(function) == module.__name__
    }


def _home(function: Any) -> str:
    return str(inspect.unwrap(function).__module__)


def find(room: str, name: str) -> Callable[..., Any]:
    """A function of a room by `<module>.<name>`."""
    module, _dot, function = f"{room}.{name}".rpartition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


def fingerprint(*, but: Collection[str] = ()) -> str:
    """Every row of every table, in one word: the same before and after what changed nothing.

    Args:
        but: tables that are left out, such as the one that notes each click.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
            "ORDER BY relname"
        )
        tables = [name for (name,) in cursor.fetchall() if name not in but]
        each = " || ".join(
            f"(SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '-') FROM \"{name}\" t)"  # noqa: S608
            for name in tables
        )
        cursor.execute(f"SELECT md5({each})")
        return str(cursor.fetchone()[0])
