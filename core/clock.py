"""The one clock of the services. The demonstration and tests set it; tests of the running stack move it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

_held: ContextVar[datetime | None] = ContextVar("held_moment", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC.

    Inside `at(moment)` it is that moment. Where `settings.CLOCK_MAY_MOVE` and the environment's
    `CLOCK_OFFSET_FILE` names a file, the number of seconds in it is added: so a test moves web, worker
    and beat together.
    """
    if (held := _held.get()) is not None:
        return held
    moment = timezone.now()
    name = os.environ.get("CLOCK_OFFSET_FILE", "")
    if settings.CLOCK_MAY_MOVE and name:
        path = Path(name)
        if path.exists():
            moment += timedelta(seconds=float(path.read_text().strip() or 0))
    return moment


def today() -> date:
    """The department's local date."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at `moment` for the length of a block, in this thread or task only.

    `manage.py seed_demo` plays past steps through the services with it, and tests their deadlines.

    Args:
        moment: an aware datetime.

    Raises:
        ValueError: the moment has no time zone.
    """
    if timezone.is_naive(moment):
        raise ValueError("The clock needs a moment with a time zone.")
    token = _held.set(moment)
    try:
        yield moment
    finally:
        _held.reset(token)
