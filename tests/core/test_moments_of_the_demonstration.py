"""The days around today from which every room counts its part of the demonstration."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from core.demo.moments import Moments
from tests.gates import FULL

CHICAGO = ZoneInfo("America/Chicago")
ANY_MOMENT = st.datetimes(datetime(2025, 1, 1), datetime(2035, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


def hold(now: datetime) -> None:
    """What every moment of the demonstration promises."""
    moments = Moments(now, CHICAGO)
    assert moments.today == now.astimezone(CHICAGO).date()
    for ago in range(25):
        assert moments.days(-ago, 23, 59) <= now
        found = moments.working(ago, 19)
        assert found <= now
        day = found.astimezone(CHICAGO).date()
        assert ago == 0 or moments.workdays.is_working_day(day)
        assert ago == 0 or found.astimezone(CHICAGO).time() == time(19, 0)
        assert found <= moments.working_after(found, 2) <= now
    # A partner of 40 days ago was approved after at most nine working days, and then asked to be listed.
    assert moments.working_after(moments.days(-40), 9, 14) < moments.days(-9 - 11)
    assert moments.days(3, 9).astimezone(CHICAGO).date() == moments.today + timedelta(days=3)
    for weekday in range(7):
        coming = moments.weekday(weekday)
        assert coming.weekday() == weekday
        assert 1 <= (coming.date() - moments.today).days <= 7
        assert moments.weekday(weekday, -1).date() == coming.date() - timedelta(days=7)
        assert coming.hour == 18
    for months in range(-13, 14):
        day = moments.second_wednesday(months).date()
        assert day.weekday() == 2
        assert 8 <= day.day <= 14
        assert (day.year * 12 + day.month) - (moments.today.year * 12 + moments.today.month) == months


def test_the_moments_of_the_demonstration_are_right_on_every_day_of_more_than_a_year():
    first = datetime(2027, 12, 1, tzinfo=CHICAGO)
    for day in range(400):
        for hour in (0, 7, 23):
            hold(datetime.combine(first.date() + timedelta(days=day), time(hour, 59), CHICAGO))


@settings(max_examples=100 if FULL else 25, deadline=None)
@given(ANY_MOMENT)
def test_the_moments_of_the_demonstration_are_right_at_any_moment(now):
    hold(now)
