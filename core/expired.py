"""What is over is removed: sessions and kept answers that nobody can use any more."""

from importlib import import_module

from django.conf import settings
from django.db import connection


def purge() -> int:
    """Remove sessions and rows of the cache whose time is over. Neither Django nor PostgreSQL does by itself.

    Returns:
        How many rows of the cache were removed.
    """
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < statement_timestamp()")  # noqa: S608  (a setting)
        return int(cursor.rowcount)
