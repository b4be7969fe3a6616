"""A time zone as calendars read it (RFC 5545, section 3.6.5): the rule in force, a few lines long.

Not a list of every change of the clocks: Outlook on a desktop leaves such lists unread, and is an hour off.
"""

from calendar import monthrange
from collections import defaultdict
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

import icalendar

YEARS = 28  # after which days of the month and of the week come round again
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MINUTE = timedelta(minutes=1)

Shift = tuple[timedelta, timedelta]  # the offsets from UTC before and after a change of the clocks


@lru_cache(maxsize=32)
def vtimezone(zone: tzinfo, year: int) -> icalendar.Timezone:
    """The zone with the rules by which its clocks are changed around a year.

    Args:
        zone: with a name, such as `ZoneInfo("America/Chicago")`.
        year: of the event.
    """
    found = icalendar.Timezone()
    found.add("tzid", str(zone))
    first = datetime(year - 1, 1, 1, tzinfo=UTC)
    changes = _changes(zone, first, first.replace(year=first.year + YEARS))
    if not changes:
        offset = first.astimezone(zone).utcoffset() or timedelta()
        found.add_component(_half(zone, first, (offset, offset), datetime(1970, 1, 1)))  # noqa: DTZ001  (local)
    by_shift = defaultdict(list)
    for moment, shift in changes:
        by_shift[shift].append(moment)
    for shift, moments in by_shift.items():
        local = [(each + shift[0]).replace(tzinfo=None) for each in moments]
        rule = _rule(local)
        if rule is not None:
            half = _half(zone, moments[0], shift, local[0])
            half.add("rrule", rule)
            found.add_component(half)
            continue
        # No yearly rule, as where the moon decides: each change around the event by itself.
        for moment, start in zip(moments, local, strict=True):
            if start.year <= year + 1:
                found.add_component(_half(zone, moment, shift, start))
    return found


def _changes(zone: tzinfo, first: datetime, last: datetime) -> list[tuple[datetime, Shift]]:
    """When the clocks are changed, in UTC, and by what."""
    found, day = [], first
    while day < last:
        morrow = day + timedelta(days=1)
        shift = _offset(zone, day), _offset(zone, morrow)
        if shift[0] != shift[1]:
            low, high = day, morrow
            while high - low > MINUTE:
                middle = low + (high - low) // 2
                low, high = (middle, high) if _offset(zone, middle) == shift[0] else (low, middle)
            found.append((high.replace(second=0, microsecond=0), shift))
        day = morrow
    return found


def _offset(zone: tzinfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _half(zone: tzinfo, moment: datetime, shift: Shift, start: datetime) -> Any:
    after = moment.astimezone(zone)
    half = icalendar.TimezoneDaylight() if after.dst() else icalendar.TimezoneStandard()
    half.TZOFFSETFROM, half.TZOFFSETTO = shift
    half.DTSTART = start
    half.add("tzname", after.tzname() or str(shift[1]))
    return half


def _rule(local: list[datetime]) -> dict[str, Any] | None:
    """The yearly rule that gives just these times on the clock, `None` where there is none."""
    first = local[0]
    years = [each.year for each in local]
    alike = len({(each.month, each.weekday(), each.time()) for each in local}) == 1
    if not alike or years != list(range(years[0], years[0] + len(years))) or len(years) < YEARS - 1:
        return None
    weekday, base = DAYS[first.weekday()], {"freq": "yearly", "bymonth": first.month}
    counted = {(each.day - 1) // 7 + 1 for each in local}
    if len(counted) == 1:
        return {**base, "byday": f"{counted.pop()}{weekday}"}
    if all(each.day + 7 > monthrange(each.year, each.month)[1] for each in local):
        return {**base, "byday": f"-1{weekday}"}
    days = sorted({each.day for each in local})
    if len(days) == 7 and days[-1] - days[0] == 6:
        return {**base, "bymonthday": days, "byday": weekday}
    return None
