"""Mail that was claimed and came back: it waits with a short life that says since when, and why."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models.functions import Now

from core import clock
from core.mail.models import OutgoingMail
from core.mail.outbox.claiming import claim, release, sweep
from core.mail.outbox.sending import drain
from core.mail.purposes import Status
from tests.factories.core import mail, mails

pytestmark = pytest.mark.django_db
START = clock.now().replace(microsecond=0)


def told(row):
    row.refresh_from_db()
    return [line["what"] for line in row.life]


def drain_every_minute(times, before=lambda number: None):
    for number in range(times):
        with time_machine.travel(START + timedelta(minutes=number), tick=False):
            before(number)
            assert drain().relay_down


def test_while_the_relay_is_not_there_a_mail_tells_once_since_when_and_why(sink, settings):
    rows = mails(3, due_at=START)
    settings.EMAIL_PORT = 1
    drain_every_minute(5)
    for row in rows:
        assert told(row) == ["planned", "relay_down"]
        assert row.life[1]["at"] == START.isoformat()
        assert "refused" in row.life[1]["answer"]
        assert row.last_error == row.life[1]["answer"]
        assert (row.status, row.attempts) == (Status.WAITING, 0)
    settings.EMAIL_PORT = sink.port
    drain()
    assert told(rows[0]) == ["planned", "relay_down", "claimed", "attempting", "sent"]


def test_of_a_relay_that_says_no_in_ever_new_words_the_first_and_the_last_stay(sink):
    rows = mails(2, due_at=START)
    drain_every_minute(6, lambda number: setattr(sink, "at_sender", f"550 5.7.1 Not you, session {number}"))
    for row in rows:
        assert told(row) == ["planned", "relay_down", "relay_down"]
        first, last = row.life[1:]
        assert (first["at"], last["at"]) == tuple(
            (START + timedelta(minutes=each)).isoformat() for each in (0, 5)
        )
        assert first["answer"].endswith("session 0")
        assert last["answer"] == row.last_error == "550 5.7.1 Not you, session 5"


def test_a_mail_for_which_there_was_no_time_looks_as_if_nobody_had_taken_it(sink):
    row = mail()
    OutgoingMail.objects.update(last_error="450 4.2.0 Greylisted")
    for _ in range(3):
        assert release(claim(clock.now()), "") == 1
    assert told(row) == ["planned"]
    assert row.last_error == "450 4.2.0 Greylisted", "what the relay said last"


def test_a_mail_whose_workers_die_one_after_the_other_tells_it_once(sink):
    row = mail()
    for _ in range(4):
        claim(clock.now())
        OutgoingMail.objects.update(lease_until=Now() - timedelta(seconds=1))
        sweep()
    assert told(row) == ["planned", "released"]


def test_what_a_provider_tells_of_a_mail_in_hand_stays_when_it_is_given_back(sink):
    row = mail()
    taken = claim(clock.now())
    line = {"at": clock.now().isoformat(), "what": "delivered", "answer": ""}
    taken[0].life.append(line)
    OutgoingMail.objects.update(life=taken[0].life)
    release(taken, "")
    assert told(row) == ["planned", "claimed", "delivered"]
