"""Gate 7: unsubscribed, gone, withdrawn, cancelled or moved after queueing: nothing is sent."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts import services as accounts
from core import clock
from core.mail import links as mail_links
from core.mail.models import OutgoingMail
from core.mail.outbox import sending
from core.mail.outbox.sending import drain
from core.mail.purposes import Status
from core.mail.reminders import plan
from events import services as events
from partnerships.businesses import services as businesses
from partnerships.vetting import services as vetting_services
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, UserFactory
from tests.factories.businesses import ContactFactory
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
    events.cancel_event(event=event, actor=OfficerFactory(), reason="Storm")
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


# --- People who stopped it, or are gone


def _stops(_event, registration):
    mail = OutgoingMail.objects.get(template="events/reminder")
    path = "/" + mail_links.one_click_url(mail).partition("://")[2].partition("/")[2]
    Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})


def _stops_on_the_page(_event, registration):
    mail = OutgoingMail.objects.get(template="events/reminder")
    Client().post(mail_links.page_path(mail), {})


def _tells_an_officer(_event, registration):
    contact = ContactFactory(email=registration.email.upper())
    businesses.note_mail_choice(contact=contact, purpose="reminders", given=False, actor=OfficerFactory())


def _account_is_closed(_event, registration):
    user = UserFactory()
    OutgoingMail.objects.filter(template="events/reminder").update(recipient_id=user.pk)
    accounts.deactivate_user(user=user, actor=None)


def _account_is_erased(_event, registration):
    user = UserFactory()
    OutgoingMail.objects.filter(template="events/reminder").update(recipient_id=user.pk)
    user.delete()


def _withdraws(_event, registration):
    events.cancel_place(registration=registration, actor=None, notify=False)


def _is_called_off(event, _registration):
    events.cancel_event(event=event, actor=OfficerFactory(), reason="Storm")


AFTER_QUEUEING = [
    _stops,
    _stops_on_the_page,
    _tells_an_officer,
    _account_is_closed,
    _account_is_erased,
    _withdraws,
    _is_called_off,
]


@pytest.mark.parametrize("happens", AFTER_QUEUEING)
def test_whatever_happens_after_queueing_nothing_is_sent(sink, reminded, happens):
    event, registration, moment = reminded
    happens(event, registration)
    assert "events/reminder" not in sent_at(sink, moment)
    assert OutgoingMail.objects.get(template="events/reminder").status == Status.CANCELLED


@pytest.mark.parametrize("happens", AFTER_QUEUEING)
def test_without_the_look_right_before_sending_it_is_sent_all_the_same(sink, reminded, happens, monkeypatch):
    """The negative control: it is that look which keeps the mail back."""
    event, registration, moment = reminded
    happens(event, registration)
    monkeypatch.setattr(sending, "_not_wanted", lambda _mail, _recipients: None)
    assert "events/reminder" in sent_at(sink, moment)
