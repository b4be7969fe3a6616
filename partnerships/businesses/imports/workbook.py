"""Workbooks of Excel as tables: opened with care, and each cell as text."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from .errors import ImportRefusedError, unreadable

LARGEST = 1 << 30  # bytes when unpacked


def open_workbook(path: Path, name: str) -> Any:
    """Open a workbook to be read row by row, unless it would unpack to more than memory and disk can take."""
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(each.file_size for each in packed.infolist()) > LARGEST:
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
        raise ImportRefusedError(
            _("%(file)s is a damaged workbook, or none. Save it again, or as CSV, and try again.")
            % {"file": name}
        ) from None


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
