"""What the rooms offer to the kernel and to each other: fixed names in files of fixed names.

`config/rooms.py` lists the rooms, top to bottom. A room that offers reminders has `reminders.py` with
`SOURCES`; one that has no such file offers none. `core.checks` names a file or a name that is misspelled.
Nothing registers itself: what a room offers stands in its own files, and `OFFERS` is the whole list of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config import rooms

ALIKE = 0.8  # from here on a name is a misspelling of another one; `readers` and `reminders` lie below


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A file of a room, and what the kernel looks for in it.

    Args:
        what: what it is, in words.
        needs: names that the file must have.
        may: names of which a file without `needs` has at least one.
    """

    what: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


OFFERS: dict[str, Offer] = {
    "permissions": Offer(what="who may do what: `dict[str, core.access.Guard]`", needs=("PERMISSIONS",)),
    "emails": Offer(what="every mail that the room can send: `core.mail.outbox.Mail`s", needs=("MAILS",)),
    "reminders": Offer(
        what="what reminders hang on, and the rules that come along with it",
        needs=("SOURCES",),
        may=("REMINDER_RULES",),
    ),
    "privacy": Offer(
        what="what is held on a person: `(user) -> dict`, and the name of this part of their export",
        needs=("held_on", "PART"),
    ),
    "scope": Offer(
        what="where addresses stand that a user sees, whose history a name finds, and which mail; one room "
        "says whose, and who answers",
        may=("addresses", "named", "mail_subjects", "mail_organizations", "reply_addresses"),
    ),
    "story": Offer(
        what="what the pages that draw on several rooms tell of it",
        may=("CHAPTERS", "beside", "day", "city", "home", "figures"),
    ),
    "health": Offer(what="how the room is: `(now) -> list of core.health.Check`", needs=("checks",)),
    "tasks": Offer(
        what="what beat asks for: entries of Celery's schedule by name; one that it never asks for is empty",
        needs=("BEAT",),
    ),
    "jobs": Offer(what="long work that the workers carry out: `core.jobs.kinds.JobKind`s", needs=("JOBS",)),
    "demo": Offer(
        what="its part of the demonstration: `(core.demo.Demonstration) -> what it made`, and what is left",
        needs=("play",),
        may=("close",),
    ),
    "movers": Offer(
        what="which of its rows follow when a business or an organization is merged into another "
        "(`core.moving`), and what stands in the way of a merge",
        may=("FOLLOWS", "STAYS", "in_the_way"),
    ),
    "new_zone": Offer(
        what="what a new time zone of the department moves: `(old, new) -> list of sentences`, and its act",
        needs=("at_stake", "follow"),
    ),
    "papers": Offer(what="what it prints: `core.paper.Paper`s", needs=("PAPERS",)),
    "urls": Offer(what="its addresses by audience", may=("public_urls", "portal_urls", "desk_urls")),
}
# Files of the kernel itself that ask the rooms for what others offer in files of this name, or of one like
# it.
ASKING = frozenset(
    {
        ("core", "paper"),
        ("core", "privacy"),
        ("core", "health"),
        ("core", "jobs"),
        ("core", "demo"),
        ("core.mail", "reminders"),
        ("core.mail", "scope"),
    }
)


def names() -> tuple[str, ...]:
    """The rooms, top to bottom."""
    return tuple(rooms.ROOMS)


@cache
def file(room: str, name: str) -> ModuleType | None:
    """A room's file of a fixed name, or `None` when it has none. An error inside it is raised."""
    if (room, name) in ASKING or find_spec(f"{room}.{name}") is None:
        return None
    return import_module(f"{room}.{name}")


def offered(name: str, what: str) -> Iterator[tuple[str, Any]]:
    """What the rooms offer under one name, the rooms from the top down.

    Args:
        name: of the file, a key of `OFFERS`.
        what: the name in it.

    Yields:
        The room and what it offers.
    """
    for room in names():
        found = getattr(file(room, name), what, None)
        if found is not None:
            yield room, found


def the_one(name: str, what: str) -> Any:
    """What exactly one room offers.

    Raises:
        ImproperlyConfigured: none does, or several do.
    """
    found = dict(offered(name, what))
    if len(found) != 1:
        raise ImproperlyConfigured(f"One room offers {name}.{what}; here it is {', '.join(found) or 'none'}.")
    return next(iter(found.values()))


def label(room: str) -> str:
    """The last part of a room's name, which is its app label."""
    return room.rpartition(".")[2]


def faults() -> Iterator[tuple[str, str]]:
    """What is misspelled or missing in the files of the rooms.

    Yields:
        What is wrong, and what to do.
    """
    for room in names():
        if find_spec(room) is None:
            yield f"ROOMS names {room}, which can't be imported.", "Write its dotted name."
            continue
        inner = {label(each) for each in names() if each.rpartition(".")[0] == room}
        asking = {name for asks, name in ASKING if asks == room}
        for name in sorted(_files(room) - OFFERS.keys() - inner - asking):
            for meant in get_close_matches(name, OFFERS.keys() - _files(room), n=1, cutoff=ALIKE):
                yield (
                    f"{room}/{name}.py is read by nobody.",
                    f"Call it {meant}.py, if that is what it is: {OFFERS[meant].what}.",
                )
        for name, offer in OFFERS.items():
            found = file(room, name)
            if found is not None:
                yield from _faults_of(room, name, offer, vars(found))


def _faults_of(room: str, name: str, offer: Offer, there: dict[str, Any]) -> Iterator[tuple[str, str]]:
    known = {*offer.needs, *offer.may}
    lacking = [each for each in offer.needs if each not in there]
    if not offer.needs and not known & there.keys():
        lacking = [" or ".join(offer.may)]
    for each in lacking:
        yield f"{room}/{name}.py has no {each}.", f"It offers {offer.what}."
    for each in sorted(there.keys() - known):
        for meant in get_close_matches(each, known - there.keys(), n=1, cutoff=ALIKE):
            yield f"{room}/{name}.py has {each}, which is read by nobody.", f"Call it {meant}."


def _files(room: str) -> set[str]:
    """The names of a room's modules and packages."""
    folder = Path(next(iter(import_module(room).__path__)))
    return {each.stem for each in folder.iterdir() if each.suffix == ".py" or (each / "__init__.py").exists()}
