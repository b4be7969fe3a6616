"""Long passwords that are easily guessed all the same."""

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb")
FEWEST_CHARACTERS = 6


class EasyPasswordValidator:
    """Refuse what fills up the length: repetitions, rows of keys, a common password with trimmings.

    Django's list of common passwords holds hardly any of 15 characters, and people stretch shorter ones.
    """

    def __init__(self) -> None:
        self.common: set[str] = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a password that is long but easy."""
        text = re.sub(r"\s", "", password.lower())
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
        repeated = re.fullmatch(r"(.+?)\1+.{0,3}", text) is not None
        if (
            repeated
            or len(set(text)) < FEWEST_CHARACTERS
            or core in self.common
            or any(self._lies_in(row, text) for row in ROWS)
        ):
            raise ValidationError(_("This password is too easy to guess."), code="password_too_easy")

    def get_help_text(self) -> str:
        """One line for the form."""
        return _("No repetitions, no rows of keys, no well-known password made longer.")

    @staticmethod
    def _lies_in(row: str, text: str) -> bool:
        # Twice the row also catches a run that starts over.
        return text in row * 2 or text in (row * 2)[::-1]
