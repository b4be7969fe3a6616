"""Mail through outbox, worker and relay, against bare `smtplib` over one connection to the same relay."""

import smtplib
import time
from collections.abc import Iterator
from itertools import count

from tests.bench.measure import Row, in_turn, row, timed
from tests.bench.servers import Bench

BODY = 13_000  # bytes of a whole message, as people get them
MAILS = 500  # a round
_numbers = count(1)


def mail(bench: Bench) -> Iterator[Row]:
    """Rows for sending, and for rendering and queueing."""
    from core.mail.models import OutgoingMail
    from core.mail.outbox import relay
    from core.models.department import Department

    texts: list[bytes] = []
    queueing: list[float] = []

    def fill() -> None:
        bench.sql("TRUNCATE mail_outgoingmail CASCADE")
        queueing.append(timed(lambda: queue(MAILS)))

    def bare() -> float:
        return timed(lambda: send_bare(bench.relay_port, texts))

    def through_the_outbox() -> float:
        fill()
        return timed(lambda: wait_until_sent(bench))

    fill()
    department = Department.current()
    for each in OutgoingMail.objects.all():
        texts.append(relay.bytes_of(relay.build(each, department)))
    with bench.worker():
        wait_until_sent(bench)
        work, floor = in_turn(through_the_outbox, bare)
    size = sum(map(len, texts)) // len(texts)
    rates = f"{rate(work):,} a second of {size:,} bytes; smtplib {rate(floor):,}"
    yield row(
        "one mail: outbox, worker, relay",
        MAILS,
        work,
        floor,
        per=MAILS,
        floor_name="smtp",
        budget=2,
        note=rates,
    )
    yield row(
        "one mail: rendered and queued",
        MAILS,
        queueing[2:],
        per=MAILS,
        note=f"{rate(queueing[2:]):,} a second",
    )


def queue(number: int) -> None:
    """Queue mails of the usual size, in one transaction as a large cause would."""
    from django.db import transaction

    from core.mail.outbox import enqueue_many
    from tests.factories.core import Note, draft

    # In paragraphs, as people write: mail of ours has no line so long that it would have to be encoded.
    words = "\n\n".join(["A sentence of the length that people write in mail to each other. " * 6] * 10)
    with transaction.atomic():
        enqueue_many(draft(key=f"bench:{next(_numbers)}", payload=Note(note=words)) for _ in range(number))


def send_bare(port: int, texts: list[bytes]) -> None:
    """What the relay and `smtplib` can do when nothing else is to be done."""
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as relay:
        for number, text in enumerate(texts):
            relay.sendmail("partnerships@city.example", [f"reader{number}@people.example"], text)


def wait_until_sent(bench: Bench) -> None:
    """Wait until the outbox is empty. The worker got its hint when the mails were committed.

    Raises:
        RuntimeError: it takes far too long.
    """
    from core.mail.outbox import kick

    start = time.monotonic()
    hints = count(5, 5)
    following = next(hints)
    while bench.sql("SELECT 1 FROM mail_outgoingmail WHERE status <> 'sent' LIMIT 1"):
        waited = time.monotonic() - start
        if waited > 120:
            raise RuntimeError(f"The worker did not send everything; see {bench.log}.")
        if waited > following:  # beat's part: a hint to a worker that was not up yet is gone
            kick()
            following = next(hints)
        time.sleep(0.02)


def rate(seconds: list[float]) -> int:
    """Mails a second in the median round."""
    return round(MAILS / sorted(seconds)[len(seconds) // 2])
