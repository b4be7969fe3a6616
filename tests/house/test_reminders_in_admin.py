"""Planned reminders in the admin: a date without a time is told as a day."""

from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from core.mail.models import Reminder, ReminderRule
from core.mail.reminders.sources import end_of
from core.models import Department
from tests.factories.accounts import AdminFactory, sign_in

pytestmark = pytest.mark.django_db


def reminder(key, anchor):
    return Reminder.objects.create(
        key=key, rule=ReminderRule.objects.get(key="event-day-before"), subject_id=1, recipient="contact-1",
        to="ana@people.example", anchor=anchor, due_at=anchor - timedelta(days=3), useless_after=anchor,
    )  # fmt: skip


def test_a_day_without_a_time_is_told_as_a_day(client):
    zone = Department.current().zone
    day = reminder("license", end_of(date(2027, 3, 5), zone))
    timed = reminder("visit", datetime(2027, 3, 6, 18, 30, tzinfo=zone))
    sign_in(client, AdminFactory())
    pages = [reverse("admin:mail_reminder_changelist")]
    pages += [reverse("admin:mail_reminder_change", args=[each.pk]) for each in (day, timed)]
    listed, of_day, of_time = (unescape(client.get(page).content.decode()) for page in pages)
    assert '<td class="field-date">March 5, 2027</td>' in listed
    assert '<td class="field-date">March 6, 2027, 6:30 p.m.</td>' in listed
    assert '<div class="readonly">March 5, 2027</div>' in of_day
    assert '<div class="readonly">March 6, 2027, 6:30 p.m.</div>' in of_time
