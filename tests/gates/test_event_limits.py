"""The site's own limits hold under parallel requests, and their window has an end."""

import threading

import pytest
from django.core.cache import cache
from django.db import connection

from core import counters, locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.gate(14)]
RIVALS = 8


@pytest.fixture(autouse=True)
def _no_counts_left(db):
    cache.clear()


def count_together():
    """What each of several threads was told by the counter when they counted at once."""
    start, found = threading.Barrier(RIVALS), []

    def run():
        try:
            start.wait(20)
            found.append(counters.count_up("shared", 600))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(RIVALS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sorted(found)


def test_every_request_of_a_crowd_counts():
    assert count_together() == list(range(1, RIVALS + 1))
    assert counters.count_of("shared") == RIVALS


def test_without_the_lock_a_crowd_counts_as_fewer(monkeypatch):
    """The negative control: reading and writing without the lock loses counts."""
    here = threading.Barrier(RIVALS)
    read = cache.get

    def read_together(key, *more):
        value = read(key, *more)
        here.wait(20)  # everyone has read before anyone writes
        return value

    monkeypatch.setattr(locks, "one_at_a_time", lambda name: None)
    monkeypatch.setattr(cache, "get", read_together, raising=False)
    assert max(count_together()) < RIVALS


def test_the_window_ends_when_the_first_request_said(monkeypatch):
    now = [1_000_000.0]
    kept = {}
    monkeypatch.setattr(cache, "get", lambda key, *more: kept.get(key), raising=False)
    monkeypatch.setattr(cache, "set", lambda key, value, life: kept.update({key: value}), raising=False)
    monkeypatch.setattr(counters.time, "time", lambda: now[0])
    assert counters.count_up("one", 600) == 1
    now[0] += 599
    assert counters.count_up("one", 600) == 2
    now[0] += 2
    assert counters.count_up("one", 600) == 1
