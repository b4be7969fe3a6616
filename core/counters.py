"""Counts with an end, kept in Postgres. They hold under parallel requests, as the cache's own do not."""

import time

from django.core.cache import cache
from django.db import transaction

from . import locks


def count_of(name: str) -> int:
    """What was counted so far, 0 once its life has ended.

    Args:
        name: what is counted.
    """
    count, ends = cache.get(name) or (0, 0.0)
    return int(count) if ends > time.time() else 0


def count_up(name: str, life: int) -> int:
    """Add one and tell the new count. The count ends `life` seconds after its first one, whatever follows.

    `cache.incr` reads, then writes, and starts the life anew each time; so one at a time, with the end kept.

    Args:
        name: what is counted.
        life: seconds.

    Returns:
        The count with this one, 1 for the first.
    """
    with transaction.atomic():
        locks.one_at_a_time(f"count:{name}")
        now = time.time()
        count, ends = cache.get(name) or (0, 0.0)
        if ends <= now:
            count, ends = 0, now + life
        cache.set(name, (count + 1, ends), max(int(ends - now), 1))
    return int(count) + 1
