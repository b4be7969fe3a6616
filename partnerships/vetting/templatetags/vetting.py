"""Small words that vetting's pages and mails need."""

from datetime import date, datetime

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

register = template.Library()

NUMBERS = (
    gettext_lazy("two"),
    gettext_lazy("three"),
    gettext_lazy("four"),
    gettext_lazy("five"),
    gettext_lazy("six"),
    gettext_lazy("seven"),
    gettext_lazy("eight"),
    gettext_lazy("nine"),
)


@register.simple_tag
def plain_day(value: date | datetime) -> str:
    """A date in words, without markup, for mails and letters: "November 24, 2026"."""
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    return formats.date_format(day, pgettext("date", "F j, Y"))


@register.filter
def phone_words(value: str) -> str:
    """A phone number as it goes on in a sentence: ", phone 555-0142"; nothing for an empty one."""
    return _(", phone %(number)s") % {"number": value} if value else ""


@register.filter
def in_words(count: int) -> str:
    """Two to nine as words, other numbers as they are."""
    return str(NUMBERS[count - 2]) if 2 <= count <= 9 else str(count)
