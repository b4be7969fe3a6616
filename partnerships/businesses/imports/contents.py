"""What the cells of a column look like: phones, positions, addresses, codes, days, words.

Each test looks at one cell. `Content` says which share of a column's cells passes it.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.core.exceptions import ValidationError

from core import names, postal

from . import cells, days, heads

PHONE = re.compile(
    r"(?:\+?1[-. ]?)?(\()?([2-9]\d\d)\)?[-. /]*[2-9]\d\d[-. ]*\d{4}(?:\s*(?:x|ext\.?)\s*\d+)?", re.IGNORECASE
)
WEBSITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]\S*)?", re.IGNORECASE)
ZIP = re.compile(r"\d{5}(?:-?\d{4}|-|\.0)?|\d{3,4}")  # a spreadsheet drops the zeros of New England
LAST_ZIP = re.compile(r",?\s+\d{5}(?:-?\d{4})?$")
COUNTRY = re.compile(r",?\s+(?:USA?|U\.S\.A?\.?|United States(?: of America)?)$", re.IGNORECASE)
STATE = re.compile(r"[A-Za-z][A-Za-z. ]*")
CODE = re.compile(r"(\d\d)(\d{0,4})(?:\.0)?(?=$|[^\d.])(.*)")
SECTORS = frozenset(
    (11, 21, 22, 23, 31, 32, 33, 42, 44, 45, 48, 49, 51, 52, 53, 54, 55, 56, 61, 62, 71, 72, 81, 92)
)
STREET = re.compile(r"\d+(?:-\d+|[A-Za-z])?(?:\s+1/2)?\s+.*[^\W\d_].*")
STREET_NAME = re.compile(r"(?:\d{1,3}(?:ST|ND|RD|TH)|[^\W\d_][\w.'’-]*)(?:\s+[\w.'’-]+){0,4}", re.IGNORECASE)
BOX = re.compile(r"(?:p\.?\s?o\.?|post office)\s*(?:box|drawer)\b.*|box \d+", re.IGNORECASE)
UNIT = re.compile(
    r"(?:#|apt|unit|ste|suite|rm|room|fl|floor|bldg|building|lot|spc|space|lower|upper|rear)\b.*|#.*"
    r"|\w{1,5}(?:[- ]\w{1,4})?|\d+(?:st|nd|rd|th) fl(?:oor|r)?\.?",
    re.IGNORECASE,
)
HOUSE = re.compile(r"\d{1,6}(?:-\d{1,4}|[A-Za-z])?(?:\.0)?")
DIRECTION = re.compile(r"[NSEW]|[NS][EW]|north|south|east|west|(?:north|south)(?:east|west)", re.IGNORECASE)
TWO_NAMES = re.compile(
    r"\S\s*,?\s*\b(?:d[/.]?\s?b[/.]?\s?a\b[/.]?|doing business as\b|t/a\b)[:.]?\s+\S", re.IGNORECASE
)
IDENTIFIER = re.compile(r"(?=.*\d)[\w./# -]{1,40}")


@dataclass(frozen=True)
class Content:
    """The cells of a column.

    Args:
        cells: that tell something, on one line each.
        of: how many rows were looked at.
    """

    cells: tuple[str, ...]
    of: int

    @property
    def filled(self) -> float:
        """The share of the rows that have something in it."""
        return len(self.cells) / self.of if self.of else 0

    @property
    def different(self) -> float:
        """How many of the cells differ from each other: 1 where all do."""
        return len(self._times) / len(self.cells) if self.cells else 0

    def share(self, holds: Callable[[str], bool]) -> float:
        """The share of its cells of which this holds."""
        if holds not in self._shares:
            held = sum(times for cell, times in self._times.items() if holds(cell))
            self._shares[holds] = held / len(self.cells) if self.cells else 0
        return self._shares[holds]

    @cached_property
    def _times(self) -> Counter[str]:
        return Counter(self.cells)

    @cached_property
    def _shares(self) -> dict[Callable[[str], bool], float]:
        """What was asked before: most tests serve several fields."""
        return {}


def content_of(cells: Iterable[str]) -> Content:
    """A column as it is looked at: without the cells that tell nothing."""
    told = [names.tidy(cell) for cell in cells]
    return Content(tuple(cell for cell in told if cell and not is_withheld(cell)), len(told))


def degrees(text: str) -> float | None:
    """A number with a fraction, within 180 degrees, or zero; nothing for any other text."""
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value) or abs(value) > 180:
        return None
    return value if "." in text or not value else None


def is_position(text: str) -> bool:
    """Latitude and longitude in one cell."""
    return cells.position(text) is not None


def is_withheld(text: str) -> bool:
    """Whether a cell says that it tells nothing: "N/A", "[REDACTED FOR PRIVACY]"."""
    small = text.casefold().strip()
    if small in WITHHELD:
        return True
    return small[:1] in "[(<*" and small[-1:] in "])>*" and any(word in small for word in REDACTED)


WITHHELD = frozenset[str](heads.FOUND["withheld"]["cells"])
REDACTED: tuple[str, ...] = tuple(heads.FOUND["withheld"]["redacted"])


SEVERAL = re.compile(r"\s*(?:[/;,&]|\bor\b)\s*")


def is_phone(text: str) -> bool:
    """A phone number, also without signs between its digits, or several of them."""
    return all(PHONE.fullmatch(part) is not None for part in SEVERAL.split(text.strip()))


def is_written_phone(text: str) -> bool:
    """A phone number that can be nothing else: its parts are set apart."""
    return is_phone(text) and re.search(r"\d\D+\d", text) is not None


def is_website(text: str) -> bool:
    """An address of a website."""
    return WEBSITE.fullmatch(text) is not None and re.search("[a-z]{2}", text, re.IGNORECASE) is not None


def is_zip(text: str) -> bool:
    """A ZIP code, also with what spreadsheets make of it."""
    return ZIP.fullmatch(text) is not None


@lru_cache(maxsize=50_000)
def is_state(text: str) -> bool:
    """A state, by its letters or its name."""
    if STATE.fullmatch(text) is None or len(text) > 40:
        return False
    try:
        return bool(postal.state_code(text))
    except ValidationError:
        return False


@lru_cache(maxsize=50_000)
def before_state(text: str) -> str | None:
    """What stands before the state and the ZIP code at the end of a cell; nothing where it ends in none.

    A state without a ZIP code counts behind a comma alone: "12 Elm Ct" is no place in Connecticut.
    """
    told = COUNTRY.sub("", names.tidy(text))
    short = LAST_ZIP.sub("", told)
    words = short.rstrip(",").split(" ")
    for count in (3, 2, 1):
        before, last = words[:-count], " ".join(words[-count:])
        if before and is_state(last) and (short != told or before[-1].endswith(",")):
            return " ".join(before).rstrip(", ")
    return None


def is_address(text: str) -> bool:
    """A whole address: a street, and a city, a state or a ZIP code behind it."""
    starts = STREET.fullmatch(text) or BOX.match(text)
    before = before_state(text)
    if before is not None:
        return bool(starts) or bool(re.search(r"\d.*,|,.*\d", before))
    return bool(starts and LAST_ZIP.search(text)) and "," in text


def is_city_line(text: str) -> bool:
    """A city and its state: "Springfield, IL 62701"."""
    before = before_state(text)
    return before is not None and not re.search(r"\d", before) and before.count(",") == 0 and len(before) < 40


def is_street(text: str) -> bool:
    """A house number and a street, and no city behind them."""
    return STREET.fullmatch(text) is not None and not is_address(text) and cells.position(text) is None


def is_box(text: str) -> bool:
    """A post office box: where mail goes, and nobody's place of business."""
    return BOX.match(text) is not None


def is_unit(text: str) -> bool:
    """What stands behind a street: "Suite 200", "#3", "B"."""
    return UNIT.fullmatch(text) is not None and not is_state(text)


def is_city(text: str) -> bool:
    """A name of a city: a few words of letters."""
    return not re.search(r"[\d@/]", text) and 2 < len(text) <= 40 and text.count(" ") < 4


def is_words(text: str) -> bool:
    """Something said in words, not a code: at least three letters in a row, and more letters than digits."""
    letters = sum(sign.isalpha() for sign in text)
    return letters > sum(sign.isdigit() for sign in text) and re.search(r"[^\W\d_]{3}", text) is not None


def is_name(text: str) -> bool:
    """What may be a name of a business: a letter in it, and no address, day, phone or website."""
    return any(sign.isalpha() for sign in text) and len(text) > 1 and not is_day(text) and "@" not in text


def is_two_names(text: str) -> bool:
    """A legal name and a trade name in one cell: "Elm Foods LLC DBA Corner Deli"."""
    return TWO_NAMES.search(text) is not None


def is_identifier(text: str) -> bool:
    """What may be a number of an account or a license: at least one digit, and no day or fraction."""
    return IDENTIFIER.fullmatch(text) is not None and not is_fraction(text) and not is_written_day(text)


def is_fraction(text: str) -> bool:
    """Degrees, or another number with a fraction."""
    return "." in text and degrees(text) is not None


def is_direction(text: str) -> bool:
    """A direction before or behind a street."""
    return DIRECTION.fullmatch(text) is not None


def is_naics(text: str) -> bool:
    """A NAICS code, several, a range of them, or a text that begins with one."""
    found = CODE.fullmatch(text)
    return found is not None and int(found[1]) in SECTORS


def is_naics_text(text: str) -> bool:
    """A NAICS code with its title behind it, which is nothing else."""
    found = CODE.fullmatch(text)
    return found is not None and is_naics(text) and len(found[2]) >= 2 and is_words(found[3])


def is_status(text: str) -> bool:
    """What may be said of a license in a word or a few; a letter may stand for it."""
    return len(text) <= 60 and not text.isdigit() and not is_day(text)


def is_day(text: str) -> bool:
    """A day, in any way of writing."""
    return bool(days.ways(text))


def is_written_day(text: str) -> bool:
    """A day that is no mere number."""
    return is_day(text) and not text.replace(".", "").isdigit()


# What the parts of a street look like.
PARTS: dict[str, Callable[[str], bool]] = {
    "number": lambda cell: HOUSE.fullmatch(cell) is not None,
    "before": is_direction,
    "name": lambda cell: STREET_NAME.fullmatch(cell) is not None,
    "kind": lambda cell: cell.isalpha() or cell.endswith("."),
    "after": is_direction,
}
