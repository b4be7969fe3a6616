"""Gate 1: worker killed, broker emptied, while mail goes out. Nothing is lost; at most a copy a kill."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from core.models import OutgoingMail, Status
from core.outbox import enqueue_many
from tests.factories.core import draft
from tests.gates import scale
from tests.mail_sink import MailSink
from tests.stack import Stack

MAILS = scale(2000)
KILLS = max(3, scale(10))
FLUSHES = max(1, scale(3))


class MailStack(Stack):
    """Worker and beat alone, with short leases, sending into the test's own sink."""

    def __init__(self, name: str, folder: Path, sink: MailSink) -> None:
        super().__init__(name, folder)
        self.environment |= {
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            "EMAIL_TIMEOUT": "1",
            "MAIL_DRAIN_LIMIT": "1.5",
            "MAIL_RECORD_FOR": "1",
            "MAIL_TASK_LIMIT": "3",
            "MAIL_LEASE": "4",
            "MAIL_RATE_PER_SECOND": "120",  # else it would be over before the first kill
        }

    def start(self) -> None:
        for each in (self.folder / "run", self.folder / "log"):
            each.mkdir(parents=True, exist_ok=True)
        self.clock.write_text("0")
        self._recreate_database()
        self.manage("migrate", "--verbosity=0")
        for name in ("worker", "beat"):
            self.start_process(name)

    def empty_the_broker(self) -> int:
        """Drop every message and key of this stack, as a flush of a broker of its own would."""
        client = redis.Redis.from_url(os.environ["REDIS_URL"])
        keys = list(client.scan_iter(match=f"{self.environment['STACK_PREFIX']}*"))
        return int(client.delete(*keys)) if keys else 0


@pytest.fixture
def mail_stack(request, tmp_path) -> Iterator[tuple[MailStack, MailSink]]:
    sink = MailSink().start()
    stack = MailStack(f"mail_{os.getpid()}", tmp_path, sink)
    stack._config = request.config
    try:
        stack.start()
        yield stack, sink
    finally:
        stack.stop()
        sink.stop()


@pytest.mark.gate(1)
def test_no_mail_is_lost_when_workers_are_killed_and_the_broker_is_emptied(mail_stack):
    stack, sink = mail_stack
    with stack.database():
        assert enqueue_many(draft() for _ in range(MAILS)) == MAILS
    steps = sorted(
        [(MAILS * (n + 1) // (KILLS + 1), "kill") for n in range(KILLS)]
        + [(MAILS * (n + 1) // (FLUSHES + 1) + 1, "flush") for n in range(FLUSHES)]
    )
    for reached, what in steps:
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
    assert sum(number - 1 for number in extra.values()) <= KILLS, extra
