"""Rules count on the department's clock, look back only so far, and never flood anyone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from config import rooms
from core import clock, health, words
from core.mail import consents, reminders
from core.mail.models import Direction, OutgoingMail, Reminder, ReminderRule, Suppression, Unit
from core.mail.reminders import change_rule, make_default_rules, plan
from core.mail.reminders.labels import label_of
from core.mail.reminders.upcoming import upcoming
from core.models import AuditEntry, Heartbeat
from tests.adminpages import change
from tests.factories import vetting
from tests.factories.accounts import AdminFactory, SupervisorFactory, sign_in
from tests.factories.events import EventFactory, morning, place

pytestmark = pytest.mark.django_db
CHICAGO = ZoneInfo("America/Chicago")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def rule(amount=1, unit=Unit.DAYS, direction=Direction.BEFORE, **more):
    values = {"look_back_days": 2, "activated_at": LONG_AGO, **more}
    return ReminderRule(key="test", source="test", amount=amount, unit=unit, direction=direction, **values)


def is_due(each, anchor, now):
    return each.occurrence(anchor, now) is not None


def local(*parts):
    return datetime(*parts, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("anchor", "due"),
    [
        (local(2026, 11, 24, 18), local(2026, 11, 23, 8)),
        (local(2026, 11, 24, 0, 5), local(2026, 11, 23, 8)),
        (local(2027, 3, 14, 18), local(2027, 3, 13, 8)),  # clocks go forward that night
        (local(2027, 3, 15, 18), local(2027, 3, 14, 8)),
        (local(2026, 11, 2, 18), local(2026, 11, 1, 8)),  # clocks go back
    ],
)
def test_a_day_before_is_eight_in_the_morning_of_the_day_before(anchor, due):
    assert rule().due_at(anchor.astimezone(UTC)) == due


def test_a_time_of_day_that_a_clock_change_skips_moves_on():
    assert rule(at=time(2, 30)).due_at(local(2027, 3, 15, 18)) == local(2027, 3, 14, 3, 30)


def test_hours_are_hours_also_when_clocks_change():
    anchor = local(2027, 3, 14, 6)
    assert rule(8, Unit.HOURS).due_at(anchor) == anchor.astimezone(UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2027, 3, 31), 1, date(2027, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2027, 5, 31), 3, date(2027, 2, 28)),
    ],
)
def test_months_end_on_the_last_day_where_a_month_is_shorter(day, months, due):
    anchor = reminders.end_of(day, CHICAGO)
    assert rule(months, Unit.MONTHS).due_at(anchor).astimezone(CHICAGO).date() == due


def test_on_the_day_itself_a_date_without_a_time_still_counts():
    anchor = reminders.end_of(date(2027, 5, 31), CHICAGO)
    assert rule(0).occurrence(anchor, local(2027, 5, 31, 8)) is not None


def test_repeats_count_from_the_date_and_stop_at_their_bound():
    each = rule(3, direction=Direction.AFTER, repeat_amount=1, repeat_unit=Unit.WEEKS, repeat_times=2)
    dues = [found.due_at.astimezone(CHICAGO).date() for found in each.occurrences(local(2026, 11, 1, 12))]
    assert dues == [date(2026, 11, 4), date(2026, 11, 11), date(2026, 11, 18)]


def test_repeats_before_a_date_stop_when_it_has_come():
    each = rule(3, repeat_amount=1, repeat_unit=Unit.DAYS, repeat_times=10)
    dues = [found.due_at.astimezone(CHICAGO).date() for found in each.occurrences(local(2026, 11, 10, 12))]
    assert dues == [date(2026, 11, day) for day in (7, 8, 9, 10)]


def test_of_several_that_are_late_only_the_latest_is_due():
    each = rule(
        1, direction=Direction.AFTER, repeat_amount=1, repeat_unit=Unit.DAYS, repeat_times=5, look_back_days=9
    )
    found = each.occurrence(local(2026, 11, 1, 12), local(2026, 11, 4, 9))
    assert found is not None
    assert found.number == 2


def test_a_rule_of_days_cant_repeat_by_the_hour():
    with pytest.raises(ValidationError, match="repeats after"):
        rule(repeat_times=1, repeat_unit=Unit.HOURS).full_clean()


def test_a_rule_says_in_words_when_it_reminds():
    assert rule(0).words == "on the day"
    assert rule(2, Unit.HOURS).words == "2 hours before"
    assert rule(1, direction=Direction.AFTER, repeat_times=3).words == (
        "1 day after, again every 1 week, 3 times"
    )


def test_a_rule_is_called_by_its_rooms_words_as_long_as_they_are_true():
    row = ReminderRule.objects.get(key="event-day-before")
    assert label_of(row) == "Event: the day before"
    row.amount = 3
    assert label_of(row) == "Event: 3 days before"
    row.repeat_times = 2  # stands beside its name
    assert label_of(row) == "Event: 3 days before"
    assert label_of(rule(3)) == "test: 3 days before"


def test_no_two_rules_of_the_rooms_share_their_words():
    assert {label_of(row) for row in ReminderRule.objects.all()} == {
        str(each.label) for each in reminders.default_rules()
    }
    assert len({str(each.label) for each in reminders.default_rules()}) == ReminderRule.objects.count()


def test_the_admins_pages_call_rules_by_their_words_and_tell_the_key(client):
    row = ReminderRule.objects.get(key="event-day-before")
    sign_in(client, AdminFactory())
    listed = client.get(reverse("admin:mail_reminderrule_changelist"), {"source": "events.start"})
    page = listed.content.decode()
    assert "Event: the day before<br><small>event-day-before</small>" in page
    assert "Approval: on its last day" not in page
    assert "last day of an approval, for the owners" in page  # of the filter
    page = client.get(reverse("admin:mail_reminderrule_change", args=[row.pk])).content.decode()
    assert "<h2>Event: the day before</h2>" in page
    page = client.get(reverse("admin:mail_reminder_changelist")).content.decode()
    assert "Event: the day before" in page


def test_a_rule_that_was_moved_is_not_called_by_its_old_day_when_it_was_saved_nor_later(client):
    row = ReminderRule.objects.get(key="event-day-before")
    sign_in(client, AdminFactory())
    address = reverse("admin:mail_reminderrule_change", args=[row.pk])
    form = client.get(address).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in typed.items() if value is not None and value is not False}
    saved = client.post(address, {**typed, "amount": "3", "at": "08:00"}, follow=True)
    row.refresh_from_db()
    assert row.amount == 3
    now = "Event: 3 days before"
    for page in (saved.content.decode(), client.get(address).content.decode()):
        assert now in page
        assert "Event: the day before" not in page


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("event the day before", ["event-day-before"]),
        ("EVENT thanks", ["event-day-after"]),
        ("promised day", ["promise-near", "promise-overdue"]),
        ("event-day-before", ["event-day-before"]),
        ("nothing of the kind", []),
    ],
)
def test_the_admin_finds_rules_by_the_words_that_it_shows(client, typed, found):
    sign_in(client, AdminFactory())
    page = client.get(reverse("admin:mail_reminderrule_changelist"), {"q": typed})
    assert [each.key for each in page.context["cl"].result_list] == found


def test_a_day_without_a_time_is_shown_as_a_day_in_what_a_rule_would_send(client):
    application = vetting.submitted()
    assert application.promised_on is not None
    SupervisorFactory()
    sign_in(client, AdminFactory())
    row = ReminderRule.objects.get(key="promise-near")
    page = client.get(reverse("admin:mail_reminderrule_change", args=[row.pk])).content.decode()
    assert words.day(application.promised_on) in page
    assert "11:59" not in page
    for label in ("When", "To", "Reminds of"):  # what a phone shows in place of the heads of columns
        assert f'data-label="{label}"' in page


def test_a_reminder_is_shown_with_the_words_of_its_rule(client):
    row = ReminderRule.objects.get(key="event-day-before")
    when = local(2026, 11, 1)
    planned = Reminder.objects.create(
        key="event-day-before:event-1:registration-1:2026-11-01", rule=row, subject_id=1,
        recipient="registration-1", to="a@example.org", anchor=when, due_at=when, useless_after=when,
    )  # fmt: skip
    sign_in(client, AdminFactory())
    page = client.get(reverse("admin:mail_reminder_change", args=[planned.pk])).content.decode()
    assert "Event: the day before" in page
    assert "events.start" not in page


def test_before_ends_when_the_date_has_come():
    anchor = local(2026, 11, 24, 18)
    assert is_due(rule(), anchor, anchor - timedelta(seconds=1))
    assert not is_due(rule(), anchor, anchor)


def test_what_is_older_than_the_look_back_is_not_sent():
    anchor = local(2026, 11, 24, 18)
    after = rule(direction=Direction.AFTER, look_back_days=2)
    due = local(2026, 11, 25, 8)
    assert is_due(after, anchor, due + timedelta(days=2))
    assert not is_due(after, anchor, due + timedelta(days=2, minutes=1))


def test_what_fell_due_before_the_rule_was_active_is_not_sent():
    anchor = local(2026, 11, 24, 18)
    since = local(2026, 11, 23, 9)
    assert not is_due(rule(activated_at=since), anchor, since + timedelta(minutes=1))


def test_a_day_has_one_key_whatever_its_length():
    keys = {
        rule().reminder_key(subject="event-1", recipient="user-2", anchor=local(2026, 11, 1, h))
        for h in (0, 23)
    }
    assert keys == {"test:event-1:user-2:2026-11-01"}


def test_a_missed_day_loses_nothing_and_planning_again_adds_nothing():
    event = EventFactory(in_days=5)
    place(event)
    late = morning(event) + timedelta(hours=10)
    with clock.at(late):
        assert plan() == 1
        assert plan() == 0
    assert OutgoingMail.objects.filter(template="events/reminder").count() == 1


def test_a_rule_that_is_off_plans_nothing():
    event = EventFactory(in_days=5)
    place(event)
    ReminderRule.objects.update(active=False)
    assert plan(event.starts_at - timedelta(hours=1)) == 0
    assert not Reminder.objects.exists()


def test_the_rooms_rules_are_made_once_and_stay_as_they_were_edited():
    ReminderRule.objects.filter(key="event-day-before").update(amount=3)
    assert make_default_rules() == 0
    call_command("migrate", verbosity=0)
    assert ReminderRule.objects.get(key="event-day-before").amount == 3
    ReminderRule.objects.filter(key="event-day-before").delete()
    assert make_default_rules() == 1


def test_one_broken_source_stops_no_other(monkeypatch):
    monkeypatch.setattr(rooms, "ROOMS", ["tests.house.broken_room", *rooms.ROOMS])
    assert make_default_rules() == 2
    event = EventFactory(in_days=5)
    place(event)
    assert plan(morning(event)) == 1


def test_one_faulty_rule_holds_up_no_other_of_its_source_and_is_told_once(caplog):
    event = EventFactory(in_days=5)
    place(event)
    faulty = ReminderRule.objects.create(
        key="faulty",
        source="events.start",
        amount=32_000,  # no form takes it: such an event was before the year 1
        unit=Unit.MONTHS,
        direction=Direction.AFTER,
        activated_at=LONG_AGO,
    )
    with clock.at(morning(event)):
        assert plan() == 1
        assert caplog.text.count("The reminder rule faulty failed") == 1
        [found] = [each for each in health.checks() if each.key == "planner"]
        assert found.level is health.Level.LATE
        assert found.sentence.count("32000 months after") == 1
        faulty.delete()
        plan()
        [found] = [each for each in health.checks() if each.key == "planner"]
        assert found.level is health.Level.OK


def test_switching_a_rule_on_starts_it_now_and_is_on_record():
    row = ReminderRule.objects.get(key="event-day-before")
    ReminderRule.objects.filter(pk=row.pk).update(active=False, activated_at=LONG_AGO)
    admin = AdminFactory()
    row.refresh_from_db()
    change_rule(rule=row, actor=admin, changes={"active": True})
    row.refresh_from_db()
    assert clock.now() - row.activated_at < timedelta(minutes=1)
    entry = AuditEntry.objects.get(verb="mail.reminder_rule_changed")
    assert (entry.actor_id, entry.changed) == (admin.pk, ["active"])


def test_switching_a_rule_on_floods_nobody():
    """What fell due while it was off stays unsent; without the guard it would all go out."""
    event = EventFactory(in_days=5)
    place(event)
    row = ReminderRule.objects.get(key="event-day-before")
    ReminderRule.objects.exclude(pk=row.pk).update(active=False)
    ReminderRule.objects.filter(pk=row.pk).update(active=False)
    row.refresh_from_db()
    moment = morning(event) + timedelta(hours=2)
    with clock.at(moment):
        change_rule(rule=row, actor=AdminFactory(), changes={"active": True})
        assert plan() == 0
        ReminderRule.objects.filter(pk=row.pk).update(activated_at=LONG_AGO)
        assert plan() == 1


@pytest.mark.parametrize(("field", "value"), [("amount", 3), ("at", time(7, 30)), ("repeat_times", 2)])
def test_a_changed_time_counts_from_now_as_well(field, value):
    row = ReminderRule.objects.get(key="event-day-before")
    ReminderRule.objects.filter(pk=row.pk).update(activated_at=LONG_AGO)
    row.refresh_from_db()
    change_rule(rule=row, actor=AdminFactory(), changes={field: value})
    row.refresh_from_db()
    assert row.activated_at > LONG_AGO


def typed(**changes):
    return {
        "key": "stolen",
        "source": "stolen",
        "active": "on",
        "amount": "2",
        "unit": "days",
        "direction": "before",
        "at": "09:30",
        "repeat_amount": "1",
        "repeat_unit": "weeks",
        "repeat_times": "0",
        "look_back_days": "3",
        **changes,
    }


def test_the_admin_edits_offsets_but_not_what_is_watched(client):
    row = ReminderRule.objects.get(key="event-day-before")
    sign_in(client, AdminFactory())
    url = reverse("admin:mail_reminderrule_change", args=[row.pk])
    assert "start of an event" in client.get(reverse("admin:mail_reminderrule_changelist")).content.decode()
    answer = change(client, url, typed(_save="Save"))
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.key, row.source, row.amount, row.look_back_days) == ("event-day-before", "events.start", 2, 3)
    assert row.at == time(9, 30)


def test_the_admin_sees_who_would_get_what_before_it_is_saved(client):
    event = EventFactory(in_days=12)
    place(event, email="ana@people.example")
    row = ReminderRule.objects.get(key="event-day-before")
    sign_in(client, AdminFactory())
    url = reverse("admin:mail_reminderrule_change", args=[row.pk])
    page = client.get(url).content.decode()
    assert "ana@people.example" in page
    assert "1 reminder in the next 30 days" in page
    answer = change(client, url, typed(amount="3", at="07:15", _preview="Preview"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "3 days before" in page
    assert "7:15 a.m." in page
    assert "ana@people.example" in page
    row.refresh_from_db()
    assert row.amount == 1
    answer = client.post(url, typed(amount="-3", _preview="Preview"))
    assert "Please correct the error" in answer.content.decode()


def test_a_rule_that_reaches_further_than_ten_years_is_refused(client):
    row = ReminderRule.objects.get(key="event-day-before")
    sign_in(client, AdminFactory())
    url = reverse("admin:mail_reminderrule_change", args=[row.pk])
    for button in ("_preview", "_save"):
        far = typed(
            amount="1000", unit="months", repeat_times="60", repeat_amount="1000", repeat_unit="months"
        )
        answer = change(client, url, {**far, button: "x"})
        assert answer.status_code == 200
        assert "at most ten years" in answer.content.decode()
    row.refresh_from_db()
    assert row.amount == 1


def test_the_preview_leaves_out_what_was_planned_who_came_later_and_who_said_no():
    event = EventFactory(in_days=12)
    ana, ben = (place(event, name, email=f"{name}@people.example") for name in ("ana", "ben"))
    row = ReminderRule.objects.get(key="event-day-before")
    source = reminders.sources()["events.start"]
    found = upcoming(row, source)
    assert (found.total, found.people, found.unreached) == (2, 2, 0)
    assert {each.title for each in found.rows} == {event.title}
    consents.record(address=ana.email, purpose="reminders", given=False, how="desk", wording="x")
    Suppression.objects.create(address=ben.email, reason="bounce")
    found = upcoming(row, source)
    assert (found.total, found.unreached) == (0, 2)
    assert all(each.unreached for each in found.rows)
    with clock.at(morning(event) + timedelta(hours=1)):
        late = place(event, "late")
    assert late.email not in {each.watched.to for each in upcoming(row, source).rows}
    Suppression.objects.all().delete()
    plan(morning(event))
    assert upcoming(row, source, now=morning(event) - timedelta(minutes=1)).total == 0


def test_the_health_page_knows_when_a_rule_could_not_be_followed(monkeypatch):
    plan()
    assert Heartbeat.objects.get(name=Heartbeat.PLANNER).note == ""
    monkeypatch.setattr(rooms, "ROOMS", ["tests.house.broken_room", *rooms.ROOMS])
    make_default_rules()
    plan()
    found = {each.key: each for each in health.checks()}["planner"]
    assert found.level is health.Level.LATE
    for named in ("(LookupError)", "(NoSuchSource)"):
        assert named in found.sentence


def test_the_health_page_knows_when_nobody_planned():
    Heartbeat.objects.create(name=Heartbeat.PLANNER, at=clock.now() - timedelta(days=1))
    found = {each.key: each for each in health.checks()}["planner"]
    assert (found.level, "Nobody planned" in found.sentence) == (health.Level.LATE, True)


def test_every_rule_watches_something_that_a_room_offers():
    known = reminders.sources()
    assert all(each.source in known for each in reminders.default_rules())
