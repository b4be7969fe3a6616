"""Which dates a source is asked for: near enough to be due, and not noted already."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Self
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from core.mail.models import Reminder, ReminderRule


@dataclass(frozen=True)
class Span:
    """One range of dates.

    Args:
        first, last: its first and last moment, aware.
        noted_by: the rule whose noted reminders may be left out; `None` when all are asked for.
    """

    first: datetime
    last: datetime
    noted_by: ReminderRule | None = None


@dataclass(frozen=True)
class Near:
    """The ranges of dates that the rules of one source ask for, as filters on its columns.

    Args:
        spans: at least one.
        zone: the department's.
    """

    spans: tuple[Span, ...]
    zone: ZoneInfo

    @classmethod
    def between(cls, first: datetime, last: datetime, zone: ZoneInfo) -> Self:
        """One range, whatever is noted.

        Args:
            first, last: its first and last moment, aware.
            zone: the department's.
        """
        return cls((Span(first, last),), zone)

    @classmethod
    def due(cls, rules: Iterable[ReminderRule], now: datetime, zone: ZoneInfo) -> Self:
        """Where dates lie of which these rules remind now.

        Args:
            rules: of one source, at least one.
            now: the planner's moment, aware.
            zone: the department's.
        """
        spans = []
        for rule in rules:
            first, last = rule.due_window(now, zone).anchors
            # Of a rule that repeats, a noted reminder does not say that the next one is noted.
            spans.append(Span(first, last, None if rule.repeat_times else rule))
        return cls(tuple(spans), zone)

    def moments(self, column: str) -> Q:
        """A filter for dates with a time of day.

        Args:
            column: of the watched moment.
        """
        return self._any(lambda span: Q(**{f"{column}__range": (span.first, span.last)}))

    def days(self, column: str) -> Q:
        """A filter for days without a time of day, whose anchor is `end_of(day, zone)`.

        Args:
            column: of the watched day.
        """
        return self._any(
            lambda span: Q(**{f"{column}__range": (self._day(span.first), self._day(span.last))})
        )

    def unnoted_moments(self, column: str, subject: str = "pk") -> Q:
        """The same as `moments` without what is noted: for a source that watches many thousands of rows.

        Only for a source with one recipient for each `subject_id`. A row whose date moved is asked for again;
        what passes is looked up by its key all the same.

        Args:
            column: of the watched moment.
            subject: of the `subject_id`.
        """
        return self._any(lambda span: self._unnoted(span, column, subject))

    def _any(self, of: Callable[[Span], Q]) -> Q:
        return reduce(or_, map(of, self.spans))

    def _unnoted(self, span: Span, column: str, subject: str) -> Q:
        within = Q(**{f"{column}__range": (span.first, span.last)})
        if span.noted_by is None:
            return within
        noted = Reminder.objects.filter(
            rule=span.noted_by,
            anchor__range=(span.first, span.last),
            anchor=OuterRef(column),
            subject_id=OuterRef(subject),
        )
        # One of a repetition, from before the rule was edited, is another reminder.
        return within & ~Q(Exists(noted.exclude(key__contains="+")))

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()
