"""Worker and beat as processes, sending into a relay that the test commands."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis

from tests import databases
from tests.mail_sink import MailSink
from tests.stack import Stack


class MailStack(Stack):
    """A product without web and mail folder, with short leases.

    Args:
        name: a word that tells it from other stacks.
        folder: where logs go.
        sink: the relay.
        more: further environment.
    """

    def __init__(self, name: str, folder: Path, sink: MailSink, **more: str) -> None:
        super().__init__(name, folder)
        self.environment |= {
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            "EMAIL_TIMEOUT": "1",
            "MAIL_DRAIN_LIMIT": "1.5",
            "MAIL_RECORD_FOR": "1",
            "MAIL_TASK_LIMIT": "3",
            "MAIL_LEASE": "4",
            **more,
        }

    def start(self) -> None:
        """Make the database and start worker and beat."""
        for each in (self.folder / "run", self.folder / "log"):
            each.mkdir(parents=True, exist_ok=True)
        self.clock.write_text("0")
        databases.copy(self.server_url, self.database_name)
        for name in ("worker", "beat"):
            self.start_process(name)

    def empty_the_broker(self) -> int:
        """Drop every message and key of this stack, as a flush of a broker of its own would."""
        return drop_keys(f"{self.environment['STACK_PREFIX']}*")


def drop_keys(pattern: str) -> int:
    """Drop the test broker's keys that match a pattern; returns how many there were."""
    client = broker()
    keys = list(client.scan_iter(match=pattern, count=1000))
    return int(client.delete(*keys)) if keys else 0


def broker() -> redis.Redis:
    """The test's own database of the broker."""
    return redis.Redis.from_url(os.environ["REDIS_URL"])


@contextmanager
def running(name: str, folder: Path, config: Any, **more: str) -> Iterator[tuple[MailStack, MailSink]]:
    """A stack and its relay, stopped in the end.

    Args:
        name: a word that tells it from other stacks of this process.
        folder: where logs go.
        config: pytest's.
        more: further environment.
    """
    sink = MailSink().start()
    stack = MailStack(f"{name}_{os.getpid()}", folder, sink, **more)
    stack._config = config
    try:
        stack.start()
        yield stack, sink
    finally:
        stack.stop()
        sink.stop()
