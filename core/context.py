"""Who is acting in this request or task: read by the audit, set by the middleware and the commands."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

ValueT = TypeVar("ValueT")


@dataclass(frozen=True)
class Context:
    """The circumstances of a change.

    Args:
        actor_id: primary key of the user, `None` for the system.
        actor_label: how the audit names them, such as "Officer Dana Reyes" or "system".
        address: IP address of the client, empty outside a request.
        request_id: the id shown on error pages and in the log.
        kept: what was read once, by its key, while this request only reads; `None` elsewhere.
    """

    actor_id: int | None = None
    actor_label: str = "system"
    address: str = ""
    request_id: str = ""
    kept: dict[Hashable, Any] | None = field(default=None, compare=False, repr=False)


NOBODY = Context()
_current: ContextVar[Context] = ContextVar("context")


def current() -> Context:
    """The circumstances of what is being done now."""
    return _current.get(NOBODY)


@contextmanager
def acting(**changes: object) -> Iterator[Context]:
    """Set some of the circumstances for the length of a block."""
    token = _current.set(replace(current(), **changes))  # type: ignore[arg-type]  # checked by replace
    try:
        yield current()
    finally:
        _current.reset(token)


def once(key: Hashable, read: Callable[[], ValueT]) -> ValueT:
    """The answer of `read`, kept for the rest of a request that only reads.

    A page asks for the same facts about its reader for every set of rows that it shows. Elsewhere, as in a
    request that writes, they are read each time: what was just changed counts at once.

    Args:
        key: names the fact, and whose it is.
        read: reads it.
    """
    kept = current().kept
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: ValueT = kept[key]
    return found
