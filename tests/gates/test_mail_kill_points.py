"""Gate 2: a drain killed at a point. Nothing is lost; a copy only between the relay's 250 and our note.

Two guards make it so, and each is taken away here to show that it matters: the sweeper of leases, and the
mark that is committed before a mail is handed over.
"""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models.functions import Now

from core.mail import consents
from core.mail.models import OutgoingMail
from core.mail.outbox import sending
from core.mail.outbox.sending import drain
from core.mail.purposes import Category, How, Purpose, Status
from tests.factories.core import mail
from tests.gates import scale

pytestmark = [pytest.mark.gate(2), pytest.mark.django_db(transaction=True)]

KILLS = max(3, scale(25))
POINTS = {"claimed": 1, "attempting": 1, "handed-over": 2, "noted": 1}
# What a newsletter, which must not come twice, becomes: surely sent once, or left to a person.
NEWSLETTERS = {
    "claimed": (1, Status.SENT),
    "attempting": (0, Status.UNKNOWN),
    "handed-over": (1, Status.UNKNOWN),
    "noted": (1, Status.SENT),
}


def drain_and_die(point: str, work: Callable[[], object] = drain) -> None:
    """Run a drain in a forked process that is killed with SIGKILL when it reaches a point."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            sending.reached = lambda here: os.kill(os.getpid(), signal.SIGKILL) if here == point else None
            work()
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "the point was not reached"
    assert os.WTERMSIG(status) == signal.SIGKILL
    while _locks():  # the server sees within milliseconds that it is gone
        time.sleep(0.005)


def _locks() -> int:
    """How many locks by name are held in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(cursor.fetchone()[0])


def end_the_leases() -> None:
    OutgoingMail.objects.in_flight().update(lease_until=Now() - timedelta(seconds=1))


def newsletter() -> OutgoingMail:
    row = mail(category=Category.NEWSLETTER)
    consents.record(
        address=row.to, purpose=Purpose.NEWSLETTERS, given=True, how=How.DESK, wording="Yes, by phone"
    )
    return row


@pytest.mark.parametrize(("point", "copies"), POINTS.items())
def test_a_killed_drain_loses_nothing(sink, point, copies):
    for _ in range(KILLS):
        sink.received.clear()
        row = mail()
        drain_and_die(point)
        end_the_leases()
        drain()
        assert sink.ids() == [row.message_id] * copies
        row.refresh_from_db()
        assert row.status == Status.SENT


@pytest.mark.parametrize("point", NEWSLETTERS)
def test_a_killed_drain_sends_no_newsletter_twice_and_hides_none(sink, point):
    copies, status = NEWSLETTERS[point]
    for _ in range(KILLS):
        sink.received.clear()
        row = newsletter()
        drain_and_die(point)
        end_the_leases()
        drain()
        assert sink.ids() == [row.message_id] * copies
        row.refresh_from_db()
        assert row.status == status


@pytest.mark.parametrize(("point", "stays"), [("claimed", Status.SENDING), ("attempting", Status.ATTEMPTING)])
def test_without_the_sweeper_a_killed_drains_mail_is_lost(sink, monkeypatch, point, stays):
    monkeypatch.setattr(sending, "sweep", lambda: None)
    rows = []
    for _ in range(3):
        rows.append(mail())
        drain_and_die(point)
        end_the_leases()
        drain()
    assert sink.received == []
    for row in rows:
        row.refresh_from_db()
        assert row.status == stays


def hand_over_unmarked(row: OutgoingMail, batch: sending.Batch) -> None:
    """Handing over without saying so first, as an outbox with two states does."""
    batch.relay.open()
    batch.relay.send(row)
    sending.reached("handed-over")


def test_without_the_mark_before_handing_over_a_newsletter_comes_twice(sink, monkeypatch):
    """A killed worker's claim then looks the same before and after: what was sent is sent again."""
    for _ in range(3):
        sink.received.clear()
        row = newsletter()
        with monkeypatch.context() as patch:
            patch.setattr(sending, "_deliver", hand_over_unmarked)
            drain_and_die("handed-over")
        end_the_leases()
        drain()
        assert sink.ids() == [row.message_id] * 2
