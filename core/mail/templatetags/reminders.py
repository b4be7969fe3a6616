"""What forms say about reminders: the same words that are kept as proof of it."""

from django import template

from core.mail import consents

register = template.Library()


@register.simple_tag
def reminders_said() -> str:
    """For a form that someone fills in for themselves."""
    return str(consents.REMINDERS_SAID)


@register.simple_tag
def reminders_told() -> str:
    """For a form that an officer fills in for someone."""
    return str(consents.REMINDERS_TOLD)
