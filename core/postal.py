"""States and ZIP codes as people, phones and browsers write them, in the form in which they are kept."""

import re
import unicodedata
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.names import tidy
from core.workdays import subdivisions

# States, districts and territories; and the provinces next door, which licenses of a city name as well.
COUNTRIES = ("US", "CA")
COUNTRY = re.compile(r"(?:US|CA)-(?=..$)", re.IGNORECASE)  # ISO 3166-2, as some browsers fill it in
ZIP = re.compile(r"(\d{5})(?:\s*\W?\s*(\d{4}))?")
NOT_A_STATE = _("Write a state, such as IL or Illinois.")
NOT_A_ZIP = _("Write five digits, such as 60657.")


def state_code(text: str) -> str:
    """The two letters of a state written in any way: "IL", "il ", "Illinois", "US-IL"; of nothing "".

    Raises:
        ValidationError: there is no such state.
    """
    typed = tidy(text)
    code = _codes().get(_letters(COUNTRY.sub("", typed)), "")
    if typed and not code:
        raise ValidationError(NOT_A_STATE, code="state")
    return code


def check_state(code: str) -> None:
    """Raise `ValidationError` for letters that are no state's: for columns."""
    if code and code not in _codes().values():
        raise ValidationError(NOT_A_STATE, code="state")


def zip_code(text: str) -> str:
    """A ZIP code in one spelling: "60657", "60657-1234"; what is none stays, without the blanks around it."""
    typed = tidy(text)
    found = ZIP.fullmatch(typed)
    return "-".join(filter(None, found.groups())) if found else typed


def check_zip(code: str) -> None:
    """Raise `ValidationError` for what is no ZIP code: for forms that take no other."""
    if not re.fullmatch(r"\d{5}(-\d{4})?", code, re.ASCII):
        raise ValidationError(NOT_A_ZIP, code="zip")


class _Filled(forms.CharField):
    """A field that a browser fills in: it may put there more than is kept, so nothing cuts that off."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class StateFormField(_Filled):
    """A state, by its letters or its name."""

    def to_python(self, value: Any) -> str:
        return state_code(super().to_python(value) or "")


class ZipFormField(_Filled):
    """A ZIP code; other countries' codes stay as they are typed."""

    def to_python(self, value: Any) -> str:
        return zip_code(super().to_python(value) or "")


@cache
def _codes() -> dict[str, str]:
    """The code by each way to write it, in small letters alone."""
    known = [pair for country in COUNTRIES for pair in subdivisions(country)]
    return {_letters(written): code for code, name in reversed(known) for written in (name, code)}


def _letters(text: str) -> str:
    """Letters alone, small and without their accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalpha())
