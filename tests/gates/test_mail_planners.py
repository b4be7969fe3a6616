"""Gate 5: ten planners at once make one row per key. Without the key they make many."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from core import clock
from core.models import OutgoingMail
from core.reminders import plan
from tests.factories.core import mail
from tests.factories.events import EventFactory, morning, place
from tests.gates import scale

PLANNERS = 10


def at_once(work: Callable[[], object]) -> list[BaseException]:
    """Run `work` in ten threads that start together; returns what they raised."""
    start = threading.Barrier(PLANNERS)
    raised: list[BaseException] = []

    def run() -> None:
        try:
            start.wait()
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(PLANNERS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return raised


@pytest.mark.gate(5)
@pytest.mark.django_db(transaction=True)
def test_ten_planners_at_once_make_one_row_per_key():
    now = clock.now()
    for number in range(scale(50)):
        event = EventFactory(starts_at=now + timedelta(days=5, hours=number))
        people = [place(event) for _ in range(6)]
        moment = morning(event)
        assert at_once(lambda: plan(moment)) == []  # noqa: B023
        rows = OutgoingMail.objects.filter(room="events", template="events/reminder")
        rows = rows.filter(subject_id__in=[each.pk for each in people])
        assert sorted(rows.values_list("subject_id", flat=True)) == [each.pk for each in people]


@pytest.mark.gate(5)
@pytest.mark.django_db(transaction=True)
def test_the_race_is_real_without_the_key():
    """Looking first and inserting then, as a planner without unique keys would, makes many."""
    start = threading.Barrier(PLANNERS)

    def naive() -> None:
        found = OutgoingMail.objects.filter(subject_id=1).exists()
        start.wait()
        if not found:
            mail(key=uuid.uuid4().hex, subject_id=1)

    assert at_once(naive) == []
    assert OutgoingMail.objects.filter(subject_id=1).count() == PLANNERS
