"""A person's privacy export: what every room holds on them, and the kernel's own part of it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from core import clock, rooms
from core.models import Department


def export(user: Any) -> dict[str, Any]:
    """Everything that is held on a person, by room, as values that JSON knows.

    Nothing of other people is in it, no secret of their account, and nothing that reviewers wrote.

    Args:
        user: whose.
    """
    return {
        "about": user.email,
        "made_at": clock.now(),
        "made_by": str(Department.current().name),
        **{part: held_on(user) for part, held_on in parts()},
    }


def parts() -> Iterator[tuple[str, Callable[[Any], dict[str, Any]]]]:
    """The parts of an export by their names, `PART` and `held_on` in the rooms' `privacy.py`, from below."""
    for room, held_on in reversed(list(rooms.offered("privacy", "held_on"))):
        found = rooms.file(room, "privacy")
        yield str(getattr(found, "PART", room)), held_on


def values(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """Some columns of a row, by name; foreign keys as the words that name their row, choices in words.

    Args:
        row: with what it names selected along.
        names: of its columns.
    """
    return {name: _told(row, name) for name in names}


def _told(row: Model, name: str) -> Any:
    in_words = getattr(row, f"get_{name}_display", None)
    value = getattr(row, name) if in_words is None else in_words()
    return str(value) if isinstance(value, (Model, Promise)) else value
