"""Reminder rules, and the heartbeats that tell whether anyone is there to follow them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import clock

from .base import Stamped
from .department import Department

# A wall-clock offset may differ from the absolute one by a clock change.
_MARGIN = timedelta(hours=3)


class Unit(models.TextChoices):
    """Units of an offset. Minutes and hours are absolute; days and weeks keep the local time of day."""

    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    WEEKS = "weeks", _("weeks")


class Direction(models.TextChoices):
    """On which side of the watched date the mail falls due."""

    BEFORE = "before", _("before")
    AFTER = "after", _("after")


@dataclass(frozen=True)
class Window:
    """Between which moments a watched date lies when its reminder is due now.

    `anchors` goes into a `__range` filter. It is a few hours wider than exact, so that a clock change loses
    nothing: ask `rule.is_due(anchor, now)` for each row as well.
    """

    start: datetime
    end: datetime

    @property
    def anchors(self) -> tuple[datetime, datetime]:
        """First and last moment, aware."""
        return self.start, self.end


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

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        ordering = ["source", "key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit__in=Unit.values), name="core_reminderrule_known_unit"
            ),
            models.CheckConstraint(
                condition=models.Q(direction__in=Direction.values), name="core_reminderrule_known_direction"
            ),
        ]

    def __str__(self) -> str:
        units = {
            Unit.MINUTES: ngettext("%(n)d minute", "%(n)d minutes", self.amount),
            Unit.HOURS: ngettext("%(n)d hour", "%(n)d hours", self.amount),
            Unit.DAYS: ngettext("%(n)d day", "%(n)d days", self.amount),
            Unit.WEEKS: ngettext("%(n)d week", "%(n)d weeks", self.amount),
        }
        return f"{self.key}: {units[Unit(self.unit)] % {'n': self.amount}} {self.get_direction_display()}"

    @property
    def offset(self) -> timedelta:
        """The distance from the watched date, without its sign."""
        return timedelta(**{self.unit: self.amount})

    def due_at(self, anchor: datetime) -> datetime:
        """When the reminder for a date falls due.

        Days and weeks are counted on the department's wall clock: one day before 6:00 p.m. is 6:00 p.m.,
        also across a clock change. A time of day that the change skips moves on by the hour it skips.

        Args:
            anchor: the watched moment, aware.
        """
        signed = -self.offset if self.direction == Direction.BEFORE else self.offset
        if self.unit in (Unit.MINUTES, Unit.HOURS):
            return anchor.astimezone(UTC) + signed  # in a local zone Python would add on the wall clock
        zone = Department.current().zone
        wall = anchor.astimezone(zone).replace(tzinfo=None) + signed
        # Through UTC and back: an hour that does not exist becomes the one after it.
        return wall.replace(tzinfo=zone).astimezone(UTC)

    def earliest(self, now: datetime) -> datetime:
        """What fell due before this is not sent any more."""
        return max(now.astimezone(UTC) - timedelta(days=self.look_back_days), self.activated_at)

    def is_due(self, anchor: datetime, now: datetime) -> bool:
        """Whether the reminder for a date is to be sent now.

        Due on or before now; not older than the look-back or the rule; and "before" only until the date
        itself has come.

        Args:
            anchor: the watched moment, aware.
            now: the planner's moment, aware.
        """
        due = self.due_at(anchor)
        if not self.earliest(now) <= due <= now:
            return False
        return self.direction == Direction.AFTER or now < anchor

    def due_window(self, now: datetime) -> Window:
        """Where to look for dates whose reminder is due, for a `__range` filter; see `Window`."""
        now = now.astimezone(UTC)
        signed = self.offset if self.direction == Direction.BEFORE else -self.offset
        start = self.earliest(now) + signed - _MARGIN
        if self.direction == Direction.BEFORE:
            start = max(start, now)
        return Window(start=start, end=now + signed + _MARGIN)

    def useless_after(self, anchor: datetime) -> datetime:
        """Until when the mail is of use: the date itself, or for an "after" rule the end of the look-back."""
        if self.direction == Direction.BEFORE:
            return anchor
        return self.due_at(anchor) + timedelta(days=max(self.look_back_days, 1))

    def mail_key(
        self, *, subject: str, recipient: str, anchor: datetime, zone: ZoneInfo | None = None
    ) -> str:
        """The `dedupe_key` of a reminder: rule, subject, recipient, local date.

        Args:
            subject: what it is about, as `registration-12`.
            recipient: who gets it, as `user-5` or `guest-7`.
            anchor: the watched moment, aware.
            zone: the department's, where a caller with many rows has it at hand.
        """
        day = anchor.astimezone(zone or Department.current().zone).date()
        return f"{self.key}:{subject}:{recipient}:{day.isoformat()}"


class Heartbeat(models.Model):
    """When a process was last known to be alive."""

    BEAT = "beat"
    WORKER = "worker"

    name = models.CharField(_("name"), max_length=20, primary_key=True)
    at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str) -> None:
        """Note that `name` is alive now."""
        values: dict[str, Any] = {"at": clock.now()}
        cls.objects.update_or_create(name=name, defaults=values)
