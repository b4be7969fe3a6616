"""Reminder rules, and the reminders planned by them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import clock
from core.models.base import Stamped
from core.models.department import Department

# How far a watched date may lie from the exact distance: a clock change, the time of day, the end of a month.
_MARGIN = {"minutes": timedelta(hours=3), "hours": timedelta(hours=3), "days": timedelta(hours=27)}
_WIDE = timedelta(days=4)
MORNING = time(8)
FARTHEST = timedelta(days=3653)


class Unit(models.TextChoices):
    """Units of an offset. Minutes and hours are exact; the others count days and keep one time of day."""

    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    WEEKS = "weeks", _("weeks")
    MONTHS = "months", _("months")


EXACT = frozenset({Unit.MINUTES, Unit.HOURS})


class Direction(models.TextChoices):
    """On which side of the watched date the mail falls due."""

    BEFORE = "before", _("before")
    AFTER = "after", _("after")


@dataclass(frozen=True)
class Window:
    """Between which moments watched dates lie, for a `__range` filter.

    It is wider than exact, so that no clock change, time of day or month's end loses anything: ask
    `rule.occurrence(anchor, now)` for each row as well.
    """

    start: datetime
    end: datetime

    @property
    def anchors(self) -> tuple[datetime, datetime]:
        """First and last moment, aware."""
        return self.start, self.end


@dataclass(frozen=True)
class Occurrence:
    """One of the times a rule reminds of one date.

    Args:
        number: 0 for the first, then one for each repetition.
        due_at: when, aware, in UTC.
    """

    number: int
    due_at: datetime


class ReminderRule(Stamped):
    """How long before or after a date a reminder is sent. What it watches is code: `source`."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    source = models.CharField(_("watches"), max_length=100)
    amount = models.PositiveSmallIntegerField(
        _("how many"), default=1, validators=[MinValueValidator(0), MaxValueValidator(1000)]
    )
    unit = models.CharField(_("of what"), max_length=10, choices=Unit.choices, default=Unit.DAYS)
    direction = models.CharField(
        _("before or after"), max_length=10, choices=Direction.choices, default=Direction.BEFORE
    )
    at = models.TimeField(
        _("time of day"),
        default=MORNING,
        help_text=_("Of the department's clock. Rules of minutes and hours do not use it: they are exact."),
    )
    repeat_amount = models.PositiveSmallIntegerField(
        _("again every"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    repeat_unit = models.CharField(
        _("of what (again)"), max_length=10, choices=Unit.choices, default=Unit.WEEKS
    )
    repeat_times = models.PositiveSmallIntegerField(
        _("how often again"),
        default=0,
        validators=[MaxValueValidator(60)],
        help_text=_("0 for once only. A reminder before a date never repeats past the date."),
    )
    active = models.BooleanField(_("active"), default=True)
    activated_at = models.DateTimeField(
        _("active since"),
        default=clock.now,
        editable=False,
        help_text=_("What fell due earlier is never sent: switching a rule on does not flood anyone."),
    )
    look_back_days = models.PositiveSmallIntegerField(
        _("look-back in days"),
        default=2,
        validators=[MaxValueValidator(60)],
        help_text=_("What fell due while nobody was there to send it is sent late, but not later than this."),
    )

    # The rooms' words for it, where one who may ask the rooms has set them: `core.mail.reminders.labels`.
    called = ""

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        ordering = ["source", "key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit__in=Unit.values) & models.Q(repeat_unit__in=Unit.values),
                name="mail_reminderrule_known_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(direction__in=Direction.values), name="mail_reminderrule_known_direction"
            ),
        ]

    def __str__(self) -> str:
        return self.called or f"{self.source}: {self.words}"

    @property
    def words(self) -> str:
        """Its offset and repeats in words."""
        if not self.repeat_times:
            return self.distance
        again = _("again every %(time)s, %(n)d times") % {
            "time": _count(self.repeat_amount, self.repeat_unit),
            "n": self.repeat_times,
        }
        return f"{self.distance}, {again}"

    @property
    def distance(self) -> str:
        """Its offset in words."""
        if not self.amount:
            return str(_("at that time") if self.is_exact else _("on the day"))
        return f"{_count(self.amount, self.unit)} {self.get_direction_display()}"

    def clean(self) -> None:
        """One rule, one clock: an exact rule repeats exactly, a rule of days by days; within ten years."""
        far = abs(_distance(self.amount, self.unit)) + _distance(
            self.repeat_times * self.repeat_amount, self.repeat_unit
        )
        if far > FARTHEST:
            raise ValidationError(_("A reminder lies at most ten years from its date, repetitions included."))
        if self.repeat_times and (self.unit in EXACT) != (self.repeat_unit in EXACT):
            raise ValidationError(
                {
                    "repeat_unit": _(
                        "A rule of minutes or hours repeats after minutes or hours, a rule of days after "
                        "days, weeks or months."
                    )
                }
            )

    @property
    def _sign(self) -> int:
        return -1 if self.direction == Direction.BEFORE else 1

    @property
    def is_exact(self) -> bool:
        """Due to the minute, and mailed apart from the day's digest."""
        return self.unit in EXACT

    def due_at(self, anchor: datetime, number: int = 0, zone: ZoneInfo | None = None) -> datetime:
        """When the reminder for a date falls due.

        Minutes and hours are exact. Days, weeks and months lead to another local day, on which the mail goes
        out at the rule's time of day, whatever the clocks did in between; a time of day that a clock change
        skips moves on by the hour it skips. Months are counted from the date itself, never chained: one
        month before 31 March is the last of February, two months before is 31 January.

        Args:
            anchor: the watched moment, aware.
            number: which occurrence, 0 for the first.
            zone: the department's, where a caller with many rows has it at hand.

        Returns:
            An aware moment in UTC.
        """
        sign = self._sign
        if self.is_exact:
            distance = timedelta(**{self.unit: sign * self.amount})
            return (
                anchor.astimezone(UTC)
                + distance
                + number * timedelta(**{self.repeat_unit: self.repeat_amount})
            )
        zone = zone or Department.current().zone
        day = anchor.astimezone(zone).date()
        days = months = 0
        for unit, count in ((self.unit, sign * self.amount), (self.repeat_unit, number * self.repeat_amount)):
            if unit == Unit.MONTHS:
                months += count
            else:
                days += count * (7 if unit == Unit.WEEKS else 1)
        day = day + relativedelta(months=months) + timedelta(days=days)
        return _moment(day, self.at, zone)

    def occurrences(self, anchor: datetime, zone: ZoneInfo | None = None) -> Iterator[Occurrence]:
        """Every time this rule reminds of a date, the earliest first; "before" only until the date comes."""
        for number in range(self.repeat_times + 1):
            due = self.due_at(anchor, number, zone)
            if self.direction == Direction.BEFORE and due >= anchor:
                return
            yield Occurrence(number, due)

    def earliest(self, now: datetime) -> datetime:
        """What fell due before this is not sent any more."""
        return max(now.astimezone(UTC) - timedelta(days=self.look_back_days), self.activated_at)

    def occurrence(self, anchor: datetime, now: datetime, zone: ZoneInfo | None = None) -> Occurrence | None:
        """The reminder of a date that is to be sent now, if any: of several that are late, the latest.

        Due on or before now; not older than the look-back or the rule; still of use.

        Args:
            anchor: the watched moment, aware.
            now: the planner's moment, aware.
            zone: the department's, where a caller with many rows has it at hand.
        """
        if self.direction == Direction.BEFORE and now >= anchor:
            return None
        found = None
        for each in self.occurrences(anchor, zone):
            if each.due_at > now:
                break
            found = each
        return found if found and found.due_at >= self.earliest(now) else None

    def window(self, first: datetime, last: datetime) -> Window:
        """Where dates lie whose reminders fall due between two moments."""
        first, last = first.astimezone(UTC), last.astimezone(UTC)
        near = _distance(-self._sign * self.amount, self.unit)
        far = near - _distance(self.repeat_times * self.repeat_amount, self.repeat_unit)
        margin = _MARGIN.get(self.unit, _WIDE)
        if self.repeat_times:
            margin = max(margin, _MARGIN.get(self.repeat_unit, _WIDE))
        if Unit.MONTHS in (self.unit, self.repeat_unit):
            margin += timedelta(days=self.amount // 6 + self.repeat_times * self.repeat_amount // 6)
        return Window(start=first + min(near, far) - margin, end=last + max(near, far) + margin)

    def due_window(self, now: datetime, zone: ZoneInfo | None = None) -> Window:
        """Where dates lie whose reminders are to be sent now; no wider, unless months or repeats are counted.

        Args:
            now: the planner's moment, aware.
            zone: the department's, where the caller has it at hand.
        """
        first = self.earliest(now)
        if self.repeat_times or self.unit == Unit.MONTHS:
            found = self.window(first, now)
        elif self.is_exact:
            distance = self._sign * timedelta(**{self.unit: self.amount})
            found = Window(start=first - distance, end=now - distance)
        else:
            found = self._due_days(first, now, zone or Department.current().zone)
        if self.direction == Direction.BEFORE:
            return Window(start=max(found.start, now), end=max(found.end, now))
        return found

    def _due_days(self, first: datetime, last: datetime, zone: ZoneInfo) -> Window:
        """The local days whose one mail, at the rule's time of day, falls due between two moments."""
        start, end = first.astimezone(zone).date(), last.astimezone(zone).date()
        if _moment(start, self.at, zone) < first:
            start += timedelta(days=1)
        if _moment(end, self.at, zone) <= last:
            end += timedelta(days=1)  # the first day that is not due yet
        distance = self._sign * timedelta(**{self.unit: self.amount})
        return Window(
            start=_moment(start - distance, time(0), zone),
            end=_moment(end - distance, time(0), zone) - timedelta(microseconds=1),
        )

    def useless_after(self, anchor: datetime, number: int = 0, zone: ZoneInfo | None = None) -> datetime:
        """Until when a reminder is of use: the date itself; for "after" rules the end of the look-back."""
        if self.direction == Direction.BEFORE:
            return anchor
        return self.due_at(anchor, number, zone) + timedelta(days=max(self.look_back_days, 1))

    def reminder_key(
        self, *, subject: str, recipient: str, anchor: datetime, number: int = 0, zone: ZoneInfo | None = None
    ) -> str:
        """The key of a reminder: rule, subject, recipient, local date of what it reminds of, repetition.

        Args:
            subject: what it is about, as `registration-12`.
            recipient: who gets it, as `user-5` or `guest-7`.
            anchor: the watched moment, aware.
            number: which occurrence.
            zone: the department's, where a caller with many rows has it at hand.
        """
        day = anchor.astimezone(zone or Department.current().zone).date()
        again = f"+{number}" if number else ""
        return f"{self.key}:{subject}:{recipient}:{day.isoformat()}{again}"


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local time of day in UTC; one that a clock change skips is the one after it."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _distance(amount: int, unit: str) -> timedelta:
    return timedelta(days=30.4375 * amount) if unit == Unit.MONTHS else timedelta(**{unit: amount})


def _count(amount: int, unit: str) -> str:
    words = {
        Unit.MINUTES: ngettext("%(n)d minute", "%(n)d minutes", amount),
        Unit.HOURS: ngettext("%(n)d hour", "%(n)d hours", amount),
        Unit.DAYS: ngettext("%(n)d day", "%(n)d days", amount),
        Unit.WEEKS: ngettext("%(n)d week", "%(n)d weeks", amount),
        Unit.MONTHS: ngettext("%(n)d month", "%(n)d months", amount),
    }
    return words[Unit(unit)] % {"n": amount}
