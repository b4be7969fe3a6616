"""Database connections of long-lived processes."""

from django.db import close_old_connections, connection


def drop_stale_connections() -> None:
    """Close connections that broke or grew old, so that a worker outlives a restart of the database.

    Inside a transaction nothing is closed: the caller is in the middle of something.
    """
    if not connection.in_atomic_block:
        close_old_connections()
