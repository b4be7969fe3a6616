"""Workbooks of Excel as tables: opened with care, and each cell as text."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from .errors import ImportRefusedError, unreadable

LARGEST = 1 << 30  # bytes when unpacked
SHEETS = "xl/worksheets/"
LARGEST_PART = 100 << 20  # bytes of a part that is read whole: all but the sheets, which come row by row


def open_workbook(path: Path, name: str) -> Any:
    """Open a workbook to be read row by row, unless it would unpack to more than memory and disk can take."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            whole = [each.file_size for each in parts if not each.filename.startswith(SHEETS)]
            if sum(each.file_size for each in parts) > LARGEST or max(whole, default=0) > LARGEST_PART:
                raise ImportRefusedError(
                    _("%(file)s is too large as a workbook. Save the sheet as CSV and try again.")
                    % {"file": name}
                )
        return openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except ImportRefusedError:
        raise
    except OSError as error:
        raise unreadable(name, error) from None
    except Exception:  # noqa: BLE001 - a damaged file can raise anything in a decoder
        raise _damaged(name) from None


def rows(sheet: Any, name: str, *, first: int = 1) -> Iterator[list[str]]:
    """The rows of a sheet, each cell as text.

    Args:
        sheet: of an open workbook.
        name: what people call the file.
        first: the row to begin with, counted from 1.

    Raises:
        ImportRefusedError: the sheet is damaged.
    """
    found = sheet.iter_rows(min_row=first, values_only=True)
    while True:
        try:
            cells = next(found)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - as above
            raise _damaged(name) from None
        yield [as_text(cell) for cell in cells]


def _damaged(name: str) -> ImportRefusedError:
    told = _("%(file)s is a damaged workbook, or none. Save it again, or as CSV, and try again.")
    return ImportRefusedError(told % {"file": name})


def as_text(cell: Any) -> str:
    """What a cell of a workbook says, as text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return str(cell)
