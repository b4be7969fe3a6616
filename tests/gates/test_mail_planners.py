"""Gate 5: ten planners at once make one row per key. Without the key they make many."""

import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from core import clock
from core.mail.models import OutgoingMail, Reminder
from core.mail.reminders import plan, planning
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
        planned = Reminder.objects.filter(subject_id__in=[each.pk for each in people])
        assert planned.count() == planned.values("key").distinct().count() == len(people)


@pytest.mark.gate(5)
@pytest.mark.django_db(transaction=True)
def test_without_the_unique_key_planners_at_once_make_many_rows(monkeypatch):
    """Negative control: the same planners, with the database's key taken away."""
    event = EventFactory(starts_at=clock.now() + timedelta(days=5))
    people = [place(event) for _ in range(6)]
    moment = morning(event)
    start = threading.Barrier(PLANNERS)
    rows = planning.due_rows

    def all_together(*arguments):
        # Every planner has looked before the first one writes.
        found = rows(*arguments)
        if found:
            with contextlib.suppress(threading.BrokenBarrierError):
                start.wait(10)
        return found

    monkeypatch.setattr(planning, "due_rows", all_together)
    with without_unique_key():
        at_once(lambda: plan(moment))
        planned = Reminder.objects.filter(subject_id__in=[each.pk for each in people])
        assert planned.count() > planned.values("key").distinct().count()
        Reminder.objects.all().delete()


@contextlib.contextmanager
def without_unique_key():
    """Take the unique constraint of the key away, and put it back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'mail_reminder'::regclass AND contype = 'u'"
        )
        (name,) = cursor.fetchone()
        cursor.execute(f'ALTER TABLE mail_reminder DROP CONSTRAINT "{name}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE mail_reminder ADD CONSTRAINT "{name}" UNIQUE (key)')
