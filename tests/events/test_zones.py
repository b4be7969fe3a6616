"""Calendar files carry the zone as a short rule; another library reads the same hours out of it."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil import tz as second_library

from events import ics
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db
ZONES = {
    "America/Chicago": ("BYDAY=2SU", "BYDAY=1SU"),
    "Europe/Berlin": ("BYDAY=-1SU",),
    "Australia/Sydney": ("BYDAY=1SU",),  # summer at the turn of the year
    "America/Santiago": ("BYMONTHDAY=2,3,4,5,6,7,8",),  # the Sunday behind a Saturday's midnight
    "Australia/Lord_Howe": ("BYDAY=1SU",),  # by half an hour
    "America/Phoenix": (),  # the clocks are never changed
    "Asia/Kolkata": (),
}


def calendar_in(zone, start):
    event = EventFactory(starts_at=start, ends_at=start + timedelta(hours=2))
    stream = ics.calendar_of(event, zone=ZoneInfo(zone), organizer="Police", email="p@city.example")
    return stream.decode()


def zone_of(stream):
    whole = stream.replace("\r\n ", "")
    start, end = whole.index("BEGIN:VTIMEZONE"), whole.index("END:VTIMEZONE")
    return whole[start:end] + "END:VTIMEZONE\r\n"


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("month", [1, 7])
def test_a_second_library_reads_the_same_hours_over_every_change_of_the_clocks(zone, month):
    start = datetime(2027, month, 15, 18, tzinfo=UTC)
    stream = calendar_in(zone, start)
    read = second_library.tzical(StringIO(zone_of(stream))).get(zone)
    own = ZoneInfo(zone)
    moment = start - timedelta(days=200)
    while moment < start + timedelta(days=900):
        there = moment.astimezone(own)
        wall = there.replace(tzinfo=None)
        if there.fold == 0 and wall.replace(tzinfo=own, fold=1).utcoffset() == there.utcoffset():
            assert wall.replace(tzinfo=read).utcoffset() == there.utcoffset(), wall
            assert wall.replace(tzinfo=read).tzname() == there.tzname(), wall
        moment += timedelta(minutes=30)


@pytest.mark.parametrize(("zone", "rules"), ZONES.items())
def test_the_zone_is_a_rule_of_a_few_lines(zone, rules):
    said = zone_of(calendar_in(zone, datetime(2027, 5, 1, 18, tzinfo=UTC)))
    assert "RDATE" not in said
    assert len(said) < 700
    assert said.count("RRULE") == (2 if rules else 0)
    assert all(each in said for each in rules)


def test_where_the_moon_decides_the_changes_around_the_event_are_listed():
    stream = calendar_in("Africa/Casablanca", datetime(2027, 2, 10, 18, tzinfo=UTC))
    said = zone_of(stream)
    assert "RRULE" not in said
    assert len(said) < 1200
    read = second_library.tzical(StringIO(said)).get("Africa/Casablanca")
    for day in (1, 10, 20):
        wall = datetime(2027, 2, day, 12)  # noqa: DTZ001  (a time on the clock)
        assert (
            wall.replace(tzinfo=read).utcoffset()
            == wall.replace(tzinfo=ZoneInfo("Africa/Casablanca")).utcoffset()
        )


def test_a_department_on_utc_needs_no_zone():
    stream = calendar_in("UTC", datetime(2027, 5, 1, 18, tzinfo=UTC))
    assert "VTIMEZONE" not in stream
    found: Any = icalendar.Calendar.from_ical(stream)
    (entry,) = found.walk("VEVENT")
    assert entry["dtstart"].dt == datetime(2027, 5, 1, 18, tzinfo=UTC)
