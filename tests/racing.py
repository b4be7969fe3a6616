"""Acts that start at the same moment, each with a connection of its own."""

import threading
from typing import Any

from django.db import connection, transaction


def race(acts):
    """Run the acts in threads that start together; what each returned or raised."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place, act):
        try:
            start.wait(20)
            results[place] = act()
        except Exception as error:  # every kind of failure is looked at below
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return results


def until_waiting(sessions):
    """Go on when as many sessions of this database stand before a lock."""
    for _try in range(2000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_stat_clear_snapshot()"
            )  # else a transaction sees the same sessions for ever
            cursor.execute(
                "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid) "
                "WHERE NOT granted AND datname = current_database()"
            )
            if cursor.fetchone()[0] >= sessions:
                return
            cursor.execute("SELECT pg_sleep(0.005)")
    raise AssertionError(f"There are not {sessions} sessions that wait.")


def in_line(behind, *acts):
    """Start the acts one behind the other while a row is held; what each returned or raised.

    Args:
        behind: a query for the row that is held until all of them wait.
        acts: each begins when those before it stand before a lock.
    """
    results: list[Any] = [None] * len(acts)

    def run(place, act):
        try:
            results[place] = act()
        except Exception as error:  # every kind of failure is looked at by the test
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    with transaction.atomic():
        list(behind.select_for_update())
        for number, each in enumerate(threads, 1):
            each.start()
            until_waiting(number)
    for each in threads:
        each.join()
    return results
