"""Files for spreadsheets."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before `= + - @`, tab, return.

    A formula also begins behind spaces, and in full-width signs; those are caught as well.
    """
    text = "" if value is None else str(value)
    start = text.lstrip(" \u00a0\u3000")
    if text.startswith(FORMULA_STARTS) or start.startswith((*FORMULA_STARTS, "＝", "＋", "－", "＠")):
        return f"'{text}"
    return text


class _Echo:
    """A file that hands back what is written to it, line by line."""

    def write(self, value: str) -> str:
        return value


def attendance_csv(registrations: Iterable[Any]) -> Iterator[str]:
    """The attendance list as CSV lines, head first.

    Args:
        registrations: with `business` loaded.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(
        [
            _("Name"),
            _("Business"),
            _("People"),
            _("Status"),
            _("Email"),
            _("Phone"),
            _("Accommodation"),
            _("Asked on"),
        ]
    )
    for each in registrations:
        cells = [
            each.name,
            each.business.name if each.business else "",
            each.party_size,
            each.get_status_display(),
            each.email,
            each.phone,
            each.accommodation,
            timezone.localtime(each.created_at).strftime("%Y-%m-%d %H:%M"),
        ]
        yield writer.writerow([harmless(cell) for cell in cells])
