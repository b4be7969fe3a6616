"""Working days and the promise, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.vetting import rules

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
    assert not rules.is_working_day(day)


def test_2026_has_eleven_holidays():
    assert len(rules.holidays(2026)) == 11


def test_a_promise_of_ten_days_skips_weekends_and_holidays():
    # Thursday, November 5; Veterans Day is on Wednesday the 11th.
    assert rules.add_working_days(date(2026, 11, 5), 10) == date(2026, 11, 20)


def test_the_day_of_the_promise_counts_on_after_it():
    day = rules.working_day_of_promise(promised_on=date(2026, 11, 20), today=date(2026, 11, 24), promise=10)
    assert day == 12


def test_a_weekend_adds_nothing():
    friday, sunday = date(2026, 11, 20), date(2026, 11, 22)
    assert rules.working_days_between(friday, sunday) == 0


@given(DAYS, st.integers(-60, 60))
def test_adding_and_counting_agree(start, count):
    end = rules.add_working_days(start, count)
    if count >= 0:
        assert rules.working_days_between(start, end) == count
    else:
        # Going back lands on the last working day whose distance is the count.
        assert rules.working_days_between(end - timedelta(days=1), start) >= -count


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(first, second, third):
    low, middle, high = sorted([first, second, third])
    assert rules.working_days_between(low, high) == (
        rules.working_days_between(low, middle) + rules.working_days_between(middle, high)
    )
