"""Who is acting in this request or task: read by the audit, set by the middleware and the commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Context:
    """The circumstances of a change.

    Args:
        actor_id: primary key of the user, `None` for the system.
        actor_label: how the audit names them, such as "Officer Dana Reyes" or "system".
        address: IP address of the client, empty outside a request.
        request_id: the id shown on error pages and in the log.
    """

    actor_id: int | None = None
    actor_label: str = "system"
    address: str = ""
    request_id: str = ""


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
