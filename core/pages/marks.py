"""Small marks of a page, as safe HTML: tags, icons, and the words of `core.words` for dates in their element.

The tag library `ui` gives them to templates; lists draw their cells with them.
"""

from datetime import date, datetime

from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock as department_clock
from core import words
from core.tones import TONES

Day = date | datetime


def known_tone(tone: str) -> str:
    """The tone itself, or `neutral` for one that does not exist."""
    return tone if tone in TONES else "neutral"


def _time_element(value: Day, said: str, *, title: str = "") -> SafeString:
    iso = value.isoformat()
    if isinstance(value, datetime) and timezone.is_aware(value):
        iso = timezone.localtime(value).isoformat(timespec="minutes")
    if title:
        return format_html('<time datetime="{}" title="{}">{}</time>', iso, title, said)
    return format_html('<time datetime="{}">{}</time>', iso, said)


# --- Small marks


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


# --- Dates and times


def day(value: Day | None, style: str = "") -> str:
    """A date: "November 24, 2026"; style "short" → "Nov 24", "long" → "Tuesday, November 24, 2026"."""
    if value is None:
        return ""
    title = words.day(value) if style == "short" else ""
    return _time_element(words.local_day(value), words.day(value, style), title=title)


def clock(value: datetime | None, zone: bool = False) -> str:
    """A time of day: "6:00 p.m."; with the zone when asked: "6:00 p.m. CST"."""
    return "" if value is None else _time_element(value, words.clock(value, named=zone))


def moment(value: datetime | None, zone: bool = False) -> str:
    """Date and time: "November 24, 2026, 6:00 p.m."."""
    return "" if value is None else _time_element(value, words.moment(value, named=zone))


def span(starts: datetime | None, ends: datetime | None = None) -> str:
    """From when to when, with the zone: "Tuesday, November 24, 2026, 6:00 p.m. to 8:00 p.m. CST"."""
    if starts is None:
        return ""
    first, last = words.span_ends(starts, ends)
    if ends is None:
        return _time_element(starts, first)
    return format_html(_("{} to {}"), _time_element(starts, first), _time_element(ends, last))


def ago(value: Day | None) -> str:
    """How long ago or how far ahead, in words, with the full date behind it: "2 days ago", "in 3 hours"."""
    if value is None:
        return ""
    title = words.moment(value, named=True) if isinstance(value, datetime) else words.day(value)
    return _time_element(value, words.ago(value), title=title)


def due(value: Day | None) -> str:
    """A due date as a tag: late in red and in words, today and tomorrow in yellow, else quiet."""
    if value is None:
        return ""
    left = (words.local_day(value) - department_clock.today()).days
    if left < 0:
        late = ngettext("%(n)d day late", "%(n)d days late", -left) % {"n": -left}
        said, tone = f"{words.day(value, 'short')}, {late}", "bad"
    elif left == 0:
        said, tone = _("Today"), "warn"
    elif left == 1:
        said, tone = _("Tomorrow"), "warn"
    else:
        said, tone = words.day(value, "short"), "neutral"
    return tag(_time_element(words.local_day(value), said, title=words.day(value)), tone)


def date_block(value: Day | None, style: str = "") -> str:
    """The square with a date: TUE over 24, or NOV over 24 with style "month"."""
    if value is None:
        return ""
    day_ = words.local_day(value)
    top = words.month(day_, "bare") if style == "month" else words.weekday(day_, "short")
    return format_html(
        '<time class="date-block" datetime="{}"><span class="usa-sr-only">{}</span>'
        '<span class="date-block__top" aria-hidden="true">{}</span>'
        '<span class="date-block__day" aria-hidden="true">{}</span></time>',
        day_.isoformat(), words.day(day_, "long"), top, day_.day,
    )  # fmt: skip
