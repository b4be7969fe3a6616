"""What a batch shares: one look at its recipients, fresh to a second, and one commit for each mail."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.mail import consents
from core.mail.models import OutgoingMail
from core.mail.outbox import recipients, sending
from core.mail.outbox.sending import drain
from core.mail.purposes import Category, Purpose, Status
from tests.factories.core import mail, mails
from tests.gates.test_mail_kill_points import drain_and_die, end_the_leases

pytestmark = pytest.mark.django_db


def stops(row):
    consents.record(address=row.to, purpose=Purpose.REMINDERS, given=False, how="form", wording="No more.")


def after_the_first(monkeypatch, happens):
    """Let something happen once the first mail is noted."""
    left = [happens]
    monkeypatch.setattr(sending, "reached", lambda point: point == "noted" and left and left.pop()())


def test_a_batch_asks_once_who_gets_no_mail(sink):
    mails(20, category=Category.REMINDER)
    with CaptureQueriesContext(connection) as found:
        assert drain().sent == 20
    for table in ("mail_consent", "mail_suppression"):
        assert sum(f'FROM "{table}"' in each["sql"] for each in found) == 1


def test_a_batch_in_hand_for_longer_asks_again(sink, monkeypatch):
    monkeypatch.setattr(recipients, "FRESH_FOR", 0)
    rows = mails(3, category=Category.REMINDER)
    after_the_first(monkeypatch, lambda: stops(rows[2]))
    tally = drain()
    assert (tally.sent, tally.cancelled) == (2, 1)
    assert sink.ids() == [rows[0].message_id, rows[1].message_id]


def test_of_two_mails_to_a_dead_address_in_one_batch_the_second_is_held_back(sink):
    first, second = (mail(to="nobody@people.example") for _ in range(2))
    sink.at_recipient = lambda _address: "550 5.1.1 No such user"
    assert drain().failed == 2
    second.refresh_from_db()
    assert second.life[-1]["what"] == "held_back"
    assert second.attempts == 0
    first.refresh_from_db()
    assert first.attempts == 1


def test_a_mail_with_a_check_of_its_own_is_looked_at_right_before_it_goes(sink, sample_room, monkeypatch):
    rows = [mail(), mail(still_wanted="sample_room.about_something", subject_id=0)]
    seen = []
    after_the_first(monkeypatch, lambda: seen.append(OutgoingMail.objects.get(pk=rows[1].pk).status))
    tally = drain()
    assert seen == [Status.SENDING]
    assert (tally.sent, tally.cancelled) == (1, 1)


def test_a_mail_marked_along_is_sent_even_when_the_time_is_up(sink, settings):
    """A mark without handing over would leave it uncertain."""
    settings.MAIL_DRAIN_LIMIT = 0.05
    mails(60)
    while drain().more:
        assert not OutgoingMail.objects.in_flight().exists()
    assert OutgoingMail.objects.filter(status=Status.SENT).count() == 60
    assert len(set(sink.ids())) == len(sink.ids()) == 60


def test_a_machine_that_claims_as_long_as_it_may_send_still_sends_one_mail_at_a_time(sink, settings):
    """Else it would claim the same mails again and again, and send none."""
    settings.MAIL_DRAIN_LIMIT = 0
    mails(3)
    for sent in (1, 2, 3):
        assert drain().sent == 1
        assert OutgoingMail.objects.filter(status=Status.SENT).count() == sent


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("point", "copies"), [("claimed", [1, 1, 1]), ("handed-over", [2, 1, 1]), ("noted", [1, 1, 1])]
)
def test_a_batch_killed_at_a_point_repeats_the_mail_in_hand_at_most(sink, point, copies):
    rows = mails(3)
    drain_and_die(point)
    end_the_leases()
    drain()
    assert [sink.ids().count(row.message_id) for row in rows] == copies
    assert set(OutgoingMail.objects.values_list("status", flat=True)) == {Status.SENT}


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_marked_in_the_commit_that_notes_the_one_before(sink):
    mails(3)
    drain_and_die("noted")
    assert list(OutgoingMail.objects.order_by("pk").values_list("status", flat=True)) == [
        Status.SENT, Status.ATTEMPTING, Status.SENDING,
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_drain_at_a_rate_that_can_claim_nothing_does_not_ask_for_itself(sink, settings):
    settings.MAIL_RATE_PER_SECOND = 100
    row = mail()
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            OutgoingMail.objects.select_for_update().get(pk=row.pk)
            locked.set()
            done.wait(10)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert locked.wait(10)
    tally = drain()
    done.set()
    other.join()
    assert (tally.sent, tally.more) == (0, False)
    assert drain().sent == 1
