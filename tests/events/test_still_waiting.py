"""Whoever still waits when an event begins is told so once, and not after the end."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.mail.models import OutgoingMail
from core.mail.outbox import sending
from core.mail.purposes import Status
from events import services
from events.tasks import tell_those_without_a_seat
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def full():
    """One seat, taken by Ana; Bo waits."""
    event = EventFactory(capacity=1)
    place(event, "Ana", email="ana@people.example")
    assert place(event, "Bo", email="bo@people.example").status == "waitlisted"
    return event


def test_who_waits_is_told_at_the_start_once(full, mails):
    with clock.at(full.starts_at - timedelta(minutes=1)):
        tell_those_without_a_seat()
    assert mails("no_seat") == []
    for minutes in (0, 1, 5):
        with clock.at(full.starts_at + timedelta(minutes=minutes)):
            tell_those_without_a_seat()
    (mail,) = mails("no_seat")
    assert mail.to == "bo@people.example"
    assert mail.subject.startswith("No seat came free:")
    assert mail.useless_after == full.ends_at


def test_a_worker_that_was_away_at_the_start_makes_up_for_it_but_not_after_the_end(full, mails):
    with clock.at(full.ends_at):
        assert services.tell_those_without_a_seat() == 0
    with clock.at(full.ends_at - timedelta(minutes=10)):
        assert services.tell_those_without_a_seat() == 1
    assert len(mails("no_seat")) == 1


def test_nobody_is_told_of_a_cancelled_event_and_who_left_or_got_a_seat_is_not_told(full, mails):
    waiting = full.registrations.get(name="Bo")
    services.cancel_place(registration=waiting, actor=None)
    services.cancel_event(event=full, actor=full.created_by)
    other = EventFactory(capacity=1, starts_at=full.starts_at)
    place(other, "Cy")
    place(other, "Di")
    services.cancel_event(event=other, actor=other.created_by)
    with clock.at(full.starts_at):
        assert services.tell_those_without_a_seat() == 0


def test_the_mail_is_called_off_when_the_event_was_put_off_meanwhile_and_sent_at_the_new_start(full, mails):
    with clock.at(full.starts_at):
        services.tell_those_without_a_seat()
        (mail,) = mails("no_seat")
        assert sending.checks()[mail.still_wanted].holds(mail)
        later = full.starts_at + timedelta(days=1)
        services.update_event(
            event=full, actor=full.created_by, starts_at=later, ends_at=later + timedelta(hours=2)
        )
        assert not sending.checks()[mail.still_wanted].holds(mail)
    with clock.at(later):
        services.tell_those_without_a_seat()
    assert len(mails("no_seat")) == 2
    assert OutgoingMail.objects.filter(template="events/no_seat", status=Status.WAITING).count() == 2


def test_the_pages_of_who_waited_say_that_no_seat_came_free(client, full):
    waiting = full.registrations.get(name="Bo")
    address = reverse("public:registration", args=[waiting.token])
    assert "You are on the waitlist" in client.get(address).content.decode()
    with clock.at(full.starts_at):
        page = client.get(address).content.decode()
    assert "No seat came free" in page
    assert "Place in line" not in page
    assert "We mail you then" not in page
