"""A table as it comes: text with any separator and encoding, or a workbook, also with lines above its head.

`look` finds out how a file is written, `Table` reads it line by line. Whether its columns are the right ones
is not asked here.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.utils.translation import gettext as _

from . import text, workbook
from .errors import ImportRefusedError, Reason, unreadable

LOOKED_AT = 200  # lines that tell the separator and the head
HIGHEST_HEAD = 30  # lines; a head does not stand below them


@dataclass(frozen=True)
class Shape:
    """How a file is written.

    Args:
        encoding: of text; "" of a workbook.
        separator: between the cells of a line of text; "" of a workbook.
        head_at: the line that names the columns, counted from 1.
        heads: the names of the columns, in order, without blanks around them; some may be empty or twice.
        sheet: of a workbook, the sheet that is read.
    """

    encoding: str
    separator: str
    head_at: int
    heads: tuple[str, ...]
    sheet: str = ""

    @property
    def is_workbook(self) -> bool:
        """Whether it is a workbook of Excel, not text."""
        return not self.encoding


@dataclass(frozen=True)
class Line:
    """A row of the table.

    Args:
        number: of the line of the file on which it begins, counted from 1.
        cells: as text; empty where the row can't be read.
        bad: why it can't be read.
    """

    number: int
    cells: list[str]
    bad: Reason | None = None


def look(path: Path, name: str, *, encoding: str = "", wanted: frozenset[str] = frozenset()) -> Shape:
    """Find out how a file is written.

    Args:
        path: the file.
        name: what people call it.
        encoding: of text, where someone knows it; else it is found out.
        wanted: names of columns that are looked for: the line with most of them is the head.

    Raises:
        ImportRefusedError: it can't be read, is empty, or is no table.
    """
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise unreadable(name, error) from None
    if start.startswith(b"PK\x03\x04"):
        return _look_at_workbook(path, name, wanted)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportRefusedError(
            _("%(file)s is a workbook of an old Excel. Save it as .xlsx or CSV and try again.")
            % {"file": name}
        )
    written_in = encoding or text.encoding_of(path)
    with text.open_text(path, written_in) as opened:
        lines = list(text.first_lines(opened, LOOKED_AT))
    if not any(line.strip("\ufeff \t\r\n") for line in lines):
        raise ImportRefusedError(_("%(file)s is empty.") % {"file": name})
    if "\0" in lines[0] or start.startswith((b"%PDF-", b"\x89PNG")):
        raise _no_table(name)
    separator = text.separator_of(lines, wanted)
    rows = text.rows_of(lines, separator)
    at = _head_of([cells for _number, cells in rows], wanted)
    if at is None:
        raise _no_table(name)
    number, cells = rows[at]
    return Shape(written_in, separator, number, tuple(cell.strip() for cell in cells))


class Table:
    """The rows under the head of a file, one at a time; to be used in a `with` statement.

    Rows that repeat the head and lines without any text are left out. A row that can't be read is a `Line`
    that says why. Numbers and days of a workbook come as text, days as `YYYY-MM-DD`.

    Args:
        path: the file.
        shape: how it is written, as `look` found it.
        name: what people call it.
    """

    def __init__(self, path: Path, shape: Shape, name: str) -> None:
        self.path, self.shape, self.name = path, shape, name
        self._opened: Any = None

    def __enter__(self) -> Self:
        if self.shape.is_workbook:
            self._opened = workbook.open_workbook(self.path, self.name)
        else:
            self._opened = text.open_text(self.path, self.shape.encoding)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def __iter__(self) -> Iterator[Line]:
        found = self._of_workbook() if self.shape.is_workbook else self._of_text()
        heads = list(self.shape.heads)
        try:
            for line in found:
                if line.bad is None:
                    if not any(cell.strip() for cell in line.cells):
                        continue
                    if [cell.strip() for cell in line.cells] == heads:
                        continue  # the head again, as where several exports were put together
                yield line
        except OSError as error:
            raise unreadable(self.name, error) from None

    def _of_workbook(self) -> Iterator[Line]:
        width = len(self.shape.heads)
        sheet = self._opened[self.shape.sheet]
        first = self.shape.head_at + 1
        for number, told in enumerate(workbook.rows(sheet, self.name, first=first), first):
            yield Line(number, told[:width] + [""] * (width - len(told)))

    def _of_text(self) -> Iterator[Line]:
        lines = text.Lines(self._opened, self.shape.encoding)
        reader = csv.reader(iter(lines), delimiter=self.shape.separator)
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if number > self.shape.head_at:
                    yield Line(number, [], text.csv_reason(error))
                continue
            if reader.line_num <= self.shape.head_at:
                continue
            bad = next((lines.bad.pop(n) for n in range(number, reader.line_num + 1) if n in lines.bad), None)
            yield Line(number, [] if bad else cells, bad)


def _head_of(rows: list[list[str]], wanted: frozenset[str]) -> int | None:
    """Which row names the columns: the one with most of the wanted names, else the first that could."""
    first = rows[:HIGHEST_HEAD]
    if wanted:
        known = [len(wanted & {cell.strip() for cell in cells}) for cells in first]
        if known and max(known) * 2 > len(wanted):
            return known.index(max(known))
    widths = Counter(len([cell for cell in cells if cell.strip()]) for cells in rows)
    usual = max((width for width, times in widths.items() if times * 4 >= len(rows)), default=0)
    usual = usual or max(widths, default=0)
    for at, cells in enumerate(first):
        told = [cell.strip() for cell in cells if cell.strip()]
        if told and len(told) * 10 >= usual * 6 and all(_is_name(cell) for cell in told):
            return at
    return next((at for at, cells in enumerate(first) if any(cell.strip() for cell in cells)), None)


def _is_name(cell: str) -> bool:
    """Whether a cell may name a column: it has a letter, and is no number and no day."""
    return any(sign.isalpha() for sign in cell) and sum(sign.isdigit() for sign in cell) * 2 < len(cell)


def _look_at_workbook(path: Path, name: str, wanted: frozenset[str]) -> Shape:
    book = workbook.open_workbook(path, name)
    try:
        best: tuple[int, Shape] | None = None
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a sheet says of its size is often wrong
            rows = list(islice(workbook.rows(sheet, name), LOOKED_AT))
            at = _head_of(rows, wanted)
            if at is None:
                continue
            heads = [cell.strip() for cell in rows[at]]
            while heads and not heads[-1]:
                heads.pop()
            shape = Shape("", "", at + 1, tuple(heads), sheet.title)
            worth = len(wanted & set(heads)) if wanted else len(rows) * len(heads)
            if best is None or worth > best[0]:
                best = (worth, shape)
    finally:
        book.close()
    if best is None:
        raise ImportRefusedError(_("%(file)s is empty.") % {"file": name})
    return best[1]


def _no_table(name: str) -> ImportRefusedError:
    return ImportRefusedError(
        _("%(file)s is not a table. Send a table in text (CSV) or a workbook (.xlsx).") % {"file": name}
    )
