"""Files of a list for a spreadsheet: CSV and Excel, of the columns that the page shows.

Rows are read and written in portions, so that a hundred thousand take no more memory than a hundred. What
people typed never becomes a formula; numbers and telephone numbers stay as they are.
"""

import csv
import io
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, Protocol

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from .columns import Column

# What XML 1.0 can't hold: control characters, lone surrogates, and the two that are no characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what Excel would read as one character
PORTION = 1_000  # rows
NARROWEST, WIDEST = 14, 48  # of an Excel column, in characters
LONGEST_CELL = 32_767  # characters, of Excel
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# "-12.50" and "+1 (312) 555-0100" begin like formulas and can do nothing: no name, no reference, no operator
# but the sign in front and hyphens between digits.
NUMBER = re.compile(r"[+-][\d(][\d ().-]*")
SUM = re.compile(r"[+-][\d.]+(-[\d.]+)+")  # "+1-312-555-0100" is one, and would read as -966


class Rows(Protocol):
    """What is written: a queryset."""

    def iterator(self, chunk_size: int) -> Iterator[Any]: ...


def harmless(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before `= + - @`, tab, return.

    A formula also begins behind spaces and invisible signs, and in full-width signs; those are caught as
    well. Numbers and telephone numbers keep their sign, unless a spreadsheet would reckon with it.
    """
    text = "" if value is None else str(value)
    start = _from_the_first_sign(text)
    if NUMBER.fullmatch(text) and not SUM.fullmatch(text):
        return text
    if text.startswith(FORMULA_STARTS) or start.startswith((*FORMULA_STARTS, "＝", "＋", "－", "＠")):
        return f"'{text}"
    return text


def _from_the_first_sign(text: str) -> str:
    """The text without the spaces, controls and invisible signs in front (Unicode's Z and C)."""
    for place, sign in enumerate(text):
        if unicodedata.category(sign)[0] not in "ZC":
            return text[place:]
    return ""


def csv_file(name: str, columns: Sequence[Column], rows: Rows) -> HttpResponseBase:
    """The rows as CSV, sent while they are read: UTF-8 with a mark, which Excel wants.

    Args:
        name: of the file, without its ending.
        columns: what is in it.
        rows: in their order.
    """

    def text(portion: Iterable[Any]) -> str:
        out = io.StringIO()
        csv.writer(out).writerows([[_as_text(value) for value in _values(columns, row)] for row in portion])
        return out.getvalue()

    heads = io.StringIO()
    csv.writer(heads).writerow([harmless(head) for each in columns for head in each.file_heads()])
    body = chain(["\ufeff" + heads.getvalue()], _as_asked(text, _portions(rows)))
    response = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def excel_file(name: str, columns: Sequence[Column], rows: Rows) -> HttpResponseBase:
    """The rows as an Excel workbook: numbers, days and times as such, and text that stays text.

    Args:
        name: of the file, without its ending.
        columns: what is in it.
        rows: in their order.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    heads = [head for each in columns for head in each.file_heads()]
    portions = _portions(rows)
    # Widths are written before the first row, so they follow what the first portion holds.
    portion = next(portions, [])
    widths = [len(head) + 4 for head in heads]
    for row in portion:
        widths = [
            max(width, _width(value)) for width, value in zip(widths, _values(columns, row), strict=True)
        ]
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(max(NARROWEST, width), WIDEST)
    sheet.append([_cell(sheet, head, Font(bold=True)) for head in heads])
    while portion:
        for row in portion:
            sheet.append([_cell(sheet, value) for value in _values(columns, row)])
        portion.clear()  # before the next one is read
        portion = next(portions, [])
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")


KINDS: dict[str, Callable[[str, Sequence[Column], Rows], HttpResponseBase]] = {
    "csv": csv_file,
    "xlsx": excel_file,
}


def _portions(rows: Rows) -> Iterator[list[Any]]:
    portion: list[Any] = []
    for row in rows.iterator(chunk_size=PORTION):
        portion.append(row)
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def _as_asked(text: Callable[[Iterable[Any]], str], portions: Iterator[list[Any]]) -> Iterator[str]:
    """Texts in the zone and language of the request, which has ended when they are sent."""
    zone, language = timezone.get_current_timezone(), translation.get_language() or "en"
    return (_in(zone, language, text, portion) for portion in portions)


def _in(zone: Any, language: str, text: Callable[[Iterable[Any]], str], portion: list[Any]) -> str:
    with timezone.override(zone), translation.override(language):
        return text(portion)


def _values(columns: Sequence[Column], row: Any) -> list[Any]:
    return [_plain(value) for each in columns for value in each.file_values(row)]


def _plain(value: Any) -> Any:
    """A value as a spreadsheet knows it: words, numbers, days; times in the department's zone."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0) if value.tzinfo else value
    return value if isinstance(value, date) else str(value)


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return harmless(value) if isinstance(value, str) else "" if value is None else str(value)


def _width(value: Any) -> int:
    """How many characters wide a column has to be for a value; that of its longest line."""
    return max((len(line) for line in value.splitlines()), default=0) + 2 if isinstance(value, str) else 0


def _cell(sheet: Any, value: Any, font: Font | None = None) -> Any:
    if isinstance(value, str):
        value = _ESCAPED.sub("_x005F_", _FORBIDDEN.sub("", value))[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # else "=…" would be a formula
    if font is not None:
        cell.font = font
    return cell
