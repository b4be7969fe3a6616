"""Gate 2: a drain killed at a point. Nothing is lost; a copy only between the relay's 250 and our note."""

import os
import signal
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models.functions import Now

from core.models import OutgoingMail, Status
from core.outbox import sending
from core.outbox.sending import drain
from tests.factories.core import mail
from tests.gates import scale

POINTS = {"claimed": 1, "attempting": 1, "handed-over": 2, "noted": 1}


def drain_and_die(point: str) -> None:
    """Run a drain in a forked process that is killed with SIGKILL when it reaches a point."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            sending.reached = lambda here: os.kill(os.getpid(), signal.SIGKILL) if here == point else None
            drain()
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "the point was not reached"
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.gate(2)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("point", "copies"), POINTS.items())
def test_a_killed_drain_loses_nothing(sink, point, copies):
    for _ in range(max(3, scale(25))):
        sink.received.clear()
        row = mail()
        drain_and_die(point)
        OutgoingMail.objects.in_flight().update(lease_until=Now() - timedelta(seconds=1))
        drain()
        assert sink.ids() == [row.message_id] * copies
        row.refresh_from_db()
        assert row.status == Status.SENT
