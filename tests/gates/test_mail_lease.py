"""Gate 6: a send that outlives its lease writes nothing any more; the claim's token stands guard.

The relay keeps the first worker waiting until its lease has ended and a second one hands the same mail over,
then refuses the first for now and takes the second's. What the first would note is no longer true.
"""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models.functions import Now

from core import clock
from core.mail.models import OutgoingMail
from core.mail.outbox import noting
from core.mail.outbox.sending import drain
from core.mail.purposes import Status
from tests.factories.core import mail
from tests.gates import scale

pytestmark = [pytest.mark.gate(6), pytest.mark.django_db(transaction=True)]
PATIENCE = 20


class TwoWorkers:
    """Two drains of one mail: the second begins when the first one's lease has ended."""

    def __init__(self, sink) -> None:
        self.arrived = [threading.Event(), threading.Event()]
        self.go_on = [threading.Event(), threading.Event()]
        self.came = 0
        sink.on_data = self.hold
        sink.at_data = self.answer

    def hold(self, message: object) -> None:
        """The relay's side: each text waits until the test lets it go on."""
        number, self.came = self.came, self.came + 1
        if number < 2:
            self.arrived[number].set()
            assert self.go_on[number].wait(PATIENCE)

    def answer(self, message: object) -> str:
        """The first to go on is refused for now."""
        if self.go_on[0].is_set() and not self.go_on[1].is_set():
            return "450 4.2.0 Come again"
        return "250 2.0.0 Stored"

    def run(self) -> None:
        first, second = (threading.Thread(target=self._drain) for _ in range(2))
        first.start()
        assert self.arrived[0].wait(PATIENCE)
        OutgoingMail.objects.in_flight().update(lease_until=Now() - timedelta(seconds=1))
        second.start()
        assert self.arrived[1].wait(PATIENCE)
        self.go_on[0].set()
        first.join(PATIENCE)
        self.go_on[1].set()
        second.join(PATIENCE)
        assert not first.is_alive()
        assert not second.is_alive()

    def _drain(self) -> None:
        try:
            drain()
        finally:
            connection.close()


def drain_later() -> None:
    """What another worker does when every back-off has passed."""
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        drain()


def test_a_send_that_outlives_its_lease_writes_nothing(sink):
    for _ in range(max(2, scale(20))):
        sink.received.clear()
        row = mail()
        TwoWorkers(sink).run()
        row.refresh_from_db()
        assert row.status == Status.SENT
        assert row.last_error == "250 2.0.0 Stored"
        assert [line["what"] for line in row.life] == [
            "planned", "claimed", "attempting", "interrupted", "claimed", "attempting", "sent",
        ]  # fmt: skip
        drain_later()
        assert sink.ids() == [row.message_id]


def test_without_the_token_the_late_worker_writes_and_the_mail_comes_twice(sink, monkeypatch):
    monkeypatch.setattr(
        noting, "own", lambda row, status: OutgoingMail.objects.filter(pk=row.pk, status=status)
    )
    row = mail()
    TwoWorkers(sink).run()
    row.refresh_from_db()
    assert row.status == Status.WAITING, "the second worker's note found its mail taken away"
    assert row.last_error == "450 4.2.0 Come again"
    drain_later()
    assert sink.ids() == [row.message_id] * 2
