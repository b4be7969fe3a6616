"""Gate 3: the database goes away, then the broker; the worker is not restarted. Nothing is lost or repeated.

The database is stopped at the worst moment: while the relay takes a mail. A visitor keeps registering all the
while, and each registration is there whole, with its mail, or not at all.
"""

import http.client
import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.urls import reverse

from core.mail.models import OutgoingMail
from core.mail.outbox import enqueue_many
from core.mail.outbox.sending import drain
from core.mail.purposes import Status
from events.models import Registration
from tests.factories.core import draft, mail
from tests.factories.events import EventFactory
from tests.gates import FULL, scale
from tests.gates.mail_stack import MailStack
from tests.mail_sink import MailSink
from tests.own_servers import OwnStack, Servers, own_servers

pytestmark = pytest.mark.gate(3)
OUTAGE = 30 if FULL else 4  # seconds
MAILS = scale(600)
TOKEN = "a" * 32  # as cookie and field alike
TIMES = (
    {"MAIL_DRAIN_LIMIT": "20", "MAIL_RECORD_FOR": "35", "MAIL_TASK_LIMIT": "60", "MAIL_LEASE": "70"}
    if FULL
    else {"MAIL_DRAIN_LIMIT": "3", "MAIL_RECORD_FOR": "10", "MAIL_TASK_LIMIT": "16", "MAIL_LEASE": "20"}
)


class OutageStack(OwnStack, MailStack):
    """Web, worker and beat on servers of their own."""

    def __init__(self, folder: Path, sink: MailSink, servers: Servers) -> None:
        super().__init__(f"outage_{os.getpid()}", folder, sink, **TIMES)
        self.use(servers)
        self.environment |= {
            "MAIL_RATE_PER_SECOND": "20",
            "TRUSTED_PROXIES": "1",  # so that each registration comes from an address of its own
        }

    def start(self) -> None:
        super().start()
        self.start_process("web")
        self.wait_until(self._answers, "the web server to answer", seconds=60)


class Visitor:
    """Registers again and again, each time under another address, and notes the answers."""

    def __init__(self, port: int, slug: str) -> None:
        self.port, self.path = port, reverse("public:rsvp", args=[slug])
        self.answers: dict[str, int] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Visitor":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.wait(0.1):
            number = len(self.answers)
            email = f"visitor{number}@people.example"
            fields = {"name": "Ana Ortiz", "email": email, "party_size": "1", "csrfmiddlewaretoken": TOKEN}
            self.answers[email] = self._ask("POST", self.path, urlencode(fields), number)

    def get(self, path: str) -> int:
        """The status of a page."""
        return self._ask("GET", path, None, 0)

    def _ask(self, method: str, path: str, body: str | None, number: int) -> int:
        line = http.client.HTTPConnection("localhost", self.port, timeout=30)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={TOKEN}",
            "X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}",
        }
        line.request(method, path, body, headers)
        return line.getresponse().status


@pytest.fixture
def outage(request, tmp_path) -> Iterator[tuple[OutageStack, MailSink, Servers]]:
    sink = MailSink().start()
    with own_servers() as servers:
        stack = OutageStack(tmp_path, sink, servers)
        stack._config = request.config
        try:
            stack.start()
            yield stack, sink, servers
        finally:
            stack.stop()
            sink.stop()


def test_an_outage_of_the_database_and_one_of_the_broker_lose_repeat_and_half_write_nothing(outage):
    stack, sink, servers = outage
    with stack.database():
        event = EventFactory(capacity=None)
        enqueue_many(draft() for _ in range(MAILS))
    workers = {name: process.pid for name, process in stack.processes.items()}

    def at_the_worst_moment(message: object) -> None:
        if len(sink.received) >= MAILS // 4:
            sink.on_data = None
            servers.stop("postgres")

    broker_is_gone = threading.Event()

    def with_a_task_in_hand(message: object) -> None:
        sink.on_data = None
        servers.stop("valkey")
        broker_is_gone.set()

    with Visitor(stack.port, event.slug) as visitor:
        sink.on_data = at_the_worst_moment
        stack.wait_until(lambda: sink.on_data is None, "the database to go", seconds=60)
        stack.wait_until(lambda: 503 in visitor.answers.values(), "the visitor to notice")
        before = set(visitor.answers)
        time.sleep(OUTAGE)
        assert visitor.get("/") == 503
        assert visitor.get("/health/ready") == 503
        assert visitor.get("/health/live") == 200
        meanwhile = set(visitor.answers) - before
        assert meanwhile
        assert {visitor.answers[email] for email in meanwhile} == {503}
        servers.start("postgres")
        stack.wait_until(lambda: visitor.get("/") == 200, "the database to come back", seconds=60)

        sink.on_data = with_a_task_in_hand
        stack.wait_until(broker_is_gone.is_set, "the broker to go", seconds=60)
        before = set(visitor.answers)
        time.sleep(OUTAGE)
        assert visitor.get("/") == 200
        assert visitor.get("/health/ready") == 200
        meanwhile = set(visitor.answers) - before
        assert meanwhile
        assert {visitor.answers[email] for email in meanwhile} == {302}
        servers.start("valkey")

    def drained() -> bool:
        with stack.database():
            return not OutgoingMail.objects.exclude(status=Status.SENT).exists()

    stack.wait_until(drained, "every mail to be sent", seconds=60)
    assert {
        name: process.pid for name, process in stack.processes.items() if process.poll() is None
    } == workers
    with stack.database():
        wanted = set(OutgoingMail.objects.values_list("message_id", flat=True))
        told = set(OutgoingMail.objects.filter(to__startswith="visitor").values_list("to", flat=True))
        placed = set(Registration.objects.values_list("email", flat=True))
    assert len(wanted) == MAILS + len(placed)
    assert sink.copies() == dict.fromkeys(wanted, 1)
    assert told == placed, "each registration has its mail, and no mail is without its registration"
    promised = {email for email, status in visitor.answers.items() if status == 302}
    assert promised <= placed
    assert set(visitor.answers.values()) == {302, 503}


@pytest.mark.django_db(transaction=True)
def test_without_noting_again_a_mail_that_was_out_when_the_database_went_comes_twice(sink, settings):
    """The first part of `MAIL_RECORD_FOR`: a note that is tried once is lost with the connection."""
    settings.MAIL_RECORD_FOR = 0
    row = mail()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()

    def cut(message: object) -> None:
        sink.on_data = None
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [ours])
        connection.close()

    sink.on_data = cut
    with pytest.raises(OperationalError):
        drain()
    connection.close()
    OutgoingMail.objects.in_flight().update(lease_until=Now() - timedelta(seconds=1))
    drain()
    assert sink.ids() == [row.message_id] * 2
