"""What each room's tests offer to the tests that walk through all rooms: fixed names in files of fixed names.

As `core.rooms` reads the rooms, this reads the folders of their tests: `tests/<room>/world.py`, `pages.py`,
`matrix.csv` and `queries.csv`. A room without a folder of its own has them in that of the room around it.
"""

import csv
import importlib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from core import rooms

TESTS = Path(__file__).parent.parent
# What may stand in the files, each with a sentence.
OFFERS = {
    "world": {
        "SERVICES": "a `Call` for each service",
        "SAMPLES": "for each URL with arguments the objects of one side that it is tried on",
        "ADMIN_ROWS": "for each model in the admin the row that its pages are tried on, by `<app>_<model>`",
        "EDITS": "who opens each page with a form over a row",
        "MORE_STEPS": "further steps of these pages, as pairs of a URL and its step",
        "FOREIGN": "models whose rows have an owner, with the name of such a row on a side",
        "MOVING": "models whose triggers rest while `grow` adds rows",
        "fill": "adds to a side what its owner and its officer work on; the rooms below have filled theirs",
        "finish": "adds to a side what hangs on rows of rooms above",
        "settle": "adds to a side what belongs to no district",
        "grow": "adds rows to a side, so many of each kind",
    },
    "pages": {
        "NO_PAGES": "URLs that answer with a file, a feed or a line for machines",
        "SEND_ON": "URLs that only ever send on",
        "OPENS_FOR": "as whom a page opens that is one in a state that the matrix has not",
        "RICHER": "what of the demonstration is opened in place of a sample",
        "more": "further faces of pages: filtered, empty, missing",
        "LONG": "columns of a side's rows that are given the longest word",
        "LONG_ON": "pages that show these, each with what is asked of it",
        "MADE_BY_US": "columns that no person types",
        "SHOWN_NOWHERE": "columns that people type and no page shows",
    },
}


def folder(room: str) -> str:
    """The folder of a room's tests, by its name under `tests`."""
    while not (TESTS / rooms.label(room) / "__init__.py").exists():
        room, dot, _inner = room.rpartition(".")
        if not dot:
            raise LookupError("A room has its tests in tests/<room>.")
    return rooms.label(room)


def folders() -> tuple[str, ...]:
    """The folders of all rooms' tests, from the top down."""
    return tuple(dict.fromkeys(folder(room) for room in rooms.names()))


def file(where: str, name: str) -> ModuleType | None:
    """A module of a room's tests, or `None` when there is none."""
    module = f"tests.{where}.{name}"
    return importlib.import_module(module) if find_spec(module) else None


def offered(name: str, what: str) -> Iterator[Any]:
    """What the rooms' tests offer under one name, from the top down.

    Args:
        name: of the file, a key of `OFFERS`.
        what: the name in it.
    """
    assert what in OFFERS[name], f"{what} is no name that {name}.py may offer"
    for where in folders():
        found = getattr(file(where, name), what, None)
        if found is not None:
            yield found


def merged(name: str, what: str) -> dict[Any, Any]:
    """The mappings that the rooms' tests offer, in one; no key may come twice."""
    found: dict[Any, Any] = {}
    for each in offered(name, what):
        twice = found.keys() & each.keys()
        assert not twice, f"{what} of two rooms has {sorted(map(str, twice))}"
        found |= each
    return found


def faults() -> Iterator[str]:
    """Names in these files that nobody reads and that look like one that is read."""
    for where in folders():
        for name, known in OFFERS.items():
            there = {each for each in vars(file(where, name) or object) if not each.startswith("_")}
            for each in sorted(there - known.keys()):
                for meant in get_close_matches(each, known.keys() - there, n=1, cutoff=rooms.ALIKE):
                    yield f"tests/{where}/{name}.py has {each}: call it {meant}"


# -- tables --


def room_of(name: str, view: Any) -> str:
    """The folder in whose tables a URL stands.

    Args:
        name: the URL's full name.
        view: what it calls. A view of another package belongs to Django's admin, and so to the kernel, or
            is one of those for signing in.
    """
    model = name.removeprefix("admin:").partition("_")[0] if name.startswith("admin:") else ""
    module = view.__module__
    inside = (each for each in rooms.names() if rooms.label(each) == model)
    found = next(inside, None) or next((r for r in rooms.names() if f"{module}.".startswith(f"{r}.")), None)
    return folder(found or ("core" if name.startswith("admin:") else "accounts"))


def table(file_name: str) -> dict[str, list[dict[str, str]]]:
    """The rows of a table that each room has a part of, by folder."""
    found = {}
    for where in folders():
        path = TESTS / where / file_name
        if path.exists():
            with path.open(newline="") as lines:
                found[where] = list(csv.DictReader(lines))
    return found


def write(
    file_name: str, columns: list[str], rows: Iterable[Mapping[str, Any]], views: Mapping[str, Any]
) -> None:
    """Write a table anew, each row into its room's part.

    Args:
        file_name: the same in each folder.
        columns: the first is `url`.
        rows: the whole table.
        views: what each URL calls.
    """
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        parts.setdefault(room_of(row["url"], views[row["url"]]), []).append(row)
    for where in folders():
        path = TESTS / where / file_name
        if where not in parts:
            path.unlink(missing_ok=True)
            continue
        with path.open("w", newline="") as out:
            writer = csv.DictWriter(out, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(parts[where])


def misplaced(file_name: str, views: Mapping[str, Any]) -> list[str]:
    """Rows that stand in another room's part of a table than in their own."""
    return [
        f"{row['url']} stands in tests/{where}/{file_name}, its place is tests/{right}"
        for where, rows in table(file_name).items()
        for row in rows
        if row["url"] in views and (right := room_of(row["url"], views[row["url"]])) != where
    ]
