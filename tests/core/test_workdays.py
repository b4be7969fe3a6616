"""Working days, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import WorkingDays, countries, subdivisions

FEDERAL = WorkingDays()
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 1, 19),  # Martin Luther King, Jr.
        date(2026, 2, 16),  # Washington's Birthday
        date(2026, 5, 25),  # Memorial Day
        date(2026, 6, 19),
        date(2026, 7, 3),  # the 4th is a Saturday
        date(2026, 9, 7),  # Labor Day
        date(2026, 10, 12),  # Columbus Day
        date(2026, 11, 11),
        date(2026, 11, 26),  # Thanksgiving
        date(2026, 12, 25),
        date(2021, 12, 31),  # New Year's Day 2022 is a Saturday
        date(2023, 1, 2),  # New Year's Day 2023 is a Sunday
    ],
)
def test_a_federal_holiday_is_no_working_day(day):
    assert not FEDERAL.is_working_day(day)


def test_2026_has_eleven_holidays():
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(day.weekday() < 5 and not FEDERAL.is_working_day(day) for day in year) == 11


def test_a_state_adds_its_own_holidays():
    lincoln = date(2026, 2, 12)
    assert FEDERAL.is_working_day(lincoln)
    assert not WorkingDays("US", "IL").is_working_day(lincoln)
    assert not WorkingDays("US", "IL").is_working_day(date(2026, 11, 26))


def test_another_country_has_other_weekends_and_holidays():
    thanksgiving, friday, unity = date(2026, 11, 26), date(2026, 11, 27), date(2025, 10, 3)
    assert WorkingDays("DE").is_working_day(thanksgiving)
    assert not WorkingDays("DE").is_working_day(unity)
    assert not WorkingDays("IL").is_working_day(friday)  # Israel


def test_a_state_or_country_that_the_library_does_not_know_adds_no_holidays():
    friday, saturday = date(2026, 12, 25), date(2026, 12, 26)
    assert not WorkingDays("US", "Nowhere").is_working_day(friday)
    assert WorkingDays("US", "Nowhere").is_working_day(date(2026, 2, 12))
    assert WorkingDays("??").is_working_day(friday)
    assert not WorkingDays("??").is_working_day(saturday)


def test_a_day_of_the_departments_own_is_no_working_day():
    training = date(2026, 11, 18)
    days = WorkingDays(own=frozenset({training}))
    assert not days.is_working_day(training)
    assert days.after(date(2026, 11, 17), 1) == date(2026, 11, 19)


def test_countries_and_states_go_by_their_names():
    assert ("US", "United States") in countries()
    assert ("IL", "Illinois") in subdivisions("US")
    assert subdivisions("MC") == []


def test_a_promise_of_ten_days_skips_weekends_and_holidays():
    # Thursday, November 5; Veterans Day is on Wednesday the 11th.
    assert FEDERAL.after(date(2026, 11, 5), 10) == date(2026, 11, 20)


def test_a_weekend_adds_nothing():
    friday, sunday = date(2026, 11, 20), date(2026, 11, 22)
    assert FEDERAL.between(friday, sunday) == 0


@given(DAYS, st.integers(-60, 60))
def test_adding_and_counting_agree(start, count):
    end = FEDERAL.after(start, count)
    if count >= 0:
        assert FEDERAL.between(start, end) == count
    else:
        # Going back lands on the last working day whose distance is the count.
        assert FEDERAL.between(end - timedelta(days=1), start) >= -count


@given(DAYS, DAYS, st.sets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=40))
def test_days_between_are_those_one_can_count_one_by_one(first, second, own):
    start, end = sorted([first, second])
    days = WorkingDays("US", "IL", frozenset(own))
    each = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert days.between(start, end) == sum(days.is_working_day(day) for day in each)
    assert days.between(end, start) == -days.between(start, end)


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(first, second, third):
    low, middle, high = sorted([first, second, third])
    assert FEDERAL.between(low, high) == (FEDERAL.between(low, middle) + FEDERAL.between(middle, high))
