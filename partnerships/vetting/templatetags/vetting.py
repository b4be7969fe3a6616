"""Small words that vetting's pages and mails need."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def phone_words(value: str) -> str:
    """A phone number as it goes on in a sentence: ", phone 555-0142"; nothing for an empty one."""
    return _(", phone %(number)s") % {"number": value} if value else ""
