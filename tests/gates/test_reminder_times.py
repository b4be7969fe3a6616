"""Gates 10 and 11: one occurrence for each key at the right local hour, over clock changes and months."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from django.utils.timezone import make_naive

from core.mail.models import Direction, ReminderRule, Unit
from core.mail.outbox import Reader
from core.mail.reminders import Watched, default_rules, end_of
from core.mail.reminders.planning import due_rows
from tests.gates import FULL, scale

ZONES = ["America/Chicago", "America/New_York", "Pacific/Honolulu", "Australia/Lord_Howe"]
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
START = date(2026, 1, 1)


def made(**values):
    return ReminderRule(**{"key": "k", "source": "s", "activated_at": LONG_AGO, **values})


def watched(anchor):
    return Watched(subject="s-1", subject_id=1, reader=Reader("user-1", "a@b.example"), anchor=anchor)


def planned(rule, anchor, ticks, zone):
    """The keys that planners make at these moments, with the moment at which each was first made."""
    found = {}
    for tick in ticks:
        for key, row in due_rows(rule, [watched(anchor)], tick, zone, {}).items():
            found.setdefault(key, (tick, row))
    return found


@pytest.mark.gate(10)
@pytest.mark.parametrize("zone_name", ZONES)
@pytest.mark.parametrize("each", list(default_rules()), ids=lambda each: each.key)
def test_every_rule_falls_due_once_at_its_local_hour_over_two_years(each, zone_name):
    zone = ZoneInfo(zone_name)
    rule = made(**{**each.values, "active": True})
    days = range(0, 730, 1 if FULL else 10)
    changes = [day for day in range(730) if _offset(day, zone) != _offset(day + 1, zone)]
    near_changes = {day + shift for day in changes for shift in (-1, 0, 1, 2)}
    keys = set()
    for number in sorted({*days, *near_changes}):
        day = START + timedelta(days=number)
        anchor = datetime.combine(day, time(18, 30), tzinfo=zone).astimezone(UTC)
        dues = list(rule.occurrences(anchor, zone))
        for occurrence in dues:
            due = occurrence.due_at
            if not rule.is_exact:
                assert make_naive(due, zone).time() in {rule.at, _skipped(due, rule.at, zone)}
            # Ticks of the planner around it, on both sides of an hour that comes twice or never.
            ticks = [due + timedelta(minutes=5 * step, seconds=-1) for step in range(-14, 15)]
            rows = planned(rule, anchor, ticks, zone)
            mine = [row for key, row in rows.items() if key.endswith(_end(day, occurrence.number))]
            assert len(mine) == 1, (day, occurrence)
            first, row = mine[0]
            assert first == due + timedelta(minutes=5, seconds=-1)
            assert row.key not in keys
            keys.add(row.key)
            start, end = rule.due_window(first, zone).anchors
            assert start <= anchor <= end
            for beyond in (start - timedelta(microseconds=1), end + timedelta(microseconds=1)):
                assert rule.repeat_times or rule.occurrence(beyond, first, zone) is None
        assert dues or rule.direction == Direction.BEFORE


def _end(day, number):
    return f"{day.isoformat()}+{number}" if number else day.isoformat()


def _offset(number, zone):
    return datetime.combine(START + timedelta(days=number), time(12), tzinfo=zone).utcoffset()


def _skipped(due, at, zone):
    """The time of day that stands for one which this day does not have."""
    day = make_naive(due, zone).date()
    real = datetime.combine(day, at, tzinfo=zone).astimezone(UTC).astimezone(zone)
    return real.time()


@pytest.mark.gate(10)
def test_counting_days_as_24_hours_would_miss_the_hour():
    """Negative control: without the wall clock, the morning is missed by an hour after a clock change."""
    zone = ZoneInfo("America/Chicago")
    anchor = datetime(2027, 3, 14, 8, tzinfo=zone)
    naive = anchor.astimezone(UTC) - timedelta(days=1)
    assert make_naive(naive, zone).time() == time(7)
    assert make_naive(made(amount=1).due_at(anchor, zone=zone), zone).time() == time(8)


@pytest.mark.gate(10)
@pytest.mark.parametrize("hours", [23, 25])
def test_a_day_of_23_or_25_hours_has_one_occurrence(hours):
    zone = ZoneInfo("America/Chicago")
    day = date(2027, 3, 14) if hours == 23 else date(2026, 11, 1)
    begin = datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone).astimezone(UTC)
    assert end - begin == timedelta(hours=hours)
    rule = made(amount=0, at=time(1, 30))  # comes twice on the long day
    ticks = [begin + timedelta(minutes=5 * step) for step in range(12 * hours)]
    assert len(planned(rule, end_of(day, zone), ticks, zone)) == 1


@pytest.mark.gate(11)
@pytest.mark.parametrize("direction", list(Direction), ids=str)
@pytest.mark.parametrize(
    "first", [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 30), date(2025, 12, 31)]
)
def test_monthly_renewals_from_the_end_of_a_month_miss_none_and_err_in_none_for_ten_years(first, direction):
    zone = ZoneInfo("America/Chicago")
    rule = made(
        amount=0, unit=Unit.MONTHS, direction=Direction.AFTER, repeat_amount=1, repeat_unit=Unit.MONTHS,
        repeat_times=120,
    )  # fmt: skip
    if direction == Direction.BEFORE:
        rule.direction, rule.amount = Direction.BEFORE, 60
        rule.repeat_times = 59
    anchor = end_of(first, zone)
    expected = [
        _month_of(first, shift) for shift in (range(121) if direction == Direction.AFTER else range(-60, 0))
    ]
    got = [found.due_at.astimezone(zone) for found in rule.occurrences(anchor, zone)]
    assert [each.date() for each in got] == expected
    assert {each.time() for each in got} == {time(8)}


def _month_of(first, shift):
    month = first.month - 1 + shift
    year, month = first.year + month // 12, month % 12 + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))


@pytest.mark.gate(11)
@pytest.mark.parametrize("first", [date(2024, 2, 29), date(2023, 8, 31), date(2024, 12, 31)])
def test_yearly_renewals_are_planned_by_daily_ticks_once_a_year_for_ten_years(first):
    zone = ZoneInfo("America/Chicago")
    rule = made(
        amount=12, unit=Unit.MONTHS, direction=Direction.AFTER, repeat_amount=12, repeat_unit=Unit.MONTHS,
        repeat_times=9,
    )  # fmt: skip
    anchor = end_of(first, zone)
    begin = datetime.combine(first, time(9), tzinfo=zone)
    every = max(1, 20 // scale(20))  # a tick a day; fewer outside the whole gates
    ticks = [begin + timedelta(days=day) for day in range(0, 3660, 1 if FULL else min(every, 2))]
    rows = planned(rule, anchor, ticks, zone)
    days = sorted(row.due_at.astimezone(zone).date() for _tick, row in rows.values())
    assert days == [_month_of(first, 12 * year) for year in range(1, 11)]


@pytest.mark.gate(11)
def test_chained_months_would_drift():
    """Negative control: counting each month from the one before loses the 31st for good."""
    chained = date(2024, 1, 31)
    for _ in range(2):
        chained += relativedelta(months=1)
    assert chained == date(2024, 3, 29)
    zone = ZoneInfo("America/Chicago")
    rule = made(amount=2, unit=Unit.MONTHS, direction=Direction.AFTER)
    assert rule.due_at(end_of(date(2024, 1, 31), zone), zone=zone).astimezone(zone).date() == date(
        2024, 3, 31
    )
