"""Gate 1: worker killed, broker emptied, while mail goes out. Nothing is lost; at most a copy a process.

The usual way, a Celery task for each mail, is put through the same and loses mail.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config.local.places import BASE_DIR
from config.local.processes import die_with_parent
from core.mail.models import OutgoingMail
from core.mail.outbox import enqueue_many
from core.mail.purposes import Category, Status
from tests.factories.core import draft
from tests.gates import FULL, scale
from tests.gates.mail_stack import MailStack, broker, drop_keys, running
from tests.mail_sink import HANG, OK, MailSink

MAILS = scale(2000)
KILLS = max(3, scale(10))
FLUSHES = max(1, scale(3))
PROCESSES = settings.CELERY_WORKER_CONCURRENCY  # that send; a kill of the worker ends them all
PACE = 120  # mails per second: else all would be over before the first kill
NAIVE_PACE = 1 / PACE if FULL else 0.025  # seconds a mail; three kills have to show what ten do
OURS = {"PYTEST_XDIST_WORKER", "DJANGO_SETTINGS_MODULE"}


def steps(kills: int, flushes: int) -> list[tuple[int, str]]:
    """What happens when so many mails have arrived, spread over the whole run."""
    return sorted(
        [(MAILS * (n + 1) // (kills + 1), "kill") for n in range(kills)]
        + [(MAILS * (n + 1) // (flushes + 1) + 1, "flush") for n in range(flushes)]
    )


class SlowRelay:
    """Takes so many mails a second from each process, and sees how many it takes at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = self.most = 0

    def __call__(self, message: object) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(PROCESSES / PACE)
        with self._lock:
            self._now -= 1


@pytest.fixture
def mail_stack(request, tmp_path) -> Iterator[tuple[MailStack, MailSink]]:
    with running("mail", tmp_path, request.config) as found:
        yield found


@pytest.mark.gate(1)
def test_no_mail_is_lost_when_workers_are_killed_and_the_broker_is_emptied(mail_stack):
    stack, sink = mail_stack
    sink.on_data = relay = SlowRelay()
    with stack.database():
        assert enqueue_many(draft() for _ in range(MAILS)) == MAILS
    for reached, what in steps(KILLS, FLUSHES):
        stack.wait_until(lambda: len(sink.received) >= reached, f"{reached} mails", seconds=120)  # noqa: B023
        if what == "flush":
            stack.empty_the_broker()
        else:
            stack.kill_process("worker")
            stack.start_process("worker")

    def settled() -> bool:
        with stack.database():
            return not OutgoingMail.objects.exclude(status=Status.SENT).exists()

    stack.wait_until(settled, "every mail to be noted as sent", seconds=120)
    with stack.database():
        wanted = set(OutgoingMail.objects.values_list("message_id", flat=True))
    copies = sink.copies()
    assert len(wanted) == MAILS
    assert set(copies) == wanted
    extra = {each: number for each, number in copies.items() if number > 1}
    assert sum(number - 1 for number in extra.values()) <= KILLS * PROCESSES, extra
    assert PROCESSES > 1
    assert relay.most == PROCESSES, "they sent side by side"


class NaiveWorker:
    """A Celery worker with a task for each mail; see `tests.gates.naive_worker`."""

    def __init__(self, folder: Path, sink: MailSink, **more: str) -> None:
        self.prefix = f"naive-{os.getpid()}-{time.monotonic_ns()}:"
        self.log = folder / "naive.log"
        self.environment = {
            # Without settings Celery does not load Django, and a kill does not wait for that.
            **{name: value for name, value in os.environ.items() if name not in OURS},
            "NAIVE_PREFIX": self.prefix,
            "NAIVE_RELAY_PORT": str(sink.port),
            "NAIVE_PACE": str(NAIVE_PACE),
            **more,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def publish(self, count: int) -> None:
        """Queue a task for each mail, in a process that has this app alone."""
        code = f"from tests.gates.naive_worker import send\nfor n in range({count}): send.delay(n)"
        subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, env=self.environment, check=True)

    def start(self) -> None:
        command = ["-m", "celery", "--app", "tests.gates.naive_worker", "--quiet", "worker"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command, "--without-gossip", "--without-mingle"],
                cwd=BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    def kill(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def left_in_the_broker(self) -> int:
        """Tasks that are queued, or were fetched by a worker that died before it began them."""
        client = broker()
        return int(client.llen(f"{self.prefix}naive")) + int(client.hlen(f"{self.prefix}unacked"))


@pytest.mark.gate(1)
def test_a_code_in_a_killed_workers_hand_is_sent_when_its_own_lease_is_over(request, tmp_path):
    """Beside it a mail of service, which waits for its longer lease: without its own, so would the code."""
    times = {"EMAIL_TIMEOUT": "20", "MAIL_TASK_LIMIT": "30", "MAIL_LEASE": "600", "MAIL_CODE_LEASE": "2"}
    with running("codes", tmp_path, request.config, **times) as (stack, sink):
        stack.kill_process("worker")
        in_hand = threading.Event()

        def hang_once(address: str) -> str:
            if in_hand.is_set():
                return OK
            in_hand.set()
            return HANG

        sink.at_recipient = hang_once
        with stack.database():
            assert enqueue_many([draft(category=Category.SECURITY), draft()]) == 2
        stack.start_process("worker")
        stack.wait_until(in_hand.is_set, "the code to be in hand", seconds=60)
        stack.kill_process("worker")
        assert sink.received == []
        stack.start_process("worker")
        stack.wait_until(lambda: sink.received, "the code", seconds=60)
        with stack.database():
            code = OutgoingMail.objects.get(category=Category.SECURITY)
            assert sink.ids() == [code.message_id]
            assert OutgoingMail.objects.in_flight().count() == 1


def wait_until_one_is_in_hand(worker: NaiveWorker, sink: MailSink, lost: int) -> None:
    """Wait until a mail is neither in the broker nor at the relay: nobody has it but the worker."""
    end = time.monotonic() + 5
    while MAILS - lost - worker.left_in_the_broker() - len(sink.received) < 1 and time.monotonic() < end:
        time.sleep(0.001)


def wait_for_mail(sink: MailSink, count: int, silence: float) -> bool:
    """Wait until so many mails arrived; `False` when none has come for `silence` seconds."""
    seen, since = -1, time.monotonic()
    while (now := len(sink.received)) < count:
        if now != seen:
            seen, since = now, time.monotonic()
        elif time.monotonic() - since > silence:
            return False
        time.sleep(0.005)
    return True


@pytest.mark.gate(1)
@pytest.mark.parametrize(
    ("flushes", "more"),
    [
        pytest.param(0, {}, id="only killed"),
        pytest.param(
            FLUSHES,
            {"NAIVE_ACKS_LATE": "1", "NAIVE_VISIBILITY": "2"},
            id="acknowledged late, killed and emptied",
            marks=pytest.mark.skipif(not FULL, reason="`make gates` runs it"),
        ),
    ],
)
def test_a_task_for_each_mail_loses_mail_under_the_same_kills(tmp_path, flushes, more):
    """Late acknowledgement, the usual advice, keeps what a killed worker held, but nothing of a flush."""
    sink = MailSink().start()
    worker = NaiveWorker(tmp_path, sink, **more)
    lost = 0
    try:
        worker.publish(MAILS)
        worker.start()
        for reached, what in steps(KILLS, flushes):
            if not wait_for_mail(sink, reached, silence=8):
                break
            if what == "flush":
                drop_keys(f"{worker.prefix}*")
            else:
                if not more:
                    wait_until_one_is_in_hand(worker, sink, lost)
                worker.kill()
                lost = MAILS - len(sink.received) - worker.left_in_the_broker()
                if lost > 0 and not FULL:
                    break
                worker.start()
        else:
            # Celery looks every ten seconds for what late acknowledgement gives back.
            wait_for_mail(sink, MAILS, silence=12 if more else 2)
        copies = sink.copies()
        lost = MAILS - len(copies) - worker.left_in_the_broker()
        repeated = sum(copies.values()) - len(copies)
        print(f"{MAILS} mails, {KILLS} kills, {flushes} flushes: {lost} lost, {repeated} sent twice")
        assert copies, worker.log.read_text()
        assert lost > 0
    finally:
        worker.kill()
        drop_keys(f"{worker.prefix}*")
        sink.stop()
