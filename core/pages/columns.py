"""The declared columns of a list: what a table draws, and a file holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Column:
    """One column of a list.

    Attributes:
        key: where the value is: attributes joined by dots ("area.name"); also the name in `?sort=`.
        label: the column's head.
        sort: the field or fields to order by; None for a column that can't be sorted.
        template: a cell template; it gets `row`, `value` and `column`.
        numeric: right-aligned, with separators.
        hide_on_phone: left out below 640 px.
        one_line: never broken, as the number of a beat.
        link: `row -> address`, makes the value the row's link; "" where there is no page for this person.
        sub: `row -> text`, a quiet second line.
        value: `row -> value`, instead of `key`.
        tag: `row -> (words, tone)`, draws a status tag.
        file: `row -> value` in a file, where the page draws it: a number, a date, plain words.
        below: the head of the second line, which is a column of its own in a file.
        on_page: whether the page shows it; else only a file has it.
    """

    key: str
    label: Any
    sort: str | Sequence[str] | None = None
    template: str | None = None
    numeric: bool = False
    hide_on_phone: bool = False
    one_line: bool = False
    link: Callable[[Any], str] | None = None
    sub: Callable[[Any], Any] | None = None
    value: Callable[[Any], Any] | None = None
    tag: Callable[[Any], tuple[Any, str]] | None = None
    file: Callable[[Any], Any] | None = None
    below: Any = ""
    on_page: bool = True

    @property
    def sort_fields(self) -> tuple[str, ...]:
        """The fields to order by, as a tuple."""
        if self.sort is None:
            return ()
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort)

    def raw(self, row: Any) -> Any:
        """The value of this column in `row`; None where a step of the dotted path is missing."""
        if self.value is not None:
            return self.value(row)
        found: Any = row
        for part in self.key.split("."):
            found = found.get(part) if isinstance(found, dict) else getattr(found, part, None)
            if callable(found):
                found = found()
            if found is None:
                return None
        return found

    def file_heads(self) -> list[str]:
        """What stands above the values in a file."""
        return [str(self.label), *([str(self.below)] if self.below else [])]

    def file_values(self, row: Any) -> list[Any]:
        """The values in a file, as many as heads.

        Raises:
            TypeError: the page draws this column, and nothing says what a file holds.
        """
        found = self.file(row) if self.file else self.tag(row)[0] if self.tag else self.raw(row)
        values = [found, *([self.sub(row) if self.sub else None] if self.below else [])]
        if any(isinstance(each, SafeString) for each in values):
            raise TypeError(f"The column {self.key!r} is drawn: say with `file` what a file holds.")
        return values


@dataclass(frozen=True)
class Head:
    """One column head as the template draws it; `direction` is "", "ascending" or "descending"."""

    column: Column
    url: str
    direction: str
