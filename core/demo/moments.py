"""Moments of the demonstration, counted back and forth from today in the department's time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.workdays import WorkingDays

TUESDAY, WEDNESDAY, THURSDAY, SATURDAY = 1, 2, 3, 5


@dataclass(frozen=True)
class Moments:
    """Today, and what lies around it.

    Args:
        now: the moment the demonstration is made; nothing in its past is later.
        zone: the department's time zone.
        workdays: its working days.
    """

    now: datetime
    zone: ZoneInfo
    workdays: WorkingDays = WorkingDays()

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.astimezone(self.zone).date()

    def on(self, day: date, hour: int = 10, minute: int = 0) -> datetime:
        """A local time of a day."""
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone)

    def days(self, count: int, hour: int = 10, minute: int = 0) -> datetime:
        """A time so many days from today, negative for the past, never later than now for the past."""
        return self._past(self.on(self.today + timedelta(days=count), hour, minute), count <= 0)

    def working(self, ago: int, hour: int = 10, minute: int = 0) -> datetime:
        """A time so many working days ago."""
        return self._past(self.on(self.workdays.after(self.today, -ago), hour, minute), True)

    def working_after(self, moment: datetime, count: int, hour: int = 11) -> datetime:
        """A time so many working days after another moment, never later than now."""
        day = self.workdays.after(moment.astimezone(self.zone).date(), count)
        return self._past(self.on(day, hour), True)

    def weekday(self, weekday: int, weeks: int = 0, hour: int = 18, *, ahead: int = 1) -> datetime:
        """The first such weekday from `ahead` days after today on, and `weeks` later (negative: earlier)."""
        start = self.today + timedelta(days=ahead)
        day = start + timedelta(days=(weekday - start.weekday()) % 7 + 7 * weeks)
        return self.on(day, hour)

    def second_wednesday(self, months: int, hour: int = 8) -> datetime:
        """The second Wednesday so many months from this one."""
        index = self.today.year * 12 + self.today.month - 1 + months
        first = date(index // 12, index % 12 + 1, 1)
        return self.on(first + timedelta(days=(WEDNESDAY - first.weekday()) % 7 + 7), hour)

    def _past(self, moment: datetime, past: bool) -> datetime:
        return min(moment, self.now) if past else moment
