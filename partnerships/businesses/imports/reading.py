"""A license file, row by row: bad rows are told with line, column and reason, good ones go on."""

import math
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import clock, names
from core.progress import Progress
from partnerships.businesses.places import address_parts

from . import cells, fields, marks, tables
from .composing import taken_apart, whose
from .errors import ImportRefusedError, Reason
from .fields import NAMED, NAMES, NUMBERS, TELLING, Field, Value
from .lettering import as_written
from .presets import AWAY, CLOSED, HOME, NOT_YET, OPEN, Preset, example
from .rows import Row, RowLeftOutError, RowRejectedError, RowUnwantedError, Tally
from .tables import Shape

LONGEST_NUMBER = 200  # characters of a number or a day, before it is looked at
Heads = tuple[str, ...]


def read_rows(
    path: Path, preset: Preset, tally: Tally, progress: Progress | None = None, *, name: str = ""
) -> Iterator[Row]:
    """The good rows of a license file; the bad ones are counted in `tally`.

    Args:
        path: a table in text or a workbook.
        preset: how to read it.
        tally: counts rows and errors.
        progress: told the rows read and how many there are, now and then.
        name: what people call the file; its path by default.

    Raises:
        ImportRefusedError: it is not a file of this kind.
    """
    name = name or str(path)
    shape = _shape(path, preset, name)
    places = _places(shape.heads, name, preset)
    total = _count_lines(path, shape) if progress is not None else 0
    parse = _Parser(preset, places, is_workbook=shape.is_workbook)
    width = len(shape.heads)
    with tables.Table(path, shape, name) as table:
        for line in table:
            tally.rows += 1
            if progress is not None and tally.rows % 500 == 0:
                progress(tally.rows, max(total, tally.rows))
            if line.bad is not None:
                tally.reject(line.number, "", line.bad)
            elif len(line.cells) != width:
                told = gettext_noop("The row has %(cells)s cells where the header has %(width)s.")
                tally.reject(line.number, "", Reason(told, {"cells": len(line.cells), "width": width}))
            else:
                try:
                    yield parse(line.number, line.cells)
                except RowLeftOutError:
                    tally.left_out += 1
                except RowUnwantedError:
                    tally.by_choice += 1
                except RowRejectedError as error:
                    tally.reject(line.number, error.column, error.reason)
        if progress is not None:
            progress(tally.rows, tally.rows)


def rows_at(path: Path, preset: Preset, lines: Set[int], name: str) -> tuple[Heads, dict[int, list[str]]]:
    """What stands in some rows of a file.

    Args:
        path: the file.
        preset: how it was read.
        lines: of the file.
        name: what people call it.

    Returns:
        The heads of its columns, and by line the cells; of a line that is no text there are none.

    Raises:
        ImportRefusedError: it is no table any more.
    """
    shape = _shape(path, preset, name)
    found: dict[int, list[str]] = {}
    with tables.Table(path, shape, name) as table:
        for line in table:
            if line.number in lines:
                found[line.number] = list(line.cells)
                if len(found) == len(lines):
                    break
    return shape.heads, found


def try_rows(
    heads: Heads, rows: Iterable[tuple[int, list[str]]], preset: Preset, *, is_workbook: bool
) -> Iterator[tuple[int, Row | RowRejectedError | RowLeftOutError | RowUnwantedError]]:
    """How some rows would be stored, for a preview.

    Args:
        heads: the names of the columns.
        rows: each with its line, and a cell for each column.
        preset: how to read them.
        is_workbook: whether they come from one.

    Yields:
        The line, and the row or why there is none.

    Raises:
        ImportRefusedError: the preset names a column that is not there, or is there twice.
    """
    parse = _Parser(preset, _places(heads, preset.label, preset), is_workbook=is_workbook)
    for line, cells_ in rows:
        try:
            yield line, parse(line, cells_)
        except (RowLeftOutError, RowUnwantedError) as left:
            yield line, left
        except RowRejectedError as error:
            yield line, error


def _shape(path: Path, preset: Preset, name: str) -> Shape:
    """How a file is written, where its mapping says which columns it has."""
    wanted = frozenset(head for each in preset.columns.values() for head in heads_of(each))
    return tables.look(path, name, encoding=preset.encoding, wanted=wanted)


def _count_lines(path: Path, shape: Shape) -> int:
    """How many lines follow the head: as many as there are rows, unless a cell holds a line break."""
    if shape.is_workbook:
        return 0
    with path.open("rb") as file:
        return sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 20), b"")) - shape.head_at


def _places(heads: Heads, name: str, preset: Preset) -> dict[str, list[int]]:
    """The places of each field's cells in a row."""
    wanted = {field_: heads_of(column, heads) for field_, column in preset.columns.items()}
    needed = [head for columns in wanted.values() for head in columns]
    twice = [head for head in needed if heads.count(head) > 1]
    if twice:
        raise ImportRefusedError(
            _("%(file)s has the column “%(column)s” twice. Take one of them out and try again.")
            % {"file": name, "column": twice[0]}
        )
    missing = [head for head in needed if head not in heads]
    if missing:
        named = ", ".join(f"“{column}”" for column in missing[:5])
        told = {"file": name, "preset": preset.label, "columns": named, "n": len(missing) - 5}
        raise ImportRefusedError(
            _("%(file)s is not a file of “%(preset)s”: it has no column %(columns)s and %(n)s more.") % told
            if len(missing) > 5
            else _("%(file)s is not a file of “%(preset)s”: it has no column %(columns)s.") % told
        )
    return {field_: [heads.index(head) for head in columns] for field_, columns in wanted.items()}


def heads_of(column: str, heads: Heads = ()) -> list[str]:
    """The heads that a mapping means: one, or several with " + " between them."""
    return [column] if column in heads else [each.strip() for each in column.split(" + ")]


class _Parser:
    """Makes a `Row` of the cells of a line."""

    def __init__(self, preset: Preset, places: dict[str, list[int]], *, is_workbook: bool) -> None:
        self.preset = preset
        self.places = places
        self.today = clock.today()
        # A workbook keeps a day as a day, whatever it looks like there; a text in a cell may be one, too.
        self.date_formats = ["%Y-%m-%d", preset.date_format] if is_workbook else [preset.date_format]
        self.fields = {field.name: field for field in fields.FIELDS}
        self._industries: dict[tuple[str, str], tuple[str, int]] = {}

    def __call__(self, line: int, row: list[str]) -> Row:
        text = {
            name: self._text(name, " ".join(filter(None, (row[place].strip() for place in places))))
            for name, places in self.places.items()
        }
        state = self.preset.statuses.get(text.get("license_status", ""), OPEN)
        if state == NOT_YET:
            raise RowLeftOutError
        text = {name: self._fitting(name, value) for name, value in taken_apart(text).items()}
        if self.preset.is_of_positions:
            return self._position_of(line, text)
        if not (text.get("legal_name") or text.get("name")):
            raise RowRejectedError(self._column(NAMED), gettext_noop("The business has no name."))
        for name in NUMBERS:  # a file that numbers them numbers each
            if name in self.places and not text[name]:
                raise RowRejectedError(self.preset.columns[name], gettext_noop("The cell is empty."))
        text["account_number"], text["site_number"] = whose(text, self.preset)
        if not text["account_number"]:
            told = gettext_noop(
                "Neither a number nor an address with a house number tells which place it is."
            )
            raise RowRejectedError(self._column(TELLING), told)
        values = {name: self._value(field, text.get(name, "")) for name, field in self.fields.items()}
        values["name"] = values["name"] or values["legal_name"]
        if (values["latitude"] is None) != (values["longitude"] is None):
            alone = "longitude" if values["longitude"] is None else "latitude"
            raise RowRejectedError(
                self.preset.columns.get(alone, ""), gettext_noop("Half of the position is missing.")
            )
        if state == CLOSED and values["closed_on"] is None:
            until = values["license_until"]
            values["closed_on"] = until if isinstance(until, date) and until < self.today else self.today
        values[HOME] = marks.is_home(text)
        values[AWAY] = marks.is_away(text, str(values["city"]), self.preset.towns)
        if any(values[mark] for mark in self.preset.leaves_out):
            raise RowUnwantedError
        industry, rank = self._industry(text)
        return Row(line, values, industry, rank)

    def _position_of(self, line: int, text: Mapping[str, str]) -> Row:
        """Of a file that tells where addresses are."""
        row = Row(line, {name: self._value(field, text.get(name, "")) for name, field in self.fields.items()})
        if address_parts(text.get("street", "")) is None:
            told = gettext_noop("There is no address with a house number.")
            raise RowRejectedError(self._column(("street", "address")), told)
        if row.position is None:
            told = gettext_noop("There is no whole position.")
            raise RowRejectedError(self._column(("position", "latitude")), told)
        return row

    def _column(self, fields: tuple[str, ...]) -> str:
        """The head of the first of these fields that the file has."""
        return next((self.preset.columns[each] for each in fields if each in self.preset.columns), "")

    def _text(self, name: str, cell: str) -> str:
        if "\0" in cell:
            raise RowRejectedError(self.preset.columns[name], gettext_noop("The cell holds a NUL character."))
        value = names.tidy(cell)
        return "" if value in self.preset.withheld else value

    def _fitting(self, name: str, value: str) -> str:
        """A text in the form in which it is kept, if it can be."""
        if name in NAMES and not names.is_readable(value):
            return ""
        value = self._cleaned(name, value)
        longest = self.fields[name].longest or LONGEST_NUMBER
        if len(value) > longest:
            raise RowRejectedError(
                self.preset.columns.get(name, ""),
                gettext_noop("The text has %(length)s characters; %(most)s are allowed."),
                length=len(value),
                most=longest,
            )
        return value

    def _cleaned(self, name: str, typed: str) -> str:
        clean = self.fields[name].clean
        if clean is None:
            return typed
        try:
            return clean(typed)
        except ValidationError:
            if not self.fields[name].unfit:
                return ""
            raise RowRejectedError(
                self.preset.columns.get(name, ""), self.fields[name].unfit, typed=typed[:40]
            ) from None

    def _value(self, field: Field, typed: str) -> Value:
        if field.sql == "float8":
            return self._degrees(field.name, typed, field.most)
        if field.sql == "boolean":
            return False  # a mark is worked out of the whole row
        if field.sql == "date":
            return self._date(field.name, typed)
        return as_written(typed) if field.lettering == "mixed" and self.preset.recase else typed

    def _degrees(self, name: str, typed: str, most: int) -> float | None:
        if not typed:
            return None
        try:
            value = float(typed)
        except ValueError:
            raise RowRejectedError(
                self.preset.columns.get(name, ""),
                gettext_noop("“%(typed)s” is not a number."),
                typed=typed[:40],
            ) from None
        if not math.isfinite(value) or abs(value) > most:
            raise RowRejectedError(
                self.preset.columns.get(name, ""),
                gettext_noop("%(typed)s is not between -%(most)s and %(most)s degrees."),
                typed=typed[:40],
                most=most,
            )
        return value

    def _date(self, name: str, typed: str) -> date | None:
        if not typed:
            return None
        if (day := cells.day(typed, self.date_formats)) is not None:
            return day
        raise RowRejectedError(
            self.preset.columns.get(name, ""),
            gettext_noop("“%(typed)s” is not a date written like %(format)s."),
            typed=typed[:40],
            format=example(self.preset.date_format),
        )

    def _industry(self, text: Mapping[str, str]) -> tuple[str, int]:
        """The NAICS code and how sure it is: 0 as told, 1 by activity, 2 by license, 9 unknown."""
        if code := cells.naics_of(text.get("naics", "")):
            return code, 0
        if code := self.preset.categories.get(text.get("category", ""), ""):
            return code, 0
        kind, activity = text.get("license_kind", ""), text.get("activity", "")
        known = self._industries.get((kind, activity))
        if known is None:
            known = ("", 9)
            for part, code in self.preset.activities.items():
                if part in activity:
                    known = (code, 1)
                    break
            else:
                if kind in self.preset.licenses:
                    known = (self.preset.licenses[kind], 2)
            self._industries[kind, activity] = known
        return known
