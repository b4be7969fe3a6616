"""Two people edit a row whose time comes twice in the night when the clocks go back."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from core.models import AuditEntry
from events import services
from events.models import Event
from tests.factories.accounts import OfficerFactory, SupervisorFactory, sign_in
from tests.factories.events import EventFactory, place
from tests.markup import untouched

pytestmark = pytest.mark.django_db
FIRST = datetime(2027, 11, 7, 6, 30, tzinfo=UTC)  # 1:30 a.m. CDT
SECOND = FIRST + timedelta(hours=1)  # 1:30 a.m. CST
EVENING = FIRST - timedelta(hours=8)


def opened(client, starts_at):
    """An event, the address of its form, and what a browser sends of it where nothing is touched."""
    event = EventFactory(title="Night watch", starts_at=starts_at, ends_at=SECOND + timedelta(hours=3))
    url = reverse("desk:event_edit", args=[event.pk])
    sign_in(client, SupervisorFactory())
    return event, url, dict(untouched(client.get(url).content.decode()))


def moved(event, starts_at):
    services.update_event(event=event, actor=OfficerFactory(full_name="Kim Park"), starts_at=starts_at)


def words(answer):
    return unescape(re.sub(r"<[^>]+>|\s+", " ", answer.content.decode()))


def test_both_versions_say_which_of_the_two_they_mean(client):
    event, url, page = opened(client, EVENING)
    moved(event, SECOND)
    mine = {**page, "starts_at": "2027-11-07T01:30", "starts_at_fold": "0"}
    warned = client.post(url, mine)
    assert warned.status_code == 409
    assert "November 7, 2027, 1:30 a.m. CDT" in words(warned)
    assert "November 7, 2027, 1:30 a.m. CST" in words(warned)


def test_who_touched_neither_takes_what_someone_else_chose(client):
    event, url, page = opened(client, FIRST)
    assert page["starts_at_fold"] == "0"
    moved(event, SECOND)
    warned = client.post(url, {**page, "title": "My own title"})
    assert warned.status_code == 409
    assert "Not changed by you" in words(warned)
    again = dict(untouched(warned.content.decode()))
    assert again["starts_at_fold"] == "1"
    assert client.post(url, again).status_code == 302
    event.refresh_from_db()
    assert (event.title, event.starts_at) == ("My own title", SECOND)


def test_who_chose_the_other_of_the_two_changed_something(client):
    event, url, page = opened(client, FIRST)
    moved(event, EVENING)
    warned = client.post(url, {**page, "starts_at_fold": "1"})
    assert warned.status_code == 409
    assert "November 7, 2027, 1:30 a.m. CST" in words(warned)
    assert "Not changed by you" not in words(warned)


def test_any_other_time_is_told_without_its_zone(client):
    event, url, page = opened(client, EVENING)
    moved(event, EVENING + timedelta(hours=1))
    warned = client.post(url, {**page, "starts_at": "2027-11-06T20:30"})
    assert "November 6, 2027, 8:30 p.m." in words(warned)
    assert "8:30 p.m. C" not in words(warned)


def test_what_is_saved_untouched_moves_nothing(client):
    event, url, page = opened(client, FIRST)
    place(event, "Ana")
    seen = Event.objects.get(pk=event.pk)
    assert client.post(url, page).status_code == 302
    event.refresh_from_db()
    assert (event.starts_at, event.sequence, event.updated_at) == (FIRST, seen.sequence, seen.updated_at)
    assert not AuditEntry.objects.filter(verb="events.event_changed").exists()
