"""Gate 7: withdrawn, cancelled or moved after queueing: nothing is sent."""

from datetime import timedelta

import pytest

from core import clock
from core.models import OutgoingMail, Status
from core.outbox.sending import drain
from core.reminders import plan
from events import services as events
from partnerships.vetting import services as vetting_services
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory
from tests.factories.events import EventFactory, morning, place

pytestmark = [pytest.mark.gate(7), pytest.mark.django_db]


@pytest.fixture
def reminded(sink):
    """An event tomorrow with one registration whose reminder is queued, and the moment it is."""
    event = EventFactory(in_days=5)
    registration = place(event)
    OutgoingMail.objects.all().delete()
    moment = morning(event)
    assert plan(moment) == 1
    return event, registration, moment


def sent_at(sink, moment):
    """What goes out when the outbox is drained at a moment, by template."""
    before = len(sink.received)
    OutgoingMail.objects.filter(status=Status.WAITING).update(due_at=moment - timedelta(seconds=1))
    with clock.at(moment):
        drain()
    ids = sink.ids()[before:]
    return sorted(OutgoingMail.objects.filter(message_id__in=ids).values_list("template", flat=True))


def test_the_reminder_goes_out_when_nothing_happens(sink, reminded):
    _event, _registration, moment = reminded
    assert sent_at(sink, moment) == ["events/reminder"]


def test_no_reminder_for_a_cancelled_registration(sink, reminded):
    _event, registration, moment = reminded
    events.cancel_place(registration=registration, actor=None)
    assert "events/reminder" not in sent_at(sink, moment)
    assert OutgoingMail.objects.get(template="events/reminder").status == Status.CANCELLED


def test_no_reminder_of_a_cancelled_event(sink, reminded):
    event, _registration, moment = reminded
    events.cancel_event(event=event, actor=OfficerFactory(totp=False), reason="Storm")
    assert "events/reminder" not in sent_at(sink, moment)


def test_no_reminder_once_the_event_began(sink, reminded):
    event, _registration, _moment = reminded
    assert sent_at(sink, event.starts_at + timedelta(minutes=1)) == []


def test_no_mail_about_an_application_that_was_withdrawn(sink):
    application = vetting.submitted()
    vetting_services.withdraw_application(application=application, actor=application.applicant)
    sent = sent_at(sink, clock.now())
    assert "vetting/receipt" not in sent


def test_no_request_for_an_answer_that_was_given(sink):
    application = vetting.action_needed(fields=["contact_phone"])
    waiting = OutgoingMail.objects.filter(dedupe_key__contains="vetting.action")
    assert waiting.count() == 1
    vetting_services.submit_application(application=application, actor=application.applicant)
    asked = waiting.get()
    sent_at(sink, clock.now())
    asked.refresh_from_db()
    assert asked.status == Status.CANCELLED
