"""Typed objects that the templates in `templates/components/` draw. See docs/interface.md for examples."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms


@dataclass(frozen=True)
class TimelineEntry:
    """One point of a story or of a "where it stands" line.

    Attributes:
        title: the bold words.
        when: a date or datetime, shown quietly below; None for what has not happened.
        text: words that go on behind the title.
        detail: one quiet line below ("Reyes · follow-up due Dec 1").
        tone: `neutral`, `info`, `warn`, `bad` or `good`; colors the dot.
        url: makes the title a link.
        state: "" in a story; `done`, `current` or `todo` in a line of stages, also said to screen readers.
    """

    title: Any
    when: date | datetime | None = None
    text: Any = ""
    detail: Any = ""
    tone: str = "neutral"
    url: str = ""
    state: str = ""


@dataclass(frozen=True)
class WizardStep:
    """One step of a step indicator; `state` is `done`, `current` or `todo`."""

    label: Any
    state: str = "todo"
    url: str = ""


@dataclass(frozen=True)
class Segment:
    """One choice of a segmented control."""

    label: Any
    url: str
    current: bool = False
    count: int | None = None


class DateInput(forms.DateInput):
    """The browser's own date picker. The value is always ISO 8601: pickers accept nothing else."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time picker."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker of date and time, in the department's zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
