"""Acts that start at the same moment, each with a connection of its own."""

import threading
from typing import Any

from django.db import connection


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
