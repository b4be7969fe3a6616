"""Gate 4: a relay on bad days. What is refused for now goes out later, what is refused for good fails once.

A real worker faces a real relay that answers by the recipient's address. The clock of the product is moved.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from core.mail.models import OutgoingMail
from core.mail.outbox import enqueue_many
from core.mail.purposes import Status
from tests.factories.core import draft
from tests.gates import FULL, scale
from tests.gates.mail_stack import MailStack, running
from tests.mail_sink import HANG, HANG_UP, OK, MailSink

pytestmark = [pytest.mark.gate(4), pytest.mark.xdist_group("moody")]
EACH = scale(50)
HANGING = scale(20)  # each costs a second of waiting
FOR_EVER = "never-ready@people.example"
BUSY, GREY, GONE = "421 4.3.2 Busy", "450 4.2.0 Greylisted", "550 5.1.1 No such user"
# By the first word of the address: what the relay says to the recipient, and to the text.
MOODS = {
    "fine": (OK, OK),
    "busy": (BUSY, OK),
    "busytext": (OK, BUSY),
    "grey": (GREY, OK),
    "greytext": (OK, GREY),
    "gone": (GONE, OK),
    "gonetext": (OK, GONE),
    "hang": (HANG, OK),
    "hangtext": (OK, HANG),
    "hangup": (HANG_UP, OK),
    "hanguptext": (OK, HANG_UP),
}
PERMANENT = ("gone", "gonetext")
BACK_OFF = (60, 300, 900, 3600)


class MoodyRelay:
    """Answers by the first word of the address, until it is `mended`; refuses one address for ever."""

    def __init__(self, sink: MailSink) -> None:
        self.mended = False
        self.tries: Counter[str] = Counter()
        sink.at_recipient = self.at_recipient
        sink.at_data = self.at_data

    def at_recipient(self, address: str) -> str:
        self.tries[address] += 1
        if address == FOR_EVER:
            return GREY
        return OK if self.mended else MOODS[address.split("-")[0]][0]

    def at_data(self, message) -> str:
        return OK if self.mended else MOODS[str(message["To"]).split("-")[0]][1]


@pytest.fixture(scope="module")
def product(request, tmp_path_factory) -> Iterator[tuple[MailStack, MailSink]]:
    """Worker, beat and relay, for all tests of this file."""
    folder = tmp_path_factory.mktemp("moody")
    with running("moody", folder, request.config, MAIL_BACKOFF=",".join(map(str, BACK_OFF))) as found:
        yield found


@pytest.fixture
def moody(product) -> tuple[MailStack, MailSink, MoodyRelay]:
    stack, sink = product
    return stack, sink, MoodyRelay(sink)


def rows(stack: MailStack, **which: str) -> list[OutgoingMail]:
    with stack.database():
        return list(OutgoingMail.objects.filter(**which).order_by("pk"))


def mood(row: OutgoingMail) -> str:
    return row.to.split("-")[0]


def tried_at(row: OutgoingMail) -> list[datetime]:
    """When it was handed over, by the product's clock."""
    return [datetime.fromisoformat(line["at"]) for line in row.life if line["what"] == "attempting"]


def test_what_is_refused_for_now_is_sent_later_and_what_is_refused_for_good_fails_once(moody):
    stack, sink, relay = moody
    with stack.database():
        enqueue_many(
            draft(to=f"{each}-{n}@people.example", subject="Moods")
            for each in MOODS
            for n in range(HANGING if each.startswith("hang") else EACH)
        )
    temporary = set(MOODS) - {"fine", *PERMANENT}

    def everyone_had_a_turn() -> list[OutgoingMail] | None:
        found = rows(stack, subject="Moods")
        pending = [row for row in found if row.attempts == 0 or row.status in ("sending", "attempting")]
        return None if pending else found

    for row in stack.wait_until(everyone_had_a_turn, "a first try of each", seconds=240):
        if mood(row) == "fine":
            assert row.status == Status.SENT
        elif mood(row) in PERMANENT:
            assert (row.status, row.attempts, row.last_error) == (Status.FAILED, 1, GONE)
        else:
            assert row.status == Status.WAITING, (row.to, row.life)
            wait = row.due_at - tried_at(row)[-1]
            due = timedelta(seconds=BACK_OFF[row.attempts - 1])  # those that hang keep others waiting
            assert timedelta() <= wait - due < timedelta(seconds=6)

    relay.mended = True
    stack.move_clock(timedelta(hours=2))  # past every back-off

    def settled() -> bool:
        return all(row.status in ("sent", "failed") for row in rows(stack, subject="Moods"))

    stack.wait_until(settled, "every mail to be settled", seconds=60)
    found = rows(stack, subject="Moods")
    assert {row.status for row in found if mood(row) in temporary} == {Status.SENT}
    assert {row.status for row in found if mood(row) in PERMANENT} == {Status.FAILED}
    assert sink.copies() == {row.message_id: 1 for row in found if row.status == Status.SENT}
    assert {relay.tries[row.to] for row in found if mood(row) in PERMANENT} == {1}


def test_the_waits_grow_to_an_hour_and_end_after_a_day(moody):
    stack, _sink, _relay = moody
    with stack.database():
        enqueue_many([draft(to=FOR_EVER)])
    waits = follow(stack, FOR_EVER, tries=40 if FULL else 6)
    assert waits[:4] == [1, 5, 15, 60]
    assert set(waits[4:]) == {60}
    if not FULL:  # the rest of the day in one step
        stack.move_clock(timedelta(hours=24))
    given_up = stack.wait_until(
        lambda: next(iter(rows(stack, to=FOR_EVER, status="failed")), None),
        "the mail to be given up",
    )
    assert given_up.last_error == f"Gave up. {GREY}"
    if FULL:
        tries = tried_at(given_up)
        assert timedelta(hours=22) < tries[-1] - tries[0] < timedelta(hours=24, minutes=5)


def follow(stack: MailStack, address: str, tries: int) -> list[int]:
    """Move the clock from try to try; returns the minutes from each to when the next was due.

    Args:
        stack: the product.
        address: whose mail.
        tries: how many at most; fewer when it is given up.
    """
    waits = []
    for number in range(2, tries + 1):

        def settled(after: int) -> OutgoingMail | None:
            (row,) = rows(stack, to=address)
            return row if row.attempts >= after and row.status in ("waiting", "failed") else None

        row = stack.wait_until(lambda: settled(number - 1), "a try", seconds=30)  # noqa: B023
        if row.status == Status.FAILED:
            break
        wait = row.due_at - tried_at(row)[-1]
        waits.append(round(wait.total_seconds() / 60))
        stack.move_clock(wait)
    return waits
