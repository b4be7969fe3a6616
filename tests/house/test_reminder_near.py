"""The planner asks only for what may be due and is not noted; what it has noted is not read at every tick."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.mail.models import Reminder, ReminderRule
from core.mail.reminders import Near, plan, sources
from core.models import Department
from events.models import Event
from tests.factories.events import EventFactory, morning, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    made = EventFactory(in_days=5)
    place(made)
    ReminderRule.objects.exclude(key="event-day-before").update(active=False)
    ReminderRule.objects.update(activated_at=datetime(2020, 1, 1, tzinfo=UTC))
    return made


def asked_for(moment):
    """The dates that the planner gets to see at a moment."""
    rules = list(ReminderRule.objects.filter(active=True))
    near = Near.due(rules, moment, Department.current().zone)
    return [each.anchor for each in sources()["events.start"].find(near=near)]


def test_what_is_not_due_is_not_read_and_what_is_noted_is_not_read_again(event):
    moment = morning(event)
    assert asked_for(moment - timedelta(seconds=1)) == []
    assert asked_for(moment) == [event.starts_at]
    plan(moment)
    assert asked_for(moment) == []


def test_a_date_that_moved_is_read_again(event):
    moment = morning(event)
    plan(moment)
    late = event.starts_at.astimezone(Department.current().zone).hour == 23  # later would be the next day
    moved = event.starts_at + timedelta(hours=-1 if late else 1)
    Event.objects.filter(pk=event.pk).update(starts_at=moved, ends_at=moved + timedelta(hours=1))
    assert asked_for(moment) == [moved]


def test_a_repetition_from_before_the_rule_was_edited_hides_nothing(event):
    moment = morning(event)
    plan(moment)
    row = Reminder.objects.get()
    Reminder.objects.update(key=f"{row.key}+1")
    assert asked_for(moment) == [event.starts_at]


def test_a_rule_that_repeats_reads_what_it_noted_for_the_next_time_is_another_reminder(event):
    moment = morning(event)
    plan(moment)
    ReminderRule.objects.update(repeat_times=1, repeat_unit="days")
    assert asked_for(moment) == [event.starts_at]


def test_a_quiet_tick_of_every_rule_takes_two_statements_a_source_at_most(event):
    ReminderRule.objects.update(active=True, activated_at=clock.now() - timedelta(minutes=1))
    plan(morning(event))
    with CaptureQueriesContext(connection) as asked:
        assert plan(morning(event) + timedelta(minutes=5)) == 0
    assert len(asked) <= 2 * len(sources()) + 10
