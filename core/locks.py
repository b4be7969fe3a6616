"""Locks by name, for what has no row yet that could be locked."""

from typing import Any

from django.db import DatabaseError, InterfaceError, connection


def one_at_a_time(name: str) -> None:
    """Wait until nobody else works under this name. The lock ends with the transaction that is open.

    Args:
        name: what is done, and to what.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def if_free(name: str) -> bool:
    """Take a lock by name until the open transaction ends, unless someone holds it.

    Args:
        name: what is done, and to what.

    Returns:
        Whether it was taken.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        row = cursor.fetchone()
    return bool(row and row[0])


class ConnectionLock:
    """A lock by name that outlives transactions; the server frees it when the connection ends in any way.

    Args:
        name: what is done, and to what.
        idle_for: seconds after which the server ends a connection that holds the lock and does nothing, so
            that no lock stays with a machine that vanished. Not inside a transaction.
    """

    def __init__(self, name: str, *, idle_for: float) -> None:
        self._name = name
        self._idle_for = idle_for
        self._taken_on: Any = None  # the connection to the server, which Django may replace

    def take(self) -> bool:
        """Take the lock unless someone holds it; returns whether it was taken."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [self._name])
            if cursor.fetchone() != (True,):
                return False
            self._taken_on = connection.connection
            milliseconds = str(round(self._idle_for * 1000))
            cursor.execute("SELECT set_config('idle_session_timeout', %s, false)", [milliseconds])
        return True

    @property
    def is_held(self) -> bool:
        """The connection on which it was taken still stands, as far as we know."""
        return self._taken_on is not None and self._taken_on is connection.connection

    def release(self) -> None:
        """Give the lock back, if it was taken; never raises for a connection that broke."""
        if not self.is_held:
            return
        self._taken_on = None
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [self._name])
                cursor.execute("RESET idle_session_timeout")
        except (DatabaseError, InterfaceError):
            connection.close()  # the lock ends with it
