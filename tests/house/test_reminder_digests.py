"""One mail of reminders a person and day, whatever the number of dates; nothing that is unwanted by then."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.mail import consents
from core.mail.models import OutgoingMail, Reminder, ReminderRule, Suppression
from core.mail.outbox import enqueue
from core.mail.outbox.sending import drain
from core.mail.purposes import Category, Purpose, Status
from core.mail.reminders import composing, plan, sources
from core.models import Department
from events import services as events
from events.models import Registration
from tests.factories.accounts import OfficerFactory
from tests.factories.businesses import BusinessFactory
from tests.factories.core import draft, mail
from tests.factories.events import EventFactory, morning, place

pytestmark = pytest.mark.django_db
ANA = "ana@people.example"


def noon(days):
    """Noon of a local day from today."""
    zone = Department.current().zone
    day = clock.today() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 12, tzinfo=zone)


@pytest.fixture
def week():
    """Two events of one person whose reminders fall due on one morning: a day before, and a week before."""
    near = EventFactory(starts_at=noon(9), title="Coffee with a cop")
    far = EventFactory(starts_at=noon(15), title="Robbery prevention")
    one, two = place(near, "Ana", email=ANA), place(far, "Ana", email="Ana@People.Example")
    OutgoingMail.objects.all().delete()
    return near, far, one, two


def reminder_mails():
    return list(OutgoingMail.objects.filter(category=Category.REMINDER).order_by("pk"))


def sent_at(moment):
    """Drain the outbox at a moment."""
    OutgoingMail.objects.filter(status=Status.WAITING).update(due_at=moment - timedelta(seconds=1))
    with clock.at(moment):
        drain()


def test_two_dates_of_one_morning_come_in_one_mail_to_any_spelling_of_the_address(week):
    near, far, _one, _two = week
    assert plan(morning(near)) == 1
    (mail,) = reminder_mails()
    assert mail.template == "mail/digest"
    assert mail.subject == "Coffee with a cop and 1 more reminder"
    assert "Coffee with a cop" in mail.text
    assert "Robbery prevention" in mail.text
    assert "These dates concern you:" in mail.text
    assert mail.reminders.count() == 2
    assert plan(morning(near) + timedelta(minutes=5)) == 0


def test_one_date_alone_comes_as_its_own_mail(week):
    near, _far, _one, two = week
    events.cancel_place(registration=two, actor=None, notify=False)
    assert plan(morning(near)) == 1
    assert [mail.template for mail in reminder_mails()] == ["events/reminder"]


def test_what_falls_due_within_hours_comes_apart(week):
    near, _far, _one, _two = week
    plan(morning(near))
    assert plan(near.starts_at - timedelta(hours=2)) == 1
    assert [mail.template for mail in reminder_mails()] == ["mail/digest", "events/reminder"]


def test_a_second_reminder_of_a_day_waits_for_the_next_morning(week):
    near, far, one, two = week
    plan(morning(near))
    other = EventFactory(starts_at=noon(11), title="Door locks")
    place(other, "Ana", email=ANA)
    third = other.registrations.get()
    Reminder.objects.create(
        key="late", rule=ReminderRule.objects.get(key="event-day-before"), subject_id=third.pk,
        recipient=f"registration-{third.pk}", to=ANA, anchor=other.starts_at,
        due_at=morning(near), useless_after=other.starts_at,
    )  # fmt: skip
    assert plan(morning(near) + timedelta(hours=3)) == 0
    assert plan(morning(near) + timedelta(days=1)) == 1


def test_a_second_reminder_that_would_be_useless_tomorrow_goes_out_today(week):
    near, _far, _one, _two = week
    plan(morning(near))
    other = EventFactory(starts_at=noon(9).replace(hour=6), title="Early bird", in_days=9)
    place(other, "Ana", email=ANA)
    with clock.at(morning(near)):
        other.registrations.update(confirmed_at=clock.now() - timedelta(days=5))
    assert plan(morning(near) + timedelta(hours=3)) == 1


def test_many_late_ones_come_in_one_mail_and_of_one_date_only_the_latest(week):
    """The worker was down for days: the week-before and the day-before of one event are late together."""
    near, _far, _one, _two = week
    ReminderRule.objects.update(look_back_days=10)
    ReminderRule.objects.update(activated_at=clock.now() - timedelta(days=1))
    assert plan(morning(near) + timedelta(hours=1)) == 1
    (mail,) = reminder_mails()
    assert mail.reminders.count() == 2
    assert Reminder.objects.filter(dropped="overtaken").count() == 1
    assert mail.text.count("Coffee with a cop") == 1
    assert set(mail.reminders.values_list("rule__key", flat=True)) == {
        "event-day-before",
        "event-week-before",
    }
    assert Reminder.objects.get(dropped="overtaken").rule.key == "event-week-before"


def test_who_said_no_gets_none_and_the_row_says_why(week):
    near, _far, _one, _two = week
    consents.record(address=ANA, purpose=Purpose.REMINDERS, given=False, how="preferences", wording="Stop")
    assert plan(morning(near)) == 0
    assert set(Reminder.objects.values_list("dropped", flat=True)) == {"stopped"}


def test_who_said_no_and_then_yes_gets_them_again(week):
    near, _far, _one, _two = week
    for given in (False, True):
        consents.record(address=ANA, purpose=Purpose.REMINDERS, given=given, how="preferences", wording="x")
    assert plan(morning(near)) == 1


def test_an_address_that_bounces_gets_none(week):
    near, _far, _one, _two = week
    Suppression.objects.create(address=ANA, reason="bounce", detail="550 no such user")
    assert plan(morning(near)) == 0
    assert set(Reminder.objects.values_list("dropped", flat=True)) == {"suppressed"}


@pytest.mark.gate(7)
def test_what_was_cancelled_after_queueing_is_taken_out_of_the_digest(week, sink):
    near, far, one, _two = week
    plan(morning(near))
    events.cancel_place(registration=one, actor=None, notify=False)
    sent_at(morning(near))
    (mail,) = reminder_mails()
    assert mail.status == Status.SENT, mail.last_error
    assert "Coffee with a cop" not in mail.text
    assert "Robbery prevention" in mail.text
    assert "Coffee with a cop" not in sink.received[-1].as_string()
    assert mail.template == "events/reminder"  # what is left stands alone


@pytest.mark.gate(7)
def test_a_digest_of_which_nothing_is_left_is_not_sent(week, sink):
    near, far, one, two = week
    plan(morning(near))
    for each in (one, two):
        events.cancel_place(registration=each, actor=None, notify=False)
    sent_at(morning(near))
    assert sink.received == []
    assert [mail.status for mail in reminder_mails()] == [Status.CANCELLED]


def test_a_mail_that_waited_for_long_says_what_holds_when_it_goes_out(week, sink):
    near, _far, _one, _two = week
    plan(morning(near))
    with clock.at(morning(near)):
        events.update_event(event=near, actor=OfficerFactory(), venue_name="Fire Station 4")
    sent_at(morning(near) + timedelta(hours=1))
    assert "Fire Station 4" in reminder_mails()[0].text


def test_a_moved_event_has_its_reminder_on_the_morning_before_the_new_day(week):
    near, far, _one, two = week
    events.cancel_place(registration=two, actor=None, notify=False)
    later = near.starts_at + timedelta(days=3)
    plan(morning(near))
    with clock.at(morning(near)):
        events.update_event(
            event=near, actor=OfficerFactory(), starts_at=later, ends_at=later + timedelta(hours=2)
        )
    sent_at(morning(near))
    near.refresh_from_db()
    assert [mail.status for mail in reminder_mails()] == [Status.CANCELLED]
    assert plan(morning(near) - timedelta(minutes=1)) == 0
    assert plan(morning(near)) == 1


def test_a_source_that_fails_makes_its_reminders_wait(week, monkeypatch):
    near, _far, _one, _two = week
    whole = sources()

    def failing():
        def find(*, near=None, ids=None):
            if ids is not None:
                raise LookupError("a fault of ours")
            return whole["events.start"].find(near=near)

        return {**whole, "events.start": replace(whole["events.start"], find=find)}

    with monkeypatch.context() as patch:
        patch.setattr(composing, "sources", failing)
        assert plan(morning(near)) == 0
    assert Reminder.objects.pending().count() == 2
    assert plan(morning(near)) == 1


def test_twenty_people_and_dates_more_cost_no_more_statements(week):
    near, _far, _one, _two = week
    other = EventFactory(starts_at=noon(29), title="Later")
    place(other, "Ben", email="ben@people.example")
    counted = []
    for event, people in ((near, 20), (other, 0)):
        for number in range(people):
            place(EventFactory(starts_at=noon(9), title=f"Talk {number}"), "Ana", email=ANA)
            place(near, f"Guest {number}", email=f"g{number}@people.example")
        with CaptureQueriesContext(connection) as captured:
            assert plan(morning(event)) == people + 1
        counted.append(len(captured))
    assert abs(counted[0] - counted[1]) <= 6


def spoiled(monkeypatch, spoil):
    """The source of event starts, with some of its functions replaced."""
    whole = sources()
    changed = {**whole, "events.start": replace(whole["events.start"], **spoil(whole["events.start"]))}
    monkeypatch.setattr(composing, "sources", lambda: changed)


def test_one_that_cant_be_written_keeps_no_other_out_of_the_mail(week, monkeypatch):
    near, _far, one, _two = week
    place(near, "Ben", email="ben@people.example")

    def spoil(source):
        def write(rule, watched):
            if watched.subject_id == one.pk:
                raise LookupError("a fault of ours")
            return source.write(rule, watched)

        return {"write": write}

    spoiled(monkeypatch, spoil)
    assert plan(morning(near)) == 2
    assert {mail.to.lower() for mail in reminder_mails()} == {ANA, "ben@people.example"}
    assert Reminder.objects.pending().count() == 1


def test_one_whose_template_fails_keeps_nobody_else_waiting(week, monkeypatch):
    near, _far, one, two = week
    events.cancel_place(registration=two, actor=None, notify=False)
    place(near, "Ben", email="ben@people.example")

    def spoil(source):
        def written(rule, watched):
            made = source.write(rule, watched)
            return replace(made, payload=None) if watched.subject_id == one.pk else made

        return {"write": written}

    spoiled(monkeypatch, spoil)
    assert plan(morning(near)) == 1
    assert [mail.to for mail in reminder_mails()] == ["ben@people.example"]
    assert Reminder.objects.pending().count() == 1


def test_the_longest_address_stops_nobody():
    """A key must fit its column: a visitor with a long address could else stop every reminder."""
    long = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 57}.example"
    assert len(long) == 252
    near, far = EventFactory(starts_at=noon(9)), EventFactory(starts_at=noon(15))
    for event in (near, far):
        place(event, "Long", email=long)
        place(event, "Zoe", email="zoe@people.example")
    assert plan(morning(near)) == 2
    assert {mail.to for mail in reminder_mails()} == {long, "zoe@people.example"}


def test_a_key_too_long_for_its_column_is_hashed_and_stays_one(db):
    key = f"accounts.login_code:{'a' * 254}:{'0' * 32}"
    first, again = mail(key=key), enqueue(draft(key=key))
    assert len(first.dedupe_key) == 250
    assert again is None
    assert mail(key=f"{key}1").dedupe_key != first.dedupe_key


def test_a_digest_over_two_organizations_belongs_to_neither():
    """An officer of one place's district must not read there what concerns the other."""
    near, far = EventFactory(starts_at=noon(9)), EventFactory(starts_at=noon(15))
    one, two = BusinessFactory(), BusinessFactory()
    place(near, "Ana", email=ANA, business=one)
    place(far, "Ana", email=ANA, business=two)
    plan(morning(near))
    (found,) = reminder_mails()
    assert found.template == "mail/digest"
    assert found.organization_id is None


def test_a_digest_of_one_organization_is_its_own():
    near, far = EventFactory(starts_at=noon(9)), EventFactory(starts_at=noon(15))
    shop = BusinessFactory()
    for event in (near, far):
        place(event, "Ana", email=ANA, business=shop)
    plan(morning(near))
    assert reminder_mails()[0].organization_id == shop.organization_id


def test_a_rule_switched_off_stops_what_was_planned_and_what_waits(week, sink):
    near, _far, _one, _two = week
    plan(morning(near))
    ReminderRule.objects.update(active=False)
    sent_at(morning(near) + timedelta(minutes=1))
    assert sink.received == []
    assert set(Reminder.objects.values_list("dropped", flat=True)) == {"off"}


def test_a_reminder_follows_the_person_to_a_new_address(week, sink):
    near, _far, one, two = week
    events.cancel_place(registration=two, actor=None, notify=False)
    plan(morning(near))
    Registration.objects.filter(pk=one.pk).update(email="new@people.example")
    sent_at(morning(near) + timedelta(minutes=1))
    assert sink.received == []
    assert plan(morning(near) + timedelta(minutes=5)) == 1
    assert reminder_mails()[-1].to == "new@people.example"


def test_a_digest_names_the_first_twenty_and_counts_the_rest():
    first = EventFactory(starts_at=noon(9), title="Talk 0")
    for number in range(1, 24):
        place(EventFactory(starts_at=noon(9), title=f"Talk {number}"), "Ana", email=ANA)
    place(first, "Ana", email=ANA)
    plan(morning(first))
    text = reminder_mails()[0].text
    assert text.count("Talk ") == 20
    assert "And 4 more." in text


def test_a_mail_that_was_called_off_does_not_count_as_the_days_mail(week, sink):
    near, _far, one, two = week
    plan(morning(near))
    for each in (one, two):
        events.cancel_place(registration=each, actor=None, notify=False)
    sent_at(morning(near))
    third = place(EventFactory(starts_at=noon(15), title="Door locks"), "Ana", email=ANA)
    assert third.confirmed_at
    assert plan(morning(near) + timedelta(hours=1)) == 1


def test_a_source_that_fails_right_before_sending_makes_the_mail_wait_and_loses_nothing(
    week, sink, monkeypatch
):
    near, _far, _one, _two = week
    plan(morning(near))

    def spoil(source):
        def find(*, near=None, ids=None):
            raise LookupError("a fault of ours")

        return {"find": find}

    with monkeypatch.context() as patch:
        spoiled(patch, spoil)
        sent_at(morning(near))
    assert sink.received == []
    assert [mail.status for mail in reminder_mails()] == [Status.WAITING]
    sent_at(morning(near) + timedelta(minutes=2))
    assert [mail.status for mail in reminder_mails()] == [Status.SENT]
    assert reminder_mails()[0].reminders.count() == 2
