"""Tables in text: what they are written in, what stands between their cells, and their lines one by one."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_noop

from .errors import NOT_TEXT, Reason

LONGEST_LINE = 1_000_000  # characters; a longer one is not a row of a license file
SEPARATORS = ",;\t|"
OLD_WINDOWS = "windows-1252"  # of files that say nothing and are not UTF-8: what Excel writes in the Americas
MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


def open_text(path: Path, encoding: str) -> io.TextIOWrapper:
    """A text whose lines end in one way; bytes that are no text are carried along."""
    wide = encoding.startswith(("utf-16", "utf-32"))
    return path.open(encoding=encoding, errors="replace" if wide else "surrogateescape", newline=None)


def encoding_of(path: Path) -> str:
    """What a text is written in: as its first bytes say, else UTF-8 where most of its accents are UTF-8."""
    with path.open("rb") as file:
        start = file.read(4)
        for mark, encoding in MARKS.items():
            if start.startswith(mark):
                return encoding
        if (wide := _wide_without_mark(start)) is not None:
            return wide
        file.seek(0)
        good = bad = 0
        for line in _pieces(file):
            if line.isascii():
                continue
            try:
                line.decode()
                good += 1
            except UnicodeDecodeError:
                bad += 1
    return "utf-8" if good >= bad else OLD_WINDOWS


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.readline(LONGEST_LINE):
        yield piece


def _wide_without_mark(start: bytes) -> str | None:
    """UTF-16 that does not say so: every second byte of plain letters is zero."""
    if len(start) < 4:
        return None
    if start[1] == start[3] == 0 and start[0] and start[2]:
        return "utf-16-le"
    if start[0] == start[2] == 0 and start[1] and start[3]:
        return "utf-16-be"
    return None


class Lines:
    """The lines of a text, never more than `LONGEST_LINE` of it in memory.

    A line that can't be decoded or is too long comes out empty; `bad` holds its reason by line number.
    """

    def __init__(self, text: io.TextIOWrapper, encoding: str) -> None:
        self._text = text
        self._encoding = encoding.removesuffix("-sig")
        self.bad: dict[int, Reason] = {}

    def __iter__(self) -> Iterator[str]:
        number = 0
        while line := self._text.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE and not line.endswith("\n"):
                while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                    pass
                told = gettext_noop("The line is longer than %(most)s characters.")
                self.bad[number] = Reason(told, {"most": LONGEST_LINE})
                yield "\n"
            elif (reason := self._undecoded(line)) is not None:
                self.bad[number] = reason
                yield "\n"
            else:
                yield line.removeprefix("\ufeff") if number == 1 else line

    def _undecoded(self, line: str) -> Reason | None:
        """Why a line is no text of this encoding: a byte of it was carried along as it stood."""
        if line.isascii():
            return None
        place = next((at for at, sign in enumerate(line) if "\udc80" <= sign <= "\udcff"), None)
        if place is None:
            return None
        byte = f"{ord(line[place]) - 0xDC00:#04x}"
        return Reason(NOT_TEXT, {"encoding": self._encoding, "byte": byte, "place": place + 1})


def first_lines(opened: io.TextIOWrapper, most: int) -> Iterator[str]:
    """The lines at the beginning, some `LONGEST_LINE` of characters in all.

    Args:
        opened: at its beginning.
        most: how many lines.
    """
    left = LONGEST_LINE
    for _each in range(most):
        line = opened.readline(LONGEST_LINE)
        if not line or left <= 0:
            return
        left -= len(line)
        yield line


def rows_of(lines: list[str], separator: str) -> list[tuple[int, list[str]]]:
    """The rows of the first lines, each with the number of its line."""
    reader = csv.reader(iter(lines), delimiter=separator)
    found: list[tuple[int, list[str]]] = []
    with suppress(csv.Error):
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                break
            if number == 1 and cells:
                cells[0] = cells[0].removeprefix("\ufeff")
            found.append((number, cells))
    return found


def separator_of(lines: list[str], wanted: frozenset[str]) -> str:
    """The sign that finds most of the wanted columns, else cuts most lines into as many cells."""

    def worth(separator: str) -> tuple[int, int]:
        rows = [cells for _number, cells in rows_of(lines, separator) if any(cells)]
        known = max((len(wanted & {cell.strip() for cell in cells}) for cells in rows), default=0)
        width, times = max(
            Counter(len(cells) for cells in rows if len(cells) > 1).items(),
            key=lambda each: each[1] * (each[0] - 1),
            default=(1, 0),
        )
        return known, (width - 1) * times

    return max(SEPARATORS, key=worth)


def csv_reason(error: csv.Error) -> Reason:
    if "field larger" in str(error):
        text = gettext_noop("A cell is longer than %(most)s characters, or a quotation mark is not closed.")
        return Reason(text, {"most": csv.field_size_limit()})
    return Reason(gettext_noop("The row is not CSV: %(error)s."), {"error": str(error)})
