"""Writing keys so that people can copy them."""

from django import template

register = template.Library()


@register.filter
def in_fours(text: str) -> str:
    """ "ABCDEFGH" → "ABCD EFGH": read aloud and typed more easily, and it wraps on a phone."""
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))
