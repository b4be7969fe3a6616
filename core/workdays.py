"""Working days, by which the department promises answers: no database, no clock."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

FRIDAY = 4


@dataclass(frozen=True)
class WorkingDays:
    """Which days the department works. `Department.working_days` is the one of this installation.

    Args:
        country: its two letters by ISO 3166-1; the country's weekends and public holidays are off. For the
            United States alone these are the federal holidays (5 U.S.C. 6103), on the day they are observed.
        subdivision: a state or region of it, as the `holidays` library calls it; its holidays are off too.
        own: further days on which the department is closed.
    """

    country: str = "US"
    subdivision: str = ""
    own: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Neither a weekend nor a holiday nor a day on which the department is closed."""
        return day not in self.own and day not in self._off(day.year)

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.between(end, start)
        closed = sum(start < day <= end and day not in self._off(day.year) for day in self.own)
        return (
            self._until(end)
            - self._until(start)
            - closed
            + sum(map(self._in_year, range(start.year, end.year)))
        )

    def _off(self, year: int) -> frozenset[date]:
        return _off(self.country, self.subdivision, year)

    def _until(self, day: date) -> int:
        """Working days of the year up to and including `day`, before its own days off are taken away."""
        return _counted(self.country, self.subdivision, day.year)[day.timetuple().tm_yday]

    def _in_year(self, year: int) -> int:
        return _counted(self.country, self.subdivision, year)[-1]

    def after(self, start: date, count: int) -> date:
        """The day on which `count` working days after `start` have passed; a negative count goes back.

        Args:
            start: the day that counts as zero, working day or not.
            count: how many working days.
        """
        step = timedelta(days=1 if count >= 0 else -1)
        day, left = start, abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day


@cache
def _off(country: str, subdivision: str, year: int) -> frozenset[date]:
    """Weekends and public holidays of a calendar year.

    A region or country that an update of the library no longer knows has no holidays: promises go on.
    """
    from holidays import country_holidays  # half a second that most commands can do without

    days = _days_of(year)
    if country not in dict(countries()):
        return frozenset(day for day in days if day.weekday() > FRIDAY)
    region = subdivision if subdivision in dict(subdivisions(country)) else None
    calendar = country_holidays(country, subdiv=region, years=year)
    return frozenset(day for day in days if not calendar.is_working_day(day))


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1)]


@cache
def _counted(country: str, subdivision: str, year: int) -> tuple[int, ...]:
    """How many working days have passed by each day of the year; position 0 is the day before the first."""
    off = _off(country, subdivision, year)
    return tuple(accumulate((day not in off for day in _days_of(year)), initial=0))


@cache
def countries() -> list[tuple[str, str]]:
    """The countries whose holidays are known: two letters, and the English name."""
    from holidays.registry import COUNTRIES

    return sorted(
        ((code, _spaced(name)) for name, code, *_rest in COUNTRIES.values()), key=lambda pair: pair[1]
    )


@cache
def subdivisions(country: str) -> list[tuple[str, str]]:
    """The states or regions of a country: code, and its name where the library has one."""
    from holidays import country_holidays

    calendar = country_holidays(country)
    names = calendar.get_subdivision_aliases()
    return [(code, max(names.get(code) or [code], key=len)) for code in calendar.subdivisions]


def _spaced(name: str) -> str:
    """ "UnitedStates" as people write it: "United States"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
