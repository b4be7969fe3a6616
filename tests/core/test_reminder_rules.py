"""Rules count on the department's clock, look back only so far, and never flood anyone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.urls import reverse

from config import rooms
from core import clock, reminders
from core.models import AuditEntry, Department, Direction, OutgoingMail, ReminderRule, Unit
from core.reminders import DefaultRule, ReminderSource, change_rule, make_default_rules, plan
from tests.factories.accounts import AdminFactory, sign_in
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db
CHICAGO = ZoneInfo("America/Chicago")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def rule(amount=1, unit=Unit.DAYS, direction=Direction.BEFORE, look_back_days=2, activated_at=LONG_AGO):
    return ReminderRule(
        key="test",
        source="test",
        amount=amount,
        unit=unit,
        direction=direction,
        look_back_days=look_back_days,
        activated_at=activated_at,
    )


def local(*parts):
    return datetime(*parts, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("anchor", "due"),
    [
        (local(2026, 11, 24, 18), local(2026, 11, 23, 18)),
        (local(2027, 3, 14, 18), local(2027, 3, 13, 18)),  # clocks go forward that night
        (local(2026, 11, 1, 18), local(2026, 10, 31, 18)),  # clocks go back
        (local(2027, 3, 15, 2, 30), local(2027, 3, 14, 3, 30)),  # an hour that does not exist
    ],
)
def test_a_day_before_is_the_same_hour_of_the_day_before(anchor, due):
    assert rule().due_at(anchor.astimezone(UTC)) == due


def test_hours_are_hours_also_when_clocks_change():
    anchor = local(2027, 3, 14, 6)
    assert rule(8, Unit.HOURS).due_at(anchor) == anchor.astimezone(UTC) - timedelta(hours=8)


@pytest.mark.parametrize("zone", ["America/Chicago", "America/New_York", "Pacific/Honolulu", "UTC"])
def test_the_window_holds_every_date_that_is_due_across_two_years(zone):
    Department.objects.create(pk=1, time_zone=zone)
    each = rule()
    for day in range(730):
        anchor = datetime(2026, 1, 1, 18, 30, tzinfo=ZoneInfo(zone)) + timedelta(days=day)
        now = each.due_at(anchor)
        assert each.is_due(anchor, now)
        assert not each.is_due(anchor, now - timedelta(minutes=1))
        start, end = each.due_window(now).anchors
        assert start <= anchor <= end
        assert now.astimezone(ZoneInfo(zone)).time() == anchor.time()


def test_before_ends_when_the_date_has_come():
    anchor = local(2026, 11, 24, 18)
    assert rule().is_due(anchor, anchor - timedelta(seconds=1))
    assert not rule().is_due(anchor, anchor)


def test_what_is_older_than_the_look_back_is_not_sent():
    anchor = local(2026, 11, 24, 18)
    after = rule(direction=Direction.AFTER, look_back_days=2)
    assert after.is_due(anchor, anchor + timedelta(days=3))
    assert not after.is_due(anchor, anchor + timedelta(days=3, minutes=1))


def test_what_fell_due_before_the_rule_was_active_is_not_sent():
    anchor = local(2026, 11, 24, 18)
    since = anchor - timedelta(hours=20)
    assert not rule(activated_at=since).is_due(anchor, since + timedelta(minutes=1))


def test_a_day_has_one_key_whatever_its_length():
    keys = {
        rule().mail_key(subject="event-1", recipient="user-2", anchor=local(2026, 11, 1, h)) for h in (0, 23)
    }
    assert keys == {"test:event-1:user-2:2026-11-01"}


def test_a_missed_day_loses_nothing_and_planning_again_adds_nothing():
    event = EventFactory(in_days=5)
    place(event)
    late = event.starts_at - timedelta(hours=3)
    with clock.at(late):
        assert plan() == 1
        assert plan() == 0
    assert OutgoingMail.objects.filter(template="events/reminder").count() == 1


def test_a_rule_that_is_off_plans_nothing():
    event = EventFactory(in_days=5)
    place(event)
    ReminderRule.objects.update(active=False)
    assert plan(event.starts_at - timedelta(hours=3)) == 0


def test_the_rooms_rules_are_made_once_and_stay_as_they_were_edited():
    ReminderRule.objects.filter(key="event-day-before").update(amount=3)
    assert make_default_rules() == 0
    call_command("migrate", verbosity=0)
    assert ReminderRule.objects.get(key="event-day-before").amount == 3
    ReminderRule.objects.filter(key="event-day-before").delete()
    assert make_default_rules() == 1


def broken(rule, now):
    raise LookupError("a fault of ours")


def fine(rule, now):
    return 7


SOURCES = [ReminderSource("test.broken", "x", broken), ReminderSource("test.fine", "y", fine)]
REMINDER_RULES = [
    DefaultRule(key="a-broken", source="test.broken"),
    DefaultRule(key="b-fine", source="test.fine"),
    DefaultRule(key="c-lost", source="test.lost"),
]


def test_one_broken_source_stops_no_other(monkeypatch):
    monkeypatch.setattr(rooms, "REMINDER_SOURCES", ["tests.core.test_reminder_rules.SOURCES"])
    ReminderRule.objects.all().delete()
    assert make_default_rules() == 3
    assert plan() == 7


def test_switching_a_rule_on_starts_it_now_and_is_on_record():
    row = ReminderRule.objects.get(key="event-day-before")
    ReminderRule.objects.filter(pk=row.pk).update(active=False, activated_at=LONG_AGO)
    admin = AdminFactory()
    row.refresh_from_db()
    row.active = True
    change_rule(rule=row, actor=admin, changed=["active"])
    row.refresh_from_db()
    assert clock.now() - row.activated_at < timedelta(minutes=1)
    entry = AuditEntry.objects.get(verb="core.reminder_rule_changed")
    assert (entry.actor_id, entry.changed) == (admin.pk, ["active"])


def test_the_admin_edits_offsets_but_not_what_is_watched(client):
    row = ReminderRule.objects.get(key="event-day-before")
    sign_in(client, AdminFactory())
    url = reverse("admin:core_reminderrule_change", args=[row.pk])
    assert "start of an event" in client.get(reverse("admin:core_reminderrule_changelist")).content.decode()
    answer = client.post(
        url,
        {
            "key": "stolen",
            "source": "stolen",
            "active": "on",
            "amount": "2",
            "unit": "days",
            "direction": "before",
            "look_back_days": "3",
        },
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.key, row.source, row.amount, row.look_back_days) == ("event-day-before", "events.start", 2, 3)


def test_every_rule_watches_something_that_a_room_offers():
    known = reminders.sources()
    assert all(each.source in known for each in reminders.default_rules())
