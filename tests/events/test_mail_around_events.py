"""Reminders before, thanks after, news of changes: to whom, when, and not to those they no longer concern."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from core import clock
from core.mail.models import OutgoingMail, Reminder, ReminderRule
from core.mail.outbox import catalog
from core.mail.reminders import plan
from core.mail.reminders.composing import still_wanted
from core.models import Department
from events import services
from events.emails.reminders import before
from events.emails.words import facts
from events.models import Event
from tests.factories.core import is_wanted
from tests.factories.events import EventFactory, morning, place

pytestmark = pytest.mark.django_db

HOSTILE = [
    "<script>alert(1)</script>",
    'Ana" onmouseover="x',
    "Ana\r\nBcc: everyone@evil.example",
    "{{ 7|add:7 }}{% include 'x' %}",
    "https://evil.example/click",
    "\u202eana\u2028",
    "&lt;b&gt;",
]


class Tags(HTMLParser):
    """What of a mail is markup: names of elements, and attributes with their values."""

    def __init__(self):
        super().__init__()
        self.names, self.attributes = set(), []

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes += [(key, value or "") for key, value in attrs]


def due_before(event):
    return morning(event)


def registered_early(event, name="Ana", **more):
    """A registration of a week before."""
    with clock.at(event.starts_at - timedelta(days=8)):
        return place(event, name, **more)


def test_the_reminder_comes_one_day_before_and_once(rules, mails):
    event = EventFactory()
    registered_early(event)
    assert plan(due_before(event) - timedelta(seconds=1)) == 0
    assert plan(due_before(event)) == 1
    assert plan(due_before(event) + timedelta(hours=3)) == 0
    mail = mails("reminder")[0]
    assert event.title in mail.text
    assert still_wanted(mail)


def test_a_worker_that_was_down_sends_late_but_not_after_the_start(rules):
    event = EventFactory()
    registered_early(event)
    assert plan(event.starts_at) == 0
    assert plan(event.starts_at - timedelta(minutes=1)) == 1  # one for all the rules that are late


def test_who_registers_after_the_reminder_fell_due_gets_the_confirmation_only(rules):
    event = EventFactory()
    with clock.at(due_before(event) + timedelta(hours=2)):
        place(event, "Late")
    assert plan(event.starts_at - timedelta(hours=3)) == 0


@pytest.mark.parametrize("status", ["waitlisted", "cancelled", "unconfirmed"])
def test_only_those_with_a_seat_are_reminded(rules, status):
    event = EventFactory(capacity=1)
    with clock.at(event.starts_at - timedelta(days=5)):
        if status == "waitlisted":
            registered_early(event, "Seated")
            assert place(event, "Ana").status == "waitlisted"
        elif status == "cancelled":
            services.cancel_place(registration=place(event, "Ana"), actor=None)
        else:
            services.request_place(event=event, name="Ana", email="ana@people.example", party_size=1)
    assert plan(due_before(event)) == (1 if status == "waitlisted" else 0)


def test_a_cancelled_event_reminds_and_thanks_nobody(rules, officer):
    event = EventFactory()
    registered_early(event)
    services.cancel_event(event=event, actor=officer)
    assert plan(due_before(event)) == 0
    assert plan(event.ends_at + timedelta(days=1)) == 0


@pytest.mark.gate(7)
def test_what_was_cancelled_after_queueing_is_not_sent(rules, officer, mails):
    event = EventFactory()
    one = registered_early(event, "Ana", notify=True)
    two = registered_early(event, "Ben", notify=True)
    plan(due_before(event))
    services.cancel_place(registration=one, notify=False, actor=None)
    plain = [mail for mail in mails() if mail.template != "events/reminder"]
    wanted = {(mail.template, mail.subject_id): is_wanted(mail) for mail in plain}
    assert wanted == {
        ("events/registered", one.pk): False,
        ("events/registered", two.pk): True,
    }
    # By number: they are queued in the order of their keys, in which 10 comes before 9.
    found = {mail.subject_id: still_wanted(mail) for mail in mails("reminder")}
    assert found == {one.pk: False, two.pk: True}
    services.cancel_event(event=event, actor=officer)
    assert not any(is_wanted(mail) for mail in mails() if mail.template == "events/registered")
    assert not any(still_wanted(mail) for mail in mails("reminder"))
    assert all(mail.still_wanted for mail in mails() if mail.template != "events/event_cancelled")


def test_a_moved_event_drops_unsent_reminders_and_plans_new_ones(rules, officer, mails):
    event = EventFactory()
    registered_early(event)
    assert plan(due_before(event)) == 1
    sooner = event.starts_at + timedelta(hours=1)  # the same day: the same key must be free again
    with clock.at(due_before(event)):
        services.update_event(
            event=event, actor=officer, starts_at=sooner, ends_at=sooner + timedelta(hours=2)
        )
        assert len(mails("moved")) == 1
        old = mails("reminder")[0]
        assert not still_wanted(old)
        OutgoingMail.objects.filter(pk=old.pk).update(status="cancelled")
    event = Event.objects.get(pk=event.pk)
    assert plan(due_before(event)) == 1
    new = mails("reminder")[1]
    assert new.useless_after == sooner
    assert still_wanted(new)
    later = event.starts_at + timedelta(days=30)
    services.update_event(event=event, actor=officer, starts_at=later, ends_at=later + timedelta(hours=2))
    event = Event.objects.get(pk=event.pk)
    assert plan(due_before(event) - timedelta(hours=1)) == 0
    assert plan(due_before(event)) == 1


def test_a_reminder_already_claimed_for_the_old_time_is_not_wanted(rules, officer, mails):
    event = EventFactory()
    registered_early(event)
    plan(due_before(event))
    OutgoingMail.objects.filter(template="events/reminder").update(status="sending")
    later = event.starts_at + timedelta(days=3)
    services.update_event(event=event, actor=officer, starts_at=later, ends_at=later + timedelta(hours=2))
    assert not still_wanted(mails("reminder")[0])


def test_thanks_come_one_day_after_to_those_who_came_or_were_not_marked(rules, officer, mails):
    event = EventFactory()
    came, unmarked, missed = (registered_early(event, name) for name in ("Came", "Unmarked", "Missed"))
    with clock.at(event.starts_at):
        services.mark_attended(registration=came, actor=officer)
        services.mark_no_show(registration=missed, actor=officer)
    thanks = morning(event, 1, of="ends_at")
    assert plan(thanks - timedelta(minutes=1)) == 0
    assert plan(thanks) == 3
    assert plan(thanks + timedelta(hours=5)) == 0
    texts = {mail.recipient_name: mail.text for mail in mails("follow_up")}
    assert "Thank you for coming" in texts["Came"]
    assert "We hope you could make it" in texts["Unmarked"]
    with clock.at(thanks):
        services.mark_no_show(registration=unmarked, actor=officer)
        assert [still_wanted(mail) for mail in mails("follow_up")] == [True, False]


def test_who_was_noted_as_not_there_is_missed_and_not_thanked_until_the_note_is_taken_back(
    rules, officer, mails
):
    event = EventFactory()
    missed = registered_early(event, "Missed")
    with clock.at(event.starts_at):
        services.mark_no_show(registration=missed, actor=officer)
    after = morning(event, 1, of="ends_at")
    assert plan(after) == 1
    (mail,) = mails("missed")
    assert "reply to this mail" in mail.text
    with clock.at(after):
        assert still_wanted(mail)
        services.unmark(registration=missed, actor=officer)
        services.mark_attended(registration=missed, actor=officer)
        assert not still_wanted(mail)
    assert plan(after + timedelta(days=1)) == 1  # one reminder a day
    assert [each.recipient_name for each in mails("follow_up")] == ["Missed"]


def test_who_was_thanked_is_not_missed_afterwards(rules, officer, mails):
    event = EventFactory()
    row = registered_early(event)
    after = morning(event, 1, of="ends_at")
    assert plan(after) == 1
    with clock.at(after + timedelta(hours=2)):
        services.mark_no_show(registration=row, actor=officer)
    assert plan(after + timedelta(days=1)) == 0
    assert mails("missed") == []


@pytest.mark.gate(10)
@pytest.mark.parametrize(
    "zone", ["America/Chicago", "America/New_York", "America/Phoenix", "Pacific/Honolulu"]
)
@pytest.mark.parametrize(
    "day",
    [(2026, 3, 8), (2026, 3, 9), (2026, 11, 1), (2026, 11, 2), (2027, 3, 14), (2027, 3, 15), (2027, 11, 7)],
)
def test_across_a_clock_change_the_reminder_comes_on_the_morning_of_the_day_before(rules, zone, day):
    Department.objects.update_or_create(pk=1, defaults={"time_zone": zone})
    here = ZoneInfo(zone)
    starts = datetime(*day, hour=18, tzinfo=here)
    event = EventFactory(starts_at=starts.astimezone(UTC))
    registered_early(event)
    due = datetime(*day, hour=8, tzinfo=here) - timedelta(days=1)
    made = [plan(due + timedelta(minutes=minutes)) for minutes in range(-180, 181, 30)]
    assert made == [0] * 6 + [1] + [0] * 6
    assert Reminder.objects.get(rule__key="event-day-before").key.endswith(starts.date().isoformat())


def test_times_in_mail_name_the_zone_of_the_day(mails):
    summer = EventFactory(starts_at=datetime(2027, 7, 1, 23, 0, tzinfo=UTC))
    winter = EventFactory(starts_at=datetime(2027, 12, 1, 0, 0, tzinfo=UTC))
    place(summer, notify=True)
    place(winter, notify=True)
    one, two = mails("registered")
    assert "Thursday, July 1, 2027, 6:00 p.m. to 8:00 p.m. CDT" in one.text
    assert "Tuesday, November 30, 2027, 6:00 p.m. to 8:00 p.m. CST" in two.text


@pytest.mark.gate(8)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_name_or_title_gets_into_headers_tags_or_templates(rules, officer, mails, name):
    event = EventFactory(title=f"Talk {name}", capacity=2, directions=name, accommodation_contact=name)
    one = registered_early(event, name, notify=True)
    with clock.at(event.starts_at - timedelta(days=6)):
        place(event, f"{name} b", party_size=2, notify=True)
        services.request_place(event=event, name=name, email="new@people.example", party_size=1)
        services.request_place(event=event, name=name, email=one.email, party_size=1)
        services.update_event(event=event, actor=officer, venue_name=f"Hall {name}")
    plan(due_before(event))
    services.cancel_place(registration=one, actor=None)
    services.cancel_event(event=event, actor=officer, reason=name)
    found = mails()
    assert {mail.template.split("/")[1] for mail in found} == {
        "registered", "waitlisted", "confirm", "already", "moved", "reminder", "cancelled", "promoted",
        "event_cancelled",
    }  # fmt: skip
    for mail in found:
        for header in (mail.subject, mail.recipient_name):
            assert not any(char in header for char in "\r\n\u2028")
        assert len(mail.subject) < 60
        tags = Tags()
        tags.feed(mail.html)
        assert "script" not in tags.names
        assert not [each for each in tags.attributes if each[0].startswith("on")]
        links = [value for key, value in tags.attributes if key in {"href", "src"}]
        assert {urlsplit(link).hostname for link in links} <= {"localhost", None}
        if "{{" in name and mail.template != "events/cancelled":
            assert "{{ 7|add:7 }}" in mail.text


def test_planning_takes_the_same_few_statements_for_ten_people_and_for_hundreds(
    rules, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from events.models import Registration

    counts = []
    for people in (10, 400):
        event = EventFactory(capacity=None)
        early = event.starts_at - timedelta(days=9)
        Registration.objects.bulk_create(
            Registration(
                event=event, name=f"Guest {n}", email=f"e{event.pk}g{n}@people.example", status="registered",
                confirmed_at=early, created_at=early,
            )
            for n in range(people)
        )  # fmt: skip
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert plan(due_before(event)) == people
        counts.append(len(captured))
        Event.objects.filter(pk=event.pk).update(starts_at=event.starts_at + timedelta(days=90),
                                                 ends_at=event.ends_at + timedelta(days=90))  # fmt: skip
    # A few more batches of rows, no statement a person.
    assert counts[1] <= counts[0] + 3


def test_the_rules_come_with_the_room(db):
    assert set(ReminderRule.objects.filter(source__startswith="events.").values_list("key", flat=True)) == {
        "event-week-before", "event-day-before", "event-hours-before", "event-day-after",
        "event-missed-day-after",
    }  # fmt: skip


def test_the_samples_of_the_catalog_say_what_these_functions_write(officer):
    zone = Department.current().zone
    event = EventFactory(
        title="Coffee with a cop",
        starts_at=datetime(2026, 12, 8, 9, tzinfo=zone),
        ends_at=datetime(2026, 12, 8, 10, 30, tzinfo=zone),
    )
    row = place(event, "Maria Santos", party_size=2)
    line = before(event, row).line
    sample = catalog()["mail/digest"].sample().lines[1]
    assert (sample.title, sample.text, sample.label) == (line.title, line.text, line.label)
    real, shown = facts(event, row), catalog()["events/registered"].sample().facts
    assert (shown.when, shown.place, shown.people) == (real.when, real.place, real.people)
