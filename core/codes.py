"""Codes from a mail or an app, however they are typed or pasted."""

import re
import unicodedata
from typing import Any

from django import forms

# Digits with nothing between them but what groups them: blanks, hyphens and dashes.
TOGETHER = re.compile(r"\d(?:[\s_·−‐-―-]{0,3}\d)*")  # noqa: RUF001  (dashes of all kinds)


def find(text: str, *lengths: int) -> str:
    """The digits of a code: of "1234-5678", with any hyphen or blank, or of "Your code is 1234-5678."

    What holds no code comes back as its letters and digits, to be refused as a wrong one.

    Args:
        text: what was typed.
        lengths: how many digits a code has; the likeliest first.
    """
    plain = "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", text))
    together = [re.sub(r"\D", "", each) for each in TOGETHER.findall(plain)]
    whole = "".join(together)
    for length in lengths:
        for digits in (*together, whole):
            if len(digits) == length:
                return digits
    return "".join(sign for sign in plain if sign.isalnum())


class CodeFormField(forms.CharField):
    """A code of some digits; a sentence around it does no harm.

    Args:
        lengths: how many digits it has, the likeliest first.
    """

    def __init__(self, *, lengths: tuple[int, ...], **kwargs: Any) -> None:
        self.lengths = lengths
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return find(super().to_python(value) or "", *self.lengths)


def _plain(sign: str) -> str:
    """A digit of any script as ours; nothing for what shows nothing."""
    if unicodedata.category(sign) == "Cf":
        return ""
    return str(unicodedata.digit(sign, sign))
