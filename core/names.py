"""Names of people, businesses, events and places: one line that can be read.

A column that holds one has the validator `names.check`, which says so to forms, the admin and services:

    name = models.CharField(_("name"), max_length=200, validators=[names.check])

Forms ask for it with a `NameFormField`; services write it through `edits.change` or `edits.typed`. What only
tidies, without refusing, is `tidy`.
"""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and symbols that show nothing
JOINERS = "\u200c\u200d"  # Persian, Indic scripts and families of emoji are written with them
TWICE_JOINED = re.compile(f"([{JOINERS}])[{JOINERS}]+")
UNREADABLE = _("Write at least one letter or digit that can be read.")


def tidy(text: str) -> str:
    """Text on one line, composed (NFC), without control, direction and other signs that show nothing.

    A joiner stays where it shapes what stands on both sides of it. Between Latin letters it shapes nothing,
    and would only make two names of one.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    shown = "".join(_shown(sign) for sign in unicodedata.normalize("NFC", text))
    signs = TWICE_JOINED.sub(r"\1", shown)
    kept = [
        sign
        for place, sign in enumerate(signs)
        if sign not in JOINERS or (0 < place < len(signs) - 1 and _joins(signs[place - 1], signs[place + 1]))
    ]
    return " ".join("".join(kept).split())


def is_readable(text: str) -> bool:
    """Whether a letter or a digit of it can be seen."""
    return any(sign not in BLANKS and unicodedata.category(sign)[0] in "LN" for sign in text)


def clean_name(text: str) -> str:
    """A name as it is kept; nothing typed stays nothing.

    Raises:
        ValidationError: nothing that could be read out is left.
    """
    kept = tidy(text)
    if text:
        check(kept)
    return kept


def check(name: str) -> None:
    """Raise `ValidationError` for a name without a letter or digit that can be seen: for columns."""
    if not is_readable(name):
        raise ValidationError(UNREADABLE, code="unreadable")


class NameFormField(forms.CharField):
    """A name or a title, tidied before anything else is asked of it."""

    def to_python(self, value: Any) -> str:
        return clean_name(super().to_python(value) or "")


def _shown(sign: str) -> str:
    """The sign itself, a space for what ends a line, nothing for what shows nothing."""
    category = unicodedata.category(sign)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category in {"Cf", "Cs"} and sign not in JOINERS else sign


def _joins(before: str, after: str) -> bool:
    """Whether a joiner between these two may change how they look."""
    seen = all(unicodedata.category(sign)[0] not in "ZC" and sign not in BLANKS for sign in (before, after))
    return seen and not (_is_latin(before) and _is_latin(after))


def _is_latin(sign: str) -> bool:
    return sign.isascii() or unicodedata.name(sign, "").startswith("LATIN ")
