"""A source of reminders that finds nothing."""

from collections.abc import Collection, Iterator
from typing import Any

from core.mail.models import ReminderRule
from core.mail.reminders import Matter, Near, Notice, ReminderSource, Watched

from .emails import NOTE


def find(*, near: Near | None = None, ids: Collection[int] | None = None) -> Iterator[Watched]:
    """Nothing is ever due."""
    yield from ()


def write(rule: ReminderRule, watched: Watched) -> Notice:
    """Nobody calls it: nothing is found."""
    raise NotImplementedError


def matters(user: Any, ids: Collection[int]) -> dict[int, Matter]:
    """Nothing exists for anybody."""
    return {}


SOURCES = [
    ReminderSource(key="sample_room.day", label="a day", mail=NOTE, find=find, write=write, matters=matters)
]
