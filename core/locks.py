"""Locks by name, for what has no row yet that could be locked."""

from django.db import connection


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
