"""A database that takes connections and never answers counts as away after a moment.

A frozen server, or one whose disk hangs, still has a kernel that takes what is sent to it. Nothing that the
server itself could limit helps, so the waiting ends on our side.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any, Self

import psycopg
from django.conf import settings
from django.db import OperationalError
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg.abc import RV, PQGen, PQGenConn

_end: ContextVar[float | None] = ContextVar("end", default=None)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Wait for the database no longer than this, all that is asked within the block taken together.

    What is asked after that fails with `OperationalError`, and the connection is closed.
    """
    end, outer = monotonic() + seconds, _end.get()
    token = _end.set(end if outer is None else min(end, outer))
    try:
        yield
    finally:
        _end.reset(token)


class Connection(psycopg.Connection[Any]):
    """One that waits as long as `patience` says."""

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> PQGenConn[Self]:
        """As psycopg's, which waits two seconds at least."""
        steps, end = super()._connect_gen(conninfo), _end.get()
        wanted = next(steps)
        while True:
            ready = yield wanted
            if end is not None and monotonic() > end:
                steps.close()
                raise psycopg.errors.ConnectionTimeout("The database did not answer in time.")
            try:
                wanted = steps.send(ready)
            except StopIteration as done:
                connected: Self = done.value
                return connected

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As psycopg's, until the patience is over."""
        end = _end.get()
        if end is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, max(0.0, end - monotonic()))
        except psycopg.errors._WaitTimeout:
            self.close()  # the answer may still come; nobody waits for it
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, which asks a kept connection at the start of each request whether it still stands.

    It takes Django's options but `pool` and `isolation_level`.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        """Connect, or find the database away."""
        self.isolation_level = IsolationLevel.READ_COMMITTED
        with patience(settings.DATABASE_PATIENCE):
            return Connection.connect(**conn_params)

    def is_usable(self) -> bool:
        """Whether the connection answers."""
        with patience(settings.DATABASE_PATIENCE):
            return super().is_usable()

    def close_if_health_check_failed(self) -> None:
        """Close a connection that broke. From a database that is silent, expect no answer to a new one.

        Raises:
            OperationalError: it is silent.
        """
        asked = monotonic()
        super().close_if_health_check_failed()
        if self.connection is None and monotonic() - asked >= settings.DATABASE_PATIENCE:
            raise OperationalError("The database did not answer in time.")
