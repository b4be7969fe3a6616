"""What becomes of a mail when the relay takes it, refuses it, hangs, hangs up, or is not there."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from core import clock, health, locks
from core.mail import consents
from core.mail.models import OutgoingMail
from core.mail.outbox import Wanted, claiming, sending
from core.mail.outbox.catalog import checks
from core.mail.outbox.sending import claim, drain, next_try, sweep
from core.mail.purposes import Category, Status
from tests.factories.core import mail, mails
from tests.mail_sink import HANG, HANG_UP, STORE_AND_HANG_UP

pytestmark = pytest.mark.django_db


def happened(row):
    return [line["what"] for line in row.life]


def fresh(row):
    return OutgoingMail.objects.get(pk=row.pk)


def newsletter():
    """One to a reader who agreed to it."""
    row = mail(category=Category.NEWSLETTER)
    consents.record(
        address=row.to, purpose="newsletters", given=True, how="form", wording="Send me the newsletter."
    )
    return row


def test_a_due_mail_arrives_as_it_was_queued_and_the_relays_answer_is_kept(sink):
    row = mail(recipient_name='Ann "Boss" O’Neil, Jr.', subject="Grüße aus Riverton")
    assert drain().sent == 1
    (message,) = sink.received
    assert message["Message-ID"] == row.message_id
    assert message["Subject"] == "Grüße aus Riverton"
    assert message["To"].addresses[0].display_name == 'Ann "Boss" O’Neil, Jr.'
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().split() == row.text.split()
    assert message.get_body(("html",)) is not None
    row = fresh(row)
    assert row.status == Status.SENT
    assert row.sent_at is not None
    assert row.last_error == "250 2.0.0 Stored"
    assert happened(row) == ["planned", "claimed", "attempting", "sent"]


def test_nothing_is_sent_before_it_is_due_or_twice(sink):
    mail(due_at=clock.now() + timedelta(minutes=5))
    mail()
    assert drain().sent == 1
    assert drain().sent == 0
    assert len(sink.received) == 1


def test_a_batch_goes_over_one_connection(sink, settings):
    settings.MAIL_BATCH = 10
    mails(25)
    assert drain().sent == 25
    assert sink.connections == 3


def test_a_hostile_name_adds_no_header(sink):
    mail(recipient_name="Ann\r\nBcc: victim@city.example\r\n\r\n<script>", subject="Hi\nBcc: x@city.example")
    drain()
    (message,) = sink.received
    assert message["Bcc"] is None
    assert len(message.get_all("To")) == 1
    assert len(message["To"].addresses) == 1


def test_a_mail_that_comes_too_late_is_not_sent(sink):
    row = mail(useless_after=clock.now() - timedelta(seconds=1))
    assert drain().cancelled == 1
    assert not sink.received
    assert fresh(row).status == Status.CANCELLED


def test_a_mail_no_longer_wanted_is_not_sent(sink, sample_room):
    row = mail(still_wanted="sample_room.about_something", subject_id=0)
    assert drain().cancelled == 1
    assert not sink.received
    assert fresh(row).life[-1]["answer"] == "sample_room.about_something"


def broken(mail):
    raise LookupError("a fault of ours")


def test_a_broken_check_holds_its_mail_back_and_no_other(sink, monkeypatch):
    monkeypatch.setitem(checks(), "test.broken", Wanted("test.broken", broken))
    held, other = mail(still_wanted="test.broken"), mail()
    tally = drain()
    assert (tally.sent, tally.later) == (1, 1)
    assert fresh(held).status == Status.WAITING
    assert fresh(held).due_at > clock.now()
    assert fresh(other).status == Status.SENT


def test_a_check_that_stays_broken_for_a_day_shows_as_trouble(sink, monkeypatch):
    monkeypatch.setitem(checks(), "test.broken", Wanted("test.broken", broken))
    held = mail(still_wanted="test.broken")
    for hours in range(27):
        with time_machine.travel(clock.now() + timedelta(hours=hours), tick=True):
            drain()
    assert fresh(held).status == Status.FAILED
    assert len(fresh(held).life) < 80


@pytest.mark.parametrize("answer", ["421 4.3.2 Busy", "450 4.2.0 Greylisted", "452 4.3.1 Full"])
@pytest.mark.parametrize("where", ["at_recipient", "at_data"])
def test_a_temporary_refusal_is_tried_again_with_the_same_message_id(sink, where, answer):
    row = mail()
    setattr(sink, where, answer)
    assert drain().later == 1
    row = fresh(row)
    assert row.status == Status.WAITING
    assert row.last_error.startswith(answer[:3])
    assert timedelta(seconds=50) < row.due_at - clock.now() <= timedelta(minutes=1)
    assert drain().sent == 0
    sink.forgive()
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert drain().sent == 1
    assert sink.ids() == [row.message_id]


@pytest.mark.parametrize("where", ["at_recipient", "at_data"])
def test_a_permanent_refusal_stops_at_the_first_try(sink, where):
    row = mail()
    setattr(sink, where, "550 5.1.1 No such user")
    assert drain().failed == 1
    sink.forgive()
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert drain().sent == 0
    row = fresh(row)
    assert row.status == Status.FAILED
    assert row.attempts == 1
    assert row.last_error == "550 5.1.1 No such user"


def test_one_refused_recipient_stops_no_other(sink):
    rows = mails(5)
    sink.at_recipient = lambda address: "550 5.1.1 No" if address == rows[2].to else "250 OK"
    tally = drain()
    assert (tally.sent, tally.failed) == (4, 1)
    assert fresh(rows[2]).status == Status.FAILED


def test_an_address_that_no_relay_takes_fails_at_once(sink):
    row = mail(to="not an address at all")
    other = mail()
    tally = drain()
    assert fresh(row).status == Status.FAILED
    assert fresh(other).status == Status.SENT
    assert tally.failed == 1


def test_waits_grow_to_an_hour_and_end_after_a_day():
    row = OutgoingMail(first_attempt_at=clock.now())
    moment, waits = row.first_attempt_at, []
    while True:
        row.attempts += 1
        following = next_try(row, moment)
        if following is None:
            break
        waits.append((following - moment).total_seconds() / 60)
        moment = following
    assert waits[:4] == [1, 5, 15, 60]
    assert set(waits[4:]) == {60}
    assert timedelta(hours=22) < moment - row.first_attempt_at <= timedelta(hours=24)


def test_a_mail_refused_for_a_day_fails(sink):
    row = mail()
    sink.at_recipient = "450 4.2.0 Later"
    drain()
    OutgoingMail.objects.filter(pk=row.pk).update(
        first_attempt_at=clock.now() - timedelta(hours=23, minutes=59), due_at=clock.now()
    )
    assert drain().failed == 1
    assert fresh(row).last_error == "Gave up. 450 4.2.0 Later"


@pytest.mark.parametrize("wish", [HANG, HANG_UP])
def test_a_relay_that_goes_silent_before_the_text_is_tried_later(sink, wish):
    row = newsletter()
    sink.at_recipient = wish
    assert drain().later == 1
    assert fresh(row).status == Status.WAITING


@pytest.mark.parametrize("wish", [HANG, HANG_UP, STORE_AND_HANG_UP])
def test_a_connection_lost_after_the_text_leaves_decisions_to_be_sent_again(sink, wish):
    row = mail(category=Category.DECISION)
    sink.at_data = wish
    assert drain().later == 1
    sink.forgive()
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert drain().sent == 1
    assert set(sink.ids()) == {row.message_id}
    assert len(sink.ids()) == (2 if wish == STORE_AND_HANG_UP else 1)


@pytest.mark.parametrize("wish", [HANG, HANG_UP, STORE_AND_HANG_UP])
def test_a_connection_lost_after_the_text_leaves_newsletters_to_a_person(sink, wish):
    row = newsletter()
    sink.at_data = wish
    assert drain().unknown == 1
    sink.forgive()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert drain().sent == 0
    assert fresh(row).status == Status.UNKNOWN


def test_a_relay_that_is_not_there_costs_no_mail_a_try(sink, settings):
    rows = mails(5)
    settings.EMAIL_PORT = 1
    tally = drain()
    assert "refused" in tally.relay_down.lower()
    assert tally.released == 5
    for row in rows:
        assert fresh(row).status == Status.WAITING
        assert fresh(row).attempts == 0
    settings.EMAIL_PORT = sink.port
    assert drain().sent == 5


def test_a_relay_that_refuses_our_own_address_fails_no_mail(sink):
    mails(3)
    sink.at_sender = "550 5.7.1 Sender not allowed"
    for hours in range(3):
        with time_machine.travel(clock.now() + timedelta(hours=hours), tick=True):
            assert drain().relay_down.startswith("550")
            # They stay due, so that the health page sees how long they wait.
            oldest = {each.key: each for each in health.checks()}["oldest_due_mail"]
            assert (oldest.figure or 0) >= hours * 3600 - 60
    assert OutgoingMail.objects.filter(status=Status.WAITING, attempts=0).count() == 3
    sink.forgive()
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert drain().sent == 3


def test_a_connection_the_relay_closed_between_two_mails_is_opened_again(sink):
    rows = mails(3)
    seen = []

    def close_once(address: str) -> str:
        seen.append(address)
        return HANG_UP if len(seen) == 2 else "250 OK"

    sink.at_recipient = close_once
    assert drain().sent == 3
    assert sink.ids() == [row.message_id for row in rows]


def test_paused_holds_everything(sink, settings):
    settings.MAIL_PAUSED = True
    row = mail()
    drain()
    assert not sink.received
    assert fresh(row).status == Status.WAITING
    settings.MAIL_PAUSED = False
    assert drain().sent == 1


def test_the_rate_is_kept(sink, settings):
    settings.MAIL_RATE_PER_SECOND = 20
    mails(6)
    start = time.monotonic()
    assert drain().sent == 6
    assert time.monotonic() - start >= 5 / 20


def test_the_rate_is_kept_over_batches_and_drains(sink, settings):
    settings.MAIL_RATE_PER_SECOND = 20
    start = time.monotonic()
    for _ in range(6):
        mail()
        assert drain().sent == 1
    assert time.monotonic() - start >= 5 / 20


def test_a_drain_stops_when_its_time_is_up_and_says_that_there_is_more(sink, settings):
    settings.MAIL_DRAIN_LIMIT, settings.MAIL_BATCH = 0.2, 3
    settings.MAIL_RATE_PER_SECOND = 20
    mails(12)
    tally = drain()
    assert tally.more
    assert 0 < tally.sent < 12
    waiting = OutgoingMail.objects.filter(status=Status.WAITING)
    assert waiting.count() == 12 - tally.sent
    assert not OutgoingMail.objects.in_flight().exists()


@pytest.mark.parametrize(("demo", "kept"), [(False, False), (True, True)])
def test_a_sign_in_code_is_removed_once_sent_but_for_a_demonstration(sink, settings, demo, kept):
    settings.DEMO = demo
    row = mail(category=Category.SECURITY)
    assert drain().sent == 1
    assert sink.received[0].get_body(("plain",)).get_content().strip()
    row = fresh(row)
    assert bool(row.text) is bool(row.html) is row.has_body is kept
    assert row.is_redacted is not demo


def abandon(row, status):
    """Leave a mail as a killed worker leaves it, its lease run out."""
    OutgoingMail.objects.filter(pk=row.pk).update(status="sending")
    if status == "attempting":
        OutgoingMail.objects.filter(pk=row.pk).update(status="attempting", attempts=row.attempts + 1)
    past = clock.now() - timedelta(seconds=1)
    OutgoingMail.objects.filter(pk=row.pk).update(
        token="00000000-0000-0000-0000-000000000001", lease_until=past
    )


def test_a_mail_claimed_by_a_dead_worker_is_sent(sink):
    row = newsletter()
    abandon(row, "sending")
    assert drain().sent == 1
    assert happened(fresh(row))[1] == "released"


@pytest.mark.parametrize(
    ("category", "status"),
    [(Category.DECISION, "sent"), (Category.SECURITY, "sent"), (Category.NEWSLETTER, "unknown")],
)
def test_the_category_decides_on_a_mail_whose_worker_died_in_the_middle(sink, category, status):
    row = mail(category=category)
    abandon(row, "attempting")
    drain()
    assert fresh(row).status == status


def test_a_mail_that_interrupts_every_worker_is_left_to_a_person(sink):
    row = mail()
    OutgoingMail.objects.filter(pk=row.pk).update(attempts=claiming.INTERRUPTIONS_BORNE - 1)
    abandon(fresh(row), "attempting")
    drain()
    assert fresh(row).status == Status.UNKNOWN
    assert not sink.received


def test_a_living_workers_mail_is_left_alone(sink):
    mail()
    (claimed,) = claim(clock.now())
    with time_machine.travel(clock.now() + timedelta(days=1)):
        sweep()
        assert claim(clock.now()) == []
    assert fresh(claimed).status == Status.SENDING


def test_a_mail_that_was_taken_up_before_its_turn_is_not_handed_over(sink, monkeypatch):
    """Another worker may have it: two would send it."""
    row = mail()

    def late(point: str) -> None:
        if point == "claimed":
            OutgoingMail.objects.update(lease_until=clock.now() - timedelta(seconds=1))
            sweep()
            monkeypatch.setattr(sending, "claim", lambda now: [])  # nothing else in this run

    monkeypatch.setattr(sending, "reached", late)
    assert drain().sent == 0
    assert not sink.received
    row = fresh(row)
    assert row.attempts == 0
    assert row.status == Status.WAITING, "free for whoever takes it up"


def test_a_mail_whose_lease_ended_before_its_turn_is_handed_over_under_a_new_one(sink, monkeypatch):
    """Else a relay that is slow to greet would keep a code with its short lease for ever."""
    row = mail(category=Category.SECURITY)

    def late(point: str) -> None:
        if point == "claimed":
            OutgoingMail.objects.update(lease_until=clock.now() - timedelta(seconds=1))
        if point == "attempting":
            assert fresh(row).lease_until > clock.now()

    monkeypatch.setattr(sending, "reached", late)
    assert drain().sent == 1
    assert sink.ids() == [row.message_id]


@pytest.mark.django_db(transaction=True)
def test_a_send_that_outlives_its_lease_writes_nothing(sink, monkeypatch):
    """While the first worker hands over, its lease ends and a second takes the mail up."""
    monkeypatch.setattr(locks, "if_free", lambda name: True)  # the lock went with a broken connection
    row = mail()
    taken: list[OutgoingMail] = []

    def meanwhile(message: object) -> None:
        if not taken:
            OutgoingMail.objects.update(lease_until=clock.now() - timedelta(seconds=1))
            sweep()
            taken.extend(claim(clock.now()))
            connection.close()

    sink.on_data = meanwhile
    assert drain().sent == 0
    row = fresh(row)
    assert row.status == Status.SENDING
    assert row.token == taken[0].token
    assert row.sent_at is None
    assert "sent" not in happened(row)


def test_a_header_the_client_refuses_puts_off_the_mail_alone_and_fails_it_after_a_day(sink):
    row, other = mail(), mail()
    OutgoingMail.objects.filter(pk=row.pk).update(message_id="<a\nb@city.example>")
    drain()
    assert fresh(row).status == Status.WAITING
    assert fresh(other).status == Status.SENT
    OutgoingMail.objects.filter(pk=row.pk).update(
        first_attempt_at=clock.now() - timedelta(hours=23, minutes=59), due_at=clock.now()
    )
    assert drain().failed == 1
    assert fresh(row).status == Status.FAILED
    assert happened(fresh(row))[-1] == "our_fault"


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_right_after_sending_repeats_nothing(sink):
    """The connection is cut while the relay takes the text; the note is made over a new one."""
    row = mail()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()

    def cut(message: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [ours])
        connection.close()

    sink.on_data = cut
    assert drain().sent == 1
    assert drain().sent == 0
    assert sink.ids() == [row.message_id]
    assert fresh(row).status == Status.SENT
