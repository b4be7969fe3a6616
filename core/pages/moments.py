"""A day and a time on a form, in the active zone; also in the nights when the clocks change.

In one of them an hour is left out, and the page says which. In the other an hour comes twice, and the page
offers the two.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import words

from .components import DateTimeInput

MINUTE = timedelta(minutes=1)


def both(naive: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """The two moments that a time on the clock means, where the clocks go back over it; else `None`.

    Args:
        naive: a day and a time without a zone.
        zone: where the clock hangs.
    """
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return (first, second) if _exists(naive, zone) and first.utcoffset() != second.utcoffset() else None


def comes_twice(moment: datetime) -> bool:
    """Whether the clocks of the active zone show the time of a moment twice.

    Args:
        moment: with a zone; without one it is taken for a time of the active zone.
    """
    zone = timezone.get_current_timezone()
    naive = moment.astimezone(zone).replace(tzinfo=None) if timezone.is_aware(moment) else moment
    return both(naive.replace(fold=0), zone) is not None


def gap(naive: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """From when to when the clocks leave out the time, without a zone; `None` where they show it.

    Args:
        naive: a day and a time without a zone.
        zone: where the clock hangs.
    """
    if _exists(naive, zone):
        return None
    # PEP 495: in a gap, fold 0 has the offset before it and fold 1 the one after.
    old, new = (naive.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    low, high = (naive - new).replace(tzinfo=UTC), (naive - old).replace(tzinfo=UTC)
    while high - low > MINUTE:
        middle = low + (high - low) // 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
    jump = high.replace(second=0, microsecond=0, tzinfo=None)
    return jump + old, jump + new


def _exists(naive: datetime, zone: tzinfo) -> bool:
    try:
        there = naive.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    except OverflowError:  # at the edge of time; no clock is changed there
        return True
    return there.replace(tzinfo=None, fold=0) == naive.replace(fold=0)


class MomentInput(DateTimeInput):
    """The browser's picker of date and time; below it the choice of the two where the time comes twice."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed, fold = data.get(name), data.get(f"{name}_fold")
        return f"{typed} {fold}" if typed and fold in {"0", "1"} else typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        naive, fold = _parts(value)
        drawn: SafeString = super().render(name, naive or value, attrs, renderer)
        pair = both(naive, timezone.get_current_timezone()) if naive is not None else None
        if pair is None:
            return drawn
        context = {
            "name": f"{name}_fold",
            "time": words.clock(pair[0]),
            "choices": [
                (str(number), label % {"time": words.clock(each, named=True)}, fold == number)
                for number, (each, label) in enumerate(
                    zip(pair, (_("The first, %(time)s"), _("The second, %(time)s")), strict=True)
                )
            ],
        }
        return SafeString(drawn + render_to_string("components/which_of_two.html", context))


def _parts(value: Any) -> tuple[datetime | None, int | None]:
    """A value of the form as a time without a zone, and which of two it is, `None` when not said."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, fold=0), value.fold
    typed, _blank, fold = str(value or "").strip().rpartition(" ")
    if not typed or fold not in {"0", "1"}:
        typed, fold = str(value or "").strip(), ""
    try:
        found = parse_datetime(typed)
    except ValueError:
        found = None
    naive = found if found is not None and timezone.is_naive(found) else None
    return naive, int(fold) if fold else None


class MomentField(forms.DateTimeField):
    """A moment, asked for as a day and a time in the active zone."""

    widget = MomentInput
    default_error_messages = {
        "invalid": gettext_lazy("Write a day and a time, such as 11/24/2026, 6:00 p.m."),
    }

    def to_python(self, value: Any) -> datetime | None:
        naive, fold = _parts(value)
        if naive is None or (isinstance(value, datetime) and timezone.is_aware(value)):
            found: datetime | None = super().to_python(value)
            return found
        zone = timezone.get_current_timezone()
        left_out = gap(naive, zone)
        if left_out is not None:
            starts, ends = left_out
            raise forms.ValidationError(
                _(
                    "On %(day)s the clocks go forward from %(starts)s to %(ends)s, so %(time)s does not "
                    "exist. Write a time before or after."
                ),
                code="left_out",
                params={
                    "day": words.day(naive),
                    "starts": words.clock(starts),
                    "ends": words.clock(ends),
                    "time": words.clock(naive),
                },
            )
        if both(naive, zone) is not None and fold is None:
            raise forms.ValidationError(
                _("On %(day)s the clocks go back, so %(time)s comes twice. Choose which one is meant."),
                code="twice",
                params={"day": words.day(naive), "time": words.clock(naive)},
            )
        return naive.replace(tzinfo=zone, fold=fold or 0)
