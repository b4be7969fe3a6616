"""Addresses: ours for mail and calendar files, where no request tells the host, and those people give us."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from core.names import tidy

SCHEMES = ("http", "https")
NOT_WEB = _("Write a web address, such as https://example.org.")
SIGNED_IN = _("Write the web address without a name or password: nothing with “@” in front.")
_is_address = URLValidator(schemes=SCHEMES, message=NOT_WEB)


def absolute(path: str) -> str:
    """Turn a path such as `/events/` into an address under `settings.SITE_URL`."""
    return f"{settings.SITE_URL.rstrip('/')}/{path.lstrip('/')}"


def clean_web_address(text: str) -> str:
    """A web address as it is kept: "shop.example" is "https://shop.example"; of nothing "".

    Raises:
        ValidationError: it is none, begins otherwise than `http://` or `https://`, or signs someone in.
    """
    typed = tidy(text)
    if not typed:
        return ""
    scheme, apart, rest = typed.partition("://")
    address = f"{scheme.lower()}://{rest}" if apart else f"https://{typed.removeprefix('//')}"
    check_web_address(address)
    return address


def check_web_address(address: str) -> None:
    """Raise `ValidationError` for what no page should link to: for columns.

    A name in front of the host, as in `https://bank.example@evil.example`, hides where a link leads, and a
    password there would be shown to everyone.
    """
    try:
        host = urlsplit(address).netloc
    except ValueError:
        raise ValidationError(NOT_WEB, code="web") from None
    if "@" in host:
        raise ValidationError(SIGNED_IN, code="web")
    _is_address(address)


def web_address(given: str) -> str:
    """An address that a page may link to.

    Forms and files ask for a web address; what was stored before they did may be anything.

    Args:
        given: as it is stored.

    Returns:
        The address, or "" when no page should link to it.
    """
    try:
        check_web_address(given)
    except ValidationError:
        return ""
    return given


class WebFormField(forms.URLField):
    """A web address; `https://` may be left out."""

    default_validators = [check_web_address]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("assume_scheme", "https")
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return clean_web_address(forms.CharField.to_python(self, value) or "")
