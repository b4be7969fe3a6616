"""The five tones of the product, and statuses that carry theirs."""

from typing import Any

from django.db import models

TONES = ("neutral", "info", "warn", "bad", "good")


class Toned(models.TextChoices):
    """The statuses of a model, each declared with its value, its tone and its words.

    The tone says what the status means to who must act: grey (`neutral`) rests, blue (`info`) moves, yellow
    (`warn`) waits for someone, red (`bad`) is refused or broken, green (`good`) is done.

    A model that keeps one offers `tone`, so that lists and pages color the same status alike::

        class Status(Toned):
            DRAFT = "draft", "neutral", _("Draft")


        @property
        def tone(self) -> str:
            return Status(self.status).tone
    """

    tone: str

    def __new__(cls, value: str, tone: str = "") -> Any:
        """Make a member of its stored value and its tone; Django took the words off the end before.

        Raises:
            ValueError: a member without one of `TONES`.
        """
        # The default is for type checkers alone: to them `Status("draft")` is a call like this one.
        if tone not in TONES:
            raise ValueError(f"{tone!r} is no tone.")
        member = str.__new__(cls, value)
        member._value_ = value
        member.tone = tone
        return member
