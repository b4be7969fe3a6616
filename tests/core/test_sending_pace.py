"""Several drains at once: a second one helps with a full outbox, and a rate holds over all of them."""

import json
import threading
import time

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import locks
from core.mail.models import OutgoingMail
from core.mail.outbox.sending import drain
from core.mail.purposes import Status
from core.mail.tasks import drain_outbox
from tests.factories.core import mail, mails
from tests.gates.mail_stack import broker
from tests.gates.test_mail_kill_points import drain_and_die, end_the_leases

pytestmark = pytest.mark.django_db


@pytest.fixture
def hints(settings):
    """The hints in the broker, oldest first: for each, whether it asks for help."""
    client, queue = broker(), settings.CELERY_TASK_DEFAULT_QUEUE
    client.delete(queue)

    def found() -> list[bool]:
        bodies = (json.loads(each)["headers"]["kwargsrepr"] for each in client.lrange(queue, 0, -1)[::-1])
        return ["helping" in each for each in bodies]

    yield found
    client.delete(queue)


def test_a_drain_that_has_more_than_one_batch_asks_for_help_once(sink, settings, hints):
    settings.MAIL_BATCH = 2
    mails(9)
    drain_outbox()
    assert hints() == [True]
    assert len(sink.received) == 9


def test_a_drain_that_can_do_it_alone_asks_nobody(sink, settings, hints):
    settings.MAIL_BATCH = 3
    mails(3)
    drain_outbox()
    assert hints() == []


def test_with_a_rate_nobody_is_asked_for_help_that_would_only_wait(sink, settings, hints):
    settings.MAIL_RATE_PER_SECOND, settings.MAIL_BATCH = 1000, 2
    mails(9)
    drain_outbox()
    assert len(sink.received) == 9
    assert True not in hints()


def test_who_helps_asks_nobody_else_and_leaves_it_to_the_first_to_go_on(sink, settings, hints):
    settings.MAIL_BATCH, settings.MAIL_DRAIN_LIMIT = 2, 0.01
    sink.on_data = lambda _message: time.sleep(0.005)
    mails(20)
    drain_outbox(helping=True)
    assert len(sink.received) < 20
    assert hints() == []
    drain_outbox()
    assert hints() == [True, False]


def test_who_is_asked_for_help_in_vain_asks_the_database_once(sink):
    with CaptureQueriesContext(connection) as found:
        drain(helping=True)
    assert len(found) == 1


RATE, MAILS = 10, 16  # slow enough that a busy machine does not look like a rate


def both_send(settings) -> float:
    """Two workers empty the outbox at a rate; how long it takes from the first look on."""
    settings.MAIL_RATE_PER_SECOND, settings.MAIL_BATCH = RATE, 2
    mails(MAILS)
    start, end = time.monotonic(), time.monotonic() + 20

    def work() -> None:
        try:
            while OutgoingMail.objects.exclude(status=Status.SENT).exists() and time.monotonic() < end:
                drain()
                time.sleep(0.005)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return time.monotonic() - start


@pytest.mark.django_db(transaction=True)
def test_two_workers_keep_the_rate_together(sink, settings):
    assert both_send(settings) >= MAILS / RATE
    assert len(set(sink.ids())) == len(sink.ids()) == MAILS


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_workers_send_faster_than_the_rate(sink, settings, monkeypatch):
    """Each keeps the rate for itself alone."""
    monkeypatch.setattr(locks.ConnectionLock, "take", lambda lock: True)
    monkeypatch.setattr(locks.ConnectionLock, "is_held", True)
    monkeypatch.setattr(locks.ConnectionLock, "release", lambda lock: None)
    assert both_send(settings) < MAILS / RATE


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_takes_its_turn_with_it(sink, settings):
    settings.MAIL_RATE_PER_SECOND = 100
    row = mail()
    drain_and_die("attempting")
    end_the_leases()
    end = time.monotonic() + 5
    while not sink.received and time.monotonic() < end:  # the server sees within milliseconds that it is gone
        drain()
    assert sink.ids() == [row.message_id]


@pytest.mark.django_db(transaction=True)
def test_a_drain_that_loses_its_connection_sends_no_more_before_it_has_the_turn_again(sink, settings):
    settings.MAIL_RATE_PER_SECOND = 100
    mails(3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()
    other = locks.ConnectionLock("mail-rate", idle_for=60)
    done, taken = threading.Event(), threading.Event()

    def another_drains_turn() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
        assert other.take()
        taken.set()
        assert done.wait(10)
        connection.close()

    def cut(message: object) -> None:
        sink.on_data = None
        threading.Thread(target=another_drains_turn).start()
        assert taken.wait(10)

    sink.on_data = cut
    tally = drain()
    assert (tally.sent, tally.released, tally.more) == (1, 2, True)
    assert drain().sent == 0, "it is not our turn"
    done.set()
    end = time.monotonic() + 5
    while len(sink.received) < 3 and time.monotonic() < end:
        drain()
    assert len(set(sink.ids())) == len(sink.ids()) == 3


@pytest.mark.django_db(transaction=True)
def test_a_lock_whose_machine_is_gone_without_a_word_is_free_again(sink):
    held = locks.ConnectionLock("mail-rate", idle_for=0.1)
    assert held.take()
    stale = connection.connection  # open, and silent
    connection.connection = None
    again, end = locks.ConnectionLock("mail-rate", idle_for=60), time.monotonic() + 5
    assert not again.take()
    while not again.take():
        assert time.monotonic() < end
        time.sleep(0.02)
    again.release()
    stale.close()


def test_mail_that_came_at_the_end_of_a_turn_is_not_left_to_the_next_tick(sink, settings, monkeypatch):
    """Its hint found the turn taken, right after the drain had found nothing more."""
    settings.MAIL_RATE_PER_SECOND = 100
    mail()
    release, ends = locks.ConnectionLock.release, iter([False, True])

    def and_mail_comes(lock):
        if lock._name == "mail-rate" and next(ends):
            mail()
        release(lock)

    monkeypatch.setattr(locks.ConnectionLock, "release", and_mail_comes)
    tally = drain()
    assert (tally.sent, tally.more) == (1, True)


@pytest.mark.parametrize(
    ("setting", "value", "fault"),
    [
        ("EMAIL_TIMEOUT", 60, "mail.E001"),
        ("MAIL_LEASE", 60, "mail.E001"),
        ("MAIL_DRAIN_LIMIT", 30, "mail.E003"),
        ("MAIL_BACKOFF", [300, 60], "mail.E004"),
        ("MAIL_RATE_PER_SECOND", 0.05, "mail.E011"),
    ],
)
def test_figures_that_do_not_stand_in_order_stop_the_start(settings, setting, value, fault):
    setattr(settings, setting, value)
    assert fault in [each.id for each in run_checks()]
