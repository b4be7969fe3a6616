"""`manage.py reminders --explain KEY` tells why a mail was or was not sent, in words that are true."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core import clock
from core.mail import consents
from core.mail.models import OutgoingMail, Reminder, ReminderRule
from core.mail.outbox.sending import drain
from core.mail.purposes import Status
from core.mail.reminders import plan
from events import services as events
from tests.factories.events import EventFactory, morning, place

pytestmark = pytest.mark.django_db
ANA = "ana@people.example"


@pytest.fixture
def registered():
    event = EventFactory(in_days=5)
    return event, place(event, "Ana", email=ANA)


def key_of(event, registration):
    day = event.starts_at.astimezone(morning(event).tzinfo).date()
    return f"event-day-before:event-{event.pk}:registration-{registration.pk}:{day.isoformat()}"


def said(*arguments):
    out = StringIO()
    call_command("reminders", *arguments, stdout=out)
    return out.getvalue()


def explained(key):
    return said("--explain", key)


def test_one_that_was_sent_tells_its_rule_its_life_and_the_relays_answer(registered, sink):
    event, registration = registered
    with clock.at(morning(event)):
        plan()
        drain()
    words = explained(key_of(event, registration))
    assert "Rule: Event: the day before (event-day-before): 1 day before." in words
    assert f"It reminds {ANA} of" in words
    assert "Accepted by the relay. 250" in words
    mail = OutgoingMail.objects.get(template="events/reminder")
    assert mail.status == Status.SENT
    assert "Accepted by the relay" in explained(mail.message_id)
    assert "Accepted by the relay" in explained(mail.dedupe_key)


def test_one_that_is_not_due_yet_says_when(registered):
    event, registration = registered
    words = explained(key_of(event, registration))
    assert "Not planned yet: it falls due" in words
    assert f"{morning(event):%Y-%m-%d 08:00}" in words


def test_one_whose_rule_is_off_says_so(registered):
    event, registration = registered
    ReminderRule.objects.update(active=False)
    assert "the rule is switched off" in explained(key_of(event, registration))


def test_one_that_fell_due_before_the_rule_was_switched_on_says_so(registered):
    event, registration = registered
    with clock.at(morning(event) + timedelta(hours=2)):
        ReminderRule.objects.update(activated_at=clock.now() - timedelta(minutes=5))
        assert "before the rule was switched on" in explained(key_of(event, registration))


def test_one_of_a_cancelled_registration_says_that_nothing_is_watched(registered):
    event, registration = registered
    events.cancel_place(registration=registration, actor=None)
    assert "nothing like that is watched now" in explained(key_of(event, registration))


def test_one_of_an_old_date_names_the_new_one(registered):
    event, registration = registered
    old = key_of(event, registration)
    event.starts_at += timedelta(days=2)
    event.ends_at += timedelta(days=2)
    event.save()
    assert "Not planned for" in explained(old)


def test_one_for_who_came_later_says_so(registered):
    event, registration = registered
    with clock.at(morning(event) + timedelta(hours=2)):
        late = place(event, "Late")
        assert "came to it only" in explained(key_of(event, late))


def test_one_whose_reader_said_no_says_so(registered):
    event, registration = registered
    consents.record(address=ANA, purpose="reminders", given=False, how="preferences", wording="Stop")
    with clock.at(morning(event)):
        plan()
    assert "chose not to get reminders" in explained(key_of(event, registration))


def test_one_in_a_digest_says_with_how_many(registered):
    event, registration = registered
    other = EventFactory(starts_at=event.starts_at, title="Door locks")
    place(other, "Ana", email=ANA)
    with clock.at(morning(event)):
        plan()
    assert "one mail with 1 others" in explained(key_of(event, registration))


def test_one_that_waits_for_tomorrow_says_so(registered):
    event, registration = registered
    other = place(
        EventFactory(starts_at=event.starts_at + timedelta(days=1), title="Locks"), "Ana", email=ANA
    )
    with clock.at(morning(event)):
        plan()
        row = Reminder.objects.get()
        Reminder.objects.create(
            key="second", rule=row.rule, subject_id=other.pk, recipient=f"registration-{other.pk}", to=ANA,
            anchor=other.event.starts_at, due_at=row.due_at, useless_after=other.event.starts_at,
        )  # fmt: skip
        assert plan() == 0
        assert "it comes tomorrow" in explained("second")


def test_one_to_who_said_no_says_that_it_would_not_be_mailed(registered):
    event, registration = registered
    consents.record(address=ANA, purpose="reminders", given=False, how="preferences", wording="Stop")
    assert "It would not be mailed: The recipient chose not" in explained(key_of(event, registration))


@pytest.mark.parametrize("key", ["", " ", chr(0)])
def test_an_empty_key_is_an_error_in_words(key):
    with pytest.raises(CommandError):
        call_command("reminders", explain=key)


def test_a_key_that_nobody_knows_is_an_error():
    with pytest.raises(CommandError, match="Nothing is known"):
        explained("nonsense")
    assert "there is no rule" in explained("gone:event-1:registration-1:2026-01-01")


def test_the_list_of_rules_tells_what_comes_next_and_one_rule_names_each(registered):
    event, registration = registered
    assert "on   Event: the day before (event-day-before): 1 day before  → 1 in the next 30 days" in said()
    assert key_of(event, registration) in said("--rule", "event-day-before")
    found = json.loads(said("--rule", "event-day-before", "--json"))
    assert [row["to"] for row in found["rows"]] == [ANA]
    assert found["total"] == 1
    assert {row["rule"] for row in json.loads(said("--json"))} >= {"event-day-before"}
    with pytest.raises(CommandError, match="There is no rule"):
        said("--rule", "nonsense")


def test_listing_writes_nothing(registered):
    said()
    assert not Reminder.objects.exists()
