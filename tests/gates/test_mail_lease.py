"""Gate 6: a send that outlives its lease. Two guards, each taken away here to show that it matters.

As long as its connection stands, a worker's lock keeps its mail from others, however slow the relay is. Where
the lock went with the connection, the claim's token stands guard: the relay keeps the first worker waiting
until its lease has ended and a second one hands the same mail over, then refuses the first for now and takes
the second's. What the first would note is no longer true.
"""

import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models.functions import Now

from core import clock, locks
from core.mail.models import OutgoingMail
from core.mail.outbox import noting
from core.mail.outbox.sending import drain
from core.mail.purposes import Category, Status
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
        first, second = (threading.Thread(target=_drain) for _ in range(2))
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


def _drain() -> None:
    try:
        drain()
    finally:
        connection.close()


def drain_later() -> None:
    """What another worker does when every back-off has passed."""
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        drain()


@pytest.fixture
def no_lock(monkeypatch) -> None:
    """The worker's lock went with its connection."""
    monkeypatch.setattr(locks, "if_free", lambda name: True)


class SlowSender:
    """A code at a relay that takes longer than the lease, while another worker looks for work."""

    def __init__(self, sink) -> None:
        self.row = mail(category=Category.SECURITY)
        self._arrived, self._go_on = threading.Event(), threading.Event()
        sink.on_data = self._hold

    def _hold(self, message: object) -> None:
        if not self._arrived.is_set():
            self._arrived.set()
            assert self._go_on.wait(PATIENCE)

    def run(self, sink) -> None:
        first = threading.Thread(target=_drain)
        first.start()
        assert self._arrived.wait(PATIENCE)
        while not OutgoingMail.objects.abandoned().exists():
            time.sleep(0.05)
        second = threading.Thread(
            target=_drain
        )  # it stands at the relay behind the first, if it has the mail
        second.start()
        second.join(2)
        self._go_on.set()
        for each in (first, second):
            each.join(PATIENCE)
            assert not each.is_alive()


def test_a_code_is_its_slow_senders_alone_though_its_lease_is_over(sink, settings):
    settings.MAIL_CODE_LEASE = 0.5
    sender = SlowSender(sink)
    sender.run(sink)
    assert sink.ids() == [sender.row.message_id]
    sender.row.refresh_from_db()
    assert sender.row.status == Status.SENT
    assert "interrupted" not in {line["what"] for line in sender.row.life}


def test_without_the_lock_a_slow_senders_code_comes_twice(sink, settings, no_lock):
    settings.MAIL_CODE_LEASE = 0.5
    sender = SlowSender(sink)
    sender.run(sink)
    assert sink.ids() == [sender.row.message_id] * 2


@pytest.mark.usefixtures("no_lock")
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


@pytest.mark.usefixtures("no_lock")
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
