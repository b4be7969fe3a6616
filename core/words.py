"""Dates, times and numbers in words, the same on every page, in every mail and on paper.

A moment is told in the zone that is active: requests, tasks, commands and mails switch the department's on.
`zone` tells it in another one. Templates have the same words as filters (`{{ until|day:"short" }}`) and, with
a `<time>` element around them, as tags, both in the library `ui`. What a machine reads (files, addresses,
keys) does not come from here.
"""

from datetime import date, datetime, time, timedelta, tzinfo

from django.utils import timezone
from django.utils.formats import date_format, number_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from core import clock as our_clock

Day = date | datetime
Words = str | Promise

# As a word in a sentence: "We need two things from you".
SPELLED = (
    gettext_lazy("two"),
    gettext_lazy("three"),
    gettext_lazy("four"),
    gettext_lazy("five"),
    gettext_lazy("six"),
    gettext_lazy("seven"),
    gettext_lazy("eight"),
    gettext_lazy("nine"),
)


# --- Days


def local_day(value: Day, *, zone: tzinfo | None = None) -> date:
    """The calendar day of `value`; of a moment the one that it falls on in the zone."""
    return _local(value, zone).date() if isinstance(value, datetime) else value


def day(value: Day | None, style: str = "", *, zone: tzinfo | None = None) -> str:
    """A day: "November 24, 2026".

    Args:
        value: a date, or a moment of that day; nothing gives "".
        style: `""` in a sentence; `"short"` in a list or on a tag: "Nov 24", with the year only when it is
            another one; `"long"` where people have to be there: "Tuesday, November 24, 2026".
        zone: another than the active one.

    Raises:
        KeyError: no such style.
    """
    if value is None:
        return ""
    told = local_day(value, zone=zone)
    if style == "short" and told.year != our_clock.today().year:
        style = "short, another year"
    patterns = {
        "": lambda: pgettext("date", "F j, Y"),
        "short": lambda: pgettext("date, short", "M j"),
        "short, another year": lambda: pgettext("date, short", "M j, Y"),
        "long": lambda: pgettext("date, long", "l, F j, Y"),
    }
    return date_format(told, patterns[style]())


def weekday(value: Day | None, style: str = "", *, zone: tzinfo | None = None) -> str:
    """The day of the week: "Tuesday", or "Tue" with the style `"short"`. Otherwise as `day`."""
    return "" if value is None else date_format(local_day(value, zone=zone), {"": "l", "short": "D"}[style])


def month(value: Day | None, style: str = "", *, zone: tzinfo | None = None) -> str:
    """The month with its year: "November 2026"; `"short"` gives "Nov 2026", `"bare"` "Nov". Else as `day`."""
    if value is None:
        return ""
    patterns = {
        "": lambda: pgettext("month", "F Y"),
        "short": lambda: pgettext("month, short", "M Y"),
        "bare": lambda: "M",
    }
    return date_format(local_day(value, zone=zone), patterns[style]())


# --- Times


def clock(value: datetime | time | None, *, zone: tzinfo | None = None, named: bool = False) -> str:
    """A time of day: "6:00 p.m.", or "6:00 p.m. CST".

    Args:
        value: a moment, or a time that has no zone; nothing gives "".
        zone: another than the active one.
        named: whether the zone is told: where someone far away may read it.
    """
    if value is None:
        return ""
    told = _local(value, zone) if isinstance(value, datetime) else value
    said = time_format(told, "g:i a")
    return f"{said} {told.tzname()}" if named and told.tzname() else said


def moment(value: datetime | None, *, zone: tzinfo | None = None, named: bool = False) -> str:
    """A day with a time: "November 24, 2026, 6:00 p.m.". Arguments as for `clock`."""
    return "" if value is None else f"{day(value, zone=zone)}, {clock(value, zone=zone, named=named)}"


def span(starts: datetime | None, ends: datetime | None = None, *, zone: tzinfo | None = None) -> str:
    """From when to when: "Tuesday, November 24, 2026, 6:00 p.m. to 8:00 p.m. CST".

    The second day is told when it is another one, the first zone when the clocks change in between.

    Args:
        starts: nothing gives "".
        ends: nothing gives the start alone.
        zone: another than the active one.
    """
    first, last = span_ends(starts, ends, zone=zone)
    return _("{} to {}").format(first, last) if last else first


def span_ends(
    starts: datetime | None, ends: datetime | None = None, *, zone: tzinfo | None = None
) -> tuple[str, str]:
    """The two halves of a `span`, of which the second may be empty."""
    if starts is None:
        return "", ""
    long = day(starts, "long", zone=zone)
    if ends is None:
        return f"{long}, {clock(starts, zone=zone, named=True)}", ""
    changed = _local(starts, zone).tzname() != _local(ends, zone).tzname()
    # Midnight belongs to the day that ends with it: "to midnight", not to 12:00 a.m. of the next day.
    until = _local(ends, zone)
    midnight = until.time() == time() and ends > starts
    last_day = local_day(ends, zone=zone) - timedelta(days=midnight)
    last = _("midnight") if midnight else clock(ends, zone=zone)
    last = f"{last} {until.tzname()}" if until.tzname() else last
    if local_day(starts, zone=zone) != last_day:
        last = f"{day(last_day, 'long')}, {last}"
    return f"{long}, {clock(starts, zone=zone, named=changed)}", last


def ago(value: Day | None) -> str:
    """How long ago or how far ahead: "2 days ago", "in 3 hours", "yesterday"; of this minute "just now".

    The full date belongs beside it: the tag `{% ago %}` puts it into the title.
    """
    if value is None:
        return ""
    gone = (our_clock.today() - local_day(value)).days
    if isinstance(value, datetime):
        present = our_clock.now()
        seconds = (
            present - (value if timezone.is_aware(value) else timezone.make_aware(value))
        ).total_seconds()
        if abs(seconds) < 60:
            return _("just now")
        told = _hours(int(abs(seconds) // 60)) if abs(seconds) < 86400 else _days(max(abs(gone), 1))
        past = seconds > 0
    elif abs(gone) < 2:
        return {0: _("today"), 1: _("yesterday"), -1: _("tomorrow")}[gone]
    else:
        told, past = _days(abs(gone)), gone > 0
    return (_("%(time)s ago") if past else _("in %(time)s")) % {"time": told}


def duration(seconds: int) -> str:
    """How long something takes: "40 seconds", "3 minutes", "2 hours", "5 days"."""
    if seconds < 120:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    if seconds < 7200:
        return ngettext("%(n)d minute", "%(n)d minutes", seconds // 60) % {"n": seconds // 60}
    if seconds < 172_800:
        return ngettext("%(n)d hour", "%(n)d hours", seconds // 3600) % {"n": seconds // 3600}
    return ngettext("%(n)d day", "%(n)d days", seconds // 86_400) % {"n": seconds // 86_400}


# --- Numbers


def number(value: object) -> str:
    """A number with separators: 9506 → "9,506"; of anything else its text, of nothing ""."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return number_format(value, use_l10n=True, force_grouping=True)


def count(value: int, noun: tuple[Words, Words]) -> str:
    """How many of what: "1 business", "1,204 businesses".

    Where the noun stands in the code it goes through `ngettext` with `number`: some languages have more than
    two forms.

    Args:
        value: how many.
        noun: one and several.
    """
    return f"{number(value)} {noun[0] if value == 1 else noun[1]}"


def spelled(value: int) -> str:
    """Two to nine as words: "three"; other numbers as `number`."""
    return str(SPELLED[value - 2]) if 2 <= value <= 9 else number(value)


# --- Inside


def _local(value: datetime, zone: tzinfo | None) -> datetime:
    return timezone.localtime(value, zone) if timezone.is_aware(value) else value


def _hours(minutes: int) -> str:
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}


def _days(count: int) -> str:
    if count < 60:
        return ngettext("%(n)d day", "%(n)d days", count) % {"n": count}
    if count < 730:
        return ngettext("%(n)d month", "%(n)d months", count // 30) % {"n": count // 30}
    return ngettext("%(n)d year", "%(n)d years", count // 365) % {"n": count // 365}
