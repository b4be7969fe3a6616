"""A mail of reminders that a person sends again says what still stands, and is refused when nothing does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.access import Refused
from core.mail.desk.steps import resend
from core.mail.models import OutgoingMail, ReminderRule
from core.mail.outbox.sending import drain
from core.mail.purposes import Category, Status
from core.mail.reminders import composing, plan, sources
from events import services as events
from events.models import Registration
from tests.factories.accounts import SupervisorFactory, sign_in
from tests.factories.events import EventFactory, morning, place

pytestmark = pytest.mark.django_db
ANA = "ana@people.example"


@pytest.fixture
def digest(sink):
    """A digest of two events that was sent, with its registrations; the clock stands at its morning."""
    near = EventFactory(in_days=9, title="Coffee with a cop")
    far = EventFactory(starts_at=near.starts_at, title="Robbery prevention")
    places = [place(event, "Ana", email=ANA) for event in (near, far)]
    OutgoingMail.objects.all().delete()
    with clock.at(morning(near)):
        plan()
        drain()
        mail = OutgoingMail.objects.get(category=Category.REMINDER)
        assert mail.status == Status.SENT
        yield mail, *places


def cancel(registration):
    events.cancel_place(registration=registration, actor=None, notify=False)


def copies():
    return OutgoingMail.objects.exclude(copy_of=None)


def test_what_was_settled_is_left_out_of_the_copy_and_the_first_mail_keeps_what_it_said(digest, sink):
    mail, one, _two = digest
    cancel(one)
    copy = resend(mail=mail, actor=SupervisorFactory())
    drain()
    copy.refresh_from_db()
    assert copy.status == Status.SENT, copy.last_error
    assert "Coffee with a cop" not in sink.received[-1].as_string()
    assert "Robbery prevention" in copy.text
    mail.refresh_from_db()
    assert "Coffee with a cop" in mail.text
    assert set(mail.reminders.values_list("dropped", flat=True)) == {""}


def test_a_mail_of_which_all_is_settled_is_refused_before_a_copy_is_made(digest, client):
    mail, *places = digest
    for each in places:
        cancel(each)
    with pytest.raises(Refused, match="nothing left to send"):
        resend(mail=mail, actor=SupervisorFactory())
    assert not copies().exists()
    sign_in(client, SupervisorFactory())
    page = client.get(reverse("desk:mail_message", args=[mail.pk])).content.decode()
    assert "There is nothing left to send." in page


def test_what_is_settled_while_the_copy_waits_is_not_sent(digest, sink):
    mail, *places = digest
    copy = resend(mail=mail, actor=SupervisorFactory())
    sent = len(sink.received)
    for each in places:
        cancel(each)
    drain()
    copy.refresh_from_db()
    assert copy.status == Status.CANCELLED
    assert len(sink.received) == sent


def test_a_copy_of_a_copy_asks_the_same(digest, sink):
    mail, one, two = digest
    copy = resend(mail=mail, actor=SupervisorFactory())
    drain()
    cancel(one)
    copy.refresh_from_db()
    assert "Coffee with a cop" not in resend(mail=copy, actor=SupervisorFactory()).text
    cancel(two)
    with pytest.raises(Refused):
        resend(mail=copy, actor=SupervisorFactory())


def test_a_date_that_moved_is_not_reminded_of_again(digest):
    mail, one, two = digest
    cancel(two)
    later = one.event.starts_at + timedelta(days=3)
    events.update_event(
        event=one.event, actor=SupervisorFactory(), starts_at=later, ends_at=later + timedelta(hours=2)
    )
    with pytest.raises(Refused):
        resend(mail=mail, actor=SupervisorFactory())


def test_a_reminder_whose_rule_is_switched_off_is_not_sent_again(digest):
    mail, *_places = digest
    ReminderRule.objects.update(active=False)
    with pytest.raises(Refused, match="nothing left to send"):
        resend(mail=mail, actor=SupervisorFactory())


def test_what_came_too_late_is_left_out_of_the_copy(digest):
    mail, one, _two = digest
    mail.reminders.filter(subject_id=one.pk).update(useless_after=clock.now() - timedelta(seconds=1))
    copy = resend(mail=mail, actor=SupervisorFactory())
    assert "Coffee with a cop" not in copy.text
    assert "Robbery prevention" in copy.text


def test_what_goes_to_another_address_by_now_is_left_out_of_the_copy(digest):
    mail, one, _two = digest
    Registration.objects.filter(pk=one.pk).update(email="ana@moved.example")
    copy = resend(mail=mail, actor=SupervisorFactory())
    assert "Coffee with a cop" not in copy.text
    assert "Robbery prevention" in copy.text


def test_a_source_that_fails_makes_nobody_send_what_may_be_settled(digest, monkeypatch):
    mail, *_places = digest

    def find(*, near=None, ids=None):
        raise LookupError("a fault of ours")

    whole = sources()
    spoiled = {**whole, "events.start": replace(whole["events.start"], find=find)}
    monkeypatch.setattr(composing, "sources", lambda: spoiled)
    with pytest.raises(Refused, match="Try again later"):
        resend(mail=mail, actor=SupervisorFactory())


def test_what_no_room_offers_any_more_goes_out_with_its_words(digest, sink):
    mail, *_places = digest
    ReminderRule.objects.update(source="gone.away")
    copy = resend(mail=mail, actor=SupervisorFactory())
    assert copy.text == mail.text
    drain()
    copy.refresh_from_db()
    assert copy.status == Status.SENT
