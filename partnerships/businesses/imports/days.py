"""Days as files write them: which way of writing reads the most of them."""

import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache

# What a spreadsheet leaves of a day that lost its form: 45296, the days since the end of 1899.
SERIAL = "serial"
SERIALS = re.compile(r"(\d{5})(?:\.\d+)?")
FIRST_SERIAL, LAST_SERIAL = 15_000, 80_000  # 1941 and 2119
FIRST_YEAR = 1800
BEFORE_SERIALS = date(1899, 12, 30)

# In the order in which they are preferred where both read as many: here the month stands before the day.
DATES = (
    *("%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%Y/%m/%d", "%m-%d-%Y", "%d-%m-%Y"),
    *("%m-%d-%y", "%d-%m-%y", "%d.%m.%Y", "%m.%d.%Y", "%Y%m%d", "%m%d%Y", "%d-%b-%Y", "%d-%b-%y"),
    *("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d-%B-%Y", "%A, %B %d, %Y"),
)
DATE = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d\d)|\d{8}"
    r"|\d{1,2}[- ][A-Za-z]{3,9}[- ](?:\d{4}|\d\d)|(?:[A-Za-z]{6,9}, )?[A-Za-z]{3,9} \d{1,2},? \d{4}"
)
TIME = re.compile(
    r"(?P<gap>[T ])\d{1,2}:\d\d(?P<seconds>:\d\d)?(?P<part>\.\d{1,6})?(?P<half> ?[AaPp][Mm])?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d|[+-]00)?"
)


def day(text: str, written: str) -> date:
    """The day that a cell tells.

    Args:
        text: the cell.
        written: as of `strptime`, or `SERIAL`.

    Raises:
        ValueError: it is not written so.
    """
    if written != SERIAL:
        return datetime.strptime(text, written).date()  # noqa: DTZ007  (a day has no zone)
    found = SERIALS.fullmatch(text)
    if found is None or not FIRST_SERIAL <= int(found[1]) <= LAST_SERIAL:
        raise ValueError(text)
    return BEFORE_SERIALS + timedelta(days=int(found[1]))


@lru_cache(maxsize=50_000)
def ways(text: str) -> tuple[str, ...]:
    """Every way of writing a day that reads a cell, the preferred one first; none where it tells no day."""
    found = DATE.match(text)
    if found is None:
        return (SERIAL,) if _reads(text, SERIAL) else ()
    time = _time(text[found.end() :])
    return (
        tuple(written + time for written in DATES if _reads(text, written + time)) if time is not None else ()
    )


def way_of(cells: Iterable[str]) -> str:
    """The way of writing that reads most of the cells; "" where none reads any.

    Args:
        cells: of all columns that hold days. One day above the 12th tells for all where the month stands.
    """
    read = Counter(written for cell in cells for written in ways(cell))
    return max(read, key=lambda written: read[written], default="")  # of as many, the one met first


def _time(tail: str) -> str | None:
    """How the time behind a day is written; "" where there is none, nothing where it is no time."""
    if not tail:
        return ""
    found = TIME.fullmatch(tail)
    if found is None:
        return None
    hour = "%I" if found["half"] else "%H"
    written = found["gap"] + hour + ":%M"
    written += ":%S" if found["seconds"] else ""
    written += ".%f" if found["part"] else ""
    if found["half"]:
        written += " %p" if found["half"][0] == " " else "%p"
    zone = found["zone"] or ""
    return written + (zone if zone in {"Z", "+00", "-00"} else "%z" if zone else "")


def _reads(text: str, written: str) -> bool:
    with suppress(ValueError):
        return day(text, written).year >= FIRST_YEAR
    return False
