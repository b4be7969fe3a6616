"""The events of the demonstration, whatever day it is."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.demo.moments import Moments
from events.demo.occasions import occasions
from tests.gates import FULL

pytestmark = pytest.mark.django_db  # the counts of this folder's tests lie in the database

CHICAGO = ZoneInfo("America/Chicago")
ANY_MOMENT = st.datetimes(datetime(2025, 1, 1), datetime(2035, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


def hold_events(now: datetime) -> None:
    """Enough lies behind and ahead, nothing is on at this moment, and each is at a decent hour."""
    moments = Moments(now, CHICAGO)
    found = occasions(moments)
    ends = {each.title + str(each.starts): each.starts + timedelta(hours=each.hours) for each in found}
    assert len(ends) == len(found), "two events of one name at one time"
    behind = [each for each in found if each.starts + timedelta(hours=each.hours) < now]
    ahead = [each for each in found if each.starts > now]
    assert len(behind) >= 8
    assert len(ahead) >= 6
    # Only what took place yesterday afternoon or earlier has a headcount or people who came.
    assert {each.title for each in behind if each.headcount} >= {"Coffee and conversation"}
    assert not [each for each in ahead if each.headcount]
    assert len(behind) + len(ahead) == len(found)
    assert all(8 <= each.starts.astimezone(CHICAGO).hour <= 19 for each in found)
    assert sum(each.title == "Coffee and conversation" and each.starts > now for each in found) == 1
    assert [each for each in ahead if (each.starts - now) < timedelta(days=7) and not each.cancelled]


def test_the_events_of_the_demonstration_are_right_on_every_day_of_more_than_a_year():
    first = datetime(2027, 12, 1, tzinfo=CHICAGO)
    for day in range(400):
        for hour in (0, 7, 23):
            hold_events(datetime.combine(first.date() + timedelta(days=day), time(hour, 59), CHICAGO))


@settings(max_examples=100 if FULL else 25, deadline=None)
@given(ANY_MOMENT)
def test_the_events_of_the_demonstration_are_right_at_any_moment(now):
    hold_events(now)
