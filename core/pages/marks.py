"""Small marks of a page, as safe HTML: tags, icons, numbers, dates and times in words.

The tag library `ui` gives them to templates; lists draw their cells with them.
"""

from datetime import date, datetime
from typing import Any

from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core import clock as department_clock
from core.tones import TONES

Day = date | datetime


def known_tone(tone: str) -> str:
    """The tone itself, or `neutral` for one that does not exist."""
    return tone if tone in TONES else "neutral"


def _local_date(value: Day) -> date:
    """The calendar day of `value` in the department's zone."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _today() -> date:
    return department_clock.today()


def _words(value: Day, style: str = "") -> str:
    day = _local_date(value)
    if style == "short":
        pattern = (
            pgettext("date, short", "M j") if day.year == _today().year else pgettext("date, short", "M j, Y")
        )
    elif style == "long":
        pattern = pgettext("date, long", "l, F j, Y")
    else:
        pattern = pgettext("date", "F j, Y")
    return formats.date_format(day, pattern)


def _clock(value: datetime, *, zone: bool = False) -> str:
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    hour = local.hour % 12 or 12
    half = _("a.m.") if local.hour < 12 else _("p.m.")
    words = f"{hour}:{local.minute:02d} {half}"
    return f"{words} {local.tzname()}" if zone and local.tzname() else words


def _full(value: Day) -> str:
    if isinstance(value, datetime):
        return f"{_words(value)}, {_clock(value, zone=True)}"
    return _words(value)


def _time_element(value: Day, words: str, *, title: str = "") -> SafeString:
    iso = value.isoformat()
    if isinstance(value, datetime) and timezone.is_aware(value):
        iso = timezone.localtime(value).isoformat(timespec="minutes")
    if title:
        return format_html('<time datetime="{}" title="{}">{}</time>', iso, title, words)
    return format_html('<time datetime="{}">{}</time>', iso, words)


# --- Words and small marks


def tag(label: object, tone: str = "neutral") -> SafeString:
    """A small colored label. The words carry the meaning; the color repeats it."""
    return format_html('<span class="tag tag--{}">{}</span>', known_tone(tone), label)


def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the vendored sprite, hidden from screen readers unless it has a label."""
    sprite = static("vendor/uswds/img/sprite.svg")
    if label:
        return format_html(
            '<svg class="usa-icon {}" role="img" aria-label="{}" focusable="false">'
            '<use href="{}#{}"></use></svg>',
            css, label, sprite, name,
        )  # fmt: skip
    return format_html(
        '<svg class="usa-icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css, sprite, name,
    )  # fmt: skip


def number(value: Any) -> str:
    """A number with separators: 9506 → "9,506"; anything else unchanged."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def progress(value: int, total: int, label: str) -> SafeString:
    """A bar from 0 to `total` with its words above."""
    return format_html(
        '<div class="progress"><span class="progress__words">{}</span>'
        '<progress class="progress__bar" value="{}" max="{}" aria-label="{}"></progress></div>',
        label, min(max(int(value), 0), max(int(total), 1)), max(int(total), 1), label,
    )  # fmt: skip


# --- Dates and times


def day(value: Day | None, style: str = "") -> str:
    """A date: "November 24, 2026"; style "short" → "Nov 24", "long" → "Tuesday, November 24, 2026"."""
    if value is None:
        return ""
    return _time_element(
        _local_date(value), _words(value, style), title=_words(value) if style == "short" else ""
    )


def clock(value: datetime | None, zone: bool = False) -> str:
    """A time of day in the department's zone: "6:00 p.m."; with the zone when asked: "6:00 p.m. CST"."""
    return "" if value is None else _time_element(value, _clock(value, zone=zone))


def moment(value: datetime | None, zone: bool = False) -> str:
    """Date and time: "November 24, 2026, 6:00 p.m."."""
    return "" if value is None else _time_element(value, f"{_words(value)}, {_clock(value, zone=zone)}")


def span(starts: datetime | None, ends: datetime | None = None) -> str:
    """From when to when, with the zone: "Tuesday, November 24, 2026, 6:00 p.m. to 8:00 p.m. CST"."""
    if starts is None:
        return ""
    first = f"{_words(starts, 'long')}, {_clock(starts, zone=ends is None)}"
    if ends is None:
        return _time_element(starts, first)
    last = _clock(ends, zone=True)
    if _local_date(starts) != _local_date(ends):
        last = f"{_words(ends, 'long')}, {last}"
    return format_html(_("{} to {}"), _time_element(starts, first), _time_element(ends, last))


def _distance(seconds: float) -> str:
    minutes = int(abs(seconds) // 60)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        hours = minutes // 60
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return _days(minutes // (24 * 60))


def _days(count: int) -> str:
    if count < 60:
        return ngettext("%(n)d day", "%(n)d days", count) % {"n": count}
    if count < 730:
        return ngettext("%(n)d month", "%(n)d months", count // 30) % {"n": count // 30}
    return ngettext("%(n)d year", "%(n)d years", count // 365) % {"n": count // 365}


def ago(value: Day | None) -> str:
    """How long ago or how far ahead, in words, with the full date behind it: "2 days ago", "in 3 hours"."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        now = (
            department_clock.now()
            if timezone.is_aware(value)
            else timezone.make_naive(department_clock.now())
        )
        seconds = (now - value).total_seconds()
        gone = (_today() - _local_date(value)).days
        if abs(seconds) < 60:
            return _time_element(value, _("just now"), title=_full(value))
        words = _distance(seconds) if abs(seconds) < 86400 else _days(max(abs(gone), 1))
        past = seconds > 0
    else:
        gone = (_today() - value).days
        if abs(gone) < 2:
            words = {0: _("today"), 1: _("yesterday"), -1: _("tomorrow")}[gone]
            return _time_element(value, words, title=_full(value))
        words, past = _days(abs(gone)), gone > 0
    sentence = _("%(time)s ago") if past else _("in %(time)s")
    return _time_element(value, sentence % {"time": words}, title=_full(value))


def due(value: Day | None) -> str:
    """A due date as a tag: late in red and in words, today and tomorrow in yellow, else quiet."""
    if value is None:
        return ""
    left = (_local_date(value) - _today()).days
    if left < 0:
        late = ngettext("%(n)d day late", "%(n)d days late", -left) % {"n": -left}
        words, tone = f"{_words(value, 'short')}, {late}", "bad"
    elif left == 0:
        words, tone = _("Today"), "warn"
    elif left == 1:
        words, tone = _("Tomorrow"), "warn"
    else:
        words, tone = _words(value, "short"), "neutral"
    return tag(_time_element(_local_date(value), words, title=_words(value)), tone)


def date_block(value: Day | None, style: str = "") -> str:
    """The square with a date: TUE over 24, or NOV over 24 with style "month"."""
    if value is None:
        return ""
    day_ = _local_date(value)
    top = formats.date_format(day_, "M" if style == "month" else "D")
    return format_html(
        '<time class="date-block" datetime="{}"><span class="usa-sr-only">{}</span>'
        '<span class="date-block__top" aria-hidden="true">{}</span>'
        '<span class="date-block__day" aria-hidden="true">{}</span></time>',
        day_.isoformat(), _words(day_, "long"), top, day_.day,
    )  # fmt: skip
