"""The note that a mail is out and the mark of the next: one statement, written only by whose claim stands."""

import uuid
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now

from core import clock
from core.mail import consents
from core.mail.models import OutgoingMail
from core.mail.outbox import noting, sending
from core.mail.outbox.claiming import claim
from core.mail.outbox.sending import drain
from core.mail.purposes import Purpose, Status
from tests.factories.core import mail, mails

pytestmark = pytest.mark.django_db


def taken(number=1):
    """Mails that this process has claimed, the first of them marked."""
    mails(number)
    batch = claim(clock.now())
    assert noting.mark(batch[0])
    return batch


def give_to_another(row):
    """The claim has ended, and another worker has the mail in the same state."""
    OutgoingMail.objects.filter(pk=row.pk).update(token=uuid.uuid4())


def test_who_lost_a_mail_notes_nothing_of_it():
    (row,) = taken()
    give_to_another(row)
    assert noting.note_sent(row, "250 Stored", None) == 0
    row.refresh_from_db()
    assert (row.status, row.sent_at) == (Status.ATTEMPTING, None)


def test_who_lost_a_mail_does_not_mark_it():
    first, second = taken(2)
    give_to_another(second)
    assert not noting.mark(second)
    assert noting.note_sent(first, "250 Stored", second) == 1
    second.refresh_from_db()
    assert (second.status, second.attempts) == (Status.SENDING, 0)


def test_a_mark_renews_the_lease():
    mail()
    (row,) = claim(clock.now())
    OutgoingMail.objects.update(lease_until=Now() + timedelta(seconds=1))
    assert noting.mark(row)
    row.refresh_from_db()
    assert row.lease_until > clock.now() + timedelta(seconds=60)


def test_the_first_attempt_stays_the_first():
    first = clock.now() - timedelta(hours=3)
    mail()
    OutgoingMail.objects.update(first_attempt_at=first, attempts=4)
    (row,) = claim(clock.now())
    assert noting.mark(row)
    row.refresh_from_db()
    assert (row.first_attempt_at, row.attempts) == (first, 5)


@pytest.mark.django_db(transaction=True)
def test_a_note_that_the_database_did_not_take_is_written_again(sink, monkeypatch):
    mails(2)
    cut = iter([True])

    def reached(point):
        if point == "handed-over" and next(cut, False):
            with connection.cursor() as cursor, pytest.raises(OperationalError):
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(sending, "reached", reached)
    drain()
    assert not OutgoingMail.objects.exclude(status=Status.SENT).exists()
    assert len(set(sink.ids())) == len(sink.ids()) == 2


@pytest.mark.django_db(transaction=True)
def test_a_mail_marked_by_a_statement_whose_answer_was_lost_goes_out_at_once(sink, monkeypatch):
    """It was surely not handed over, and the claim is ours: a newsletter need not wait for a person."""
    readers = [f"reader{n}@people.example" for n in range(2)]
    for each in readers:
        consents.record(address=each, purpose=Purpose.NEWSLETTERS, given=True, how="form", wording="News")
        mail(category="newsletter", to=each)
    whole, cut = noting._note_and_mark, iter([True])

    def and_the_line_breaks(one, words, following):
        answer = whole(one, words, following)
        if one is not None and following is not None and next(cut, False):
            following.status = Status.SENDING
            raise OperationalError("the answer was lost")
        return answer

    monkeypatch.setattr(noting, "_note_and_mark", and_the_line_breaks)
    drain()
    assert len(sink.ids()) == len(set(sink.ids())) == 2
    assert set(OutgoingMail.objects.values_list("status", flat=True)) == {Status.SENT}
