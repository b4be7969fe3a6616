"""What one cell of a license file holds, when it holds several things or a spreadsheet has bent it.

Nothing here raises: a cell that makes no sense gives empty texts, or nothing. Whole addresses are taken apart
in `whole_addresses`.
"""

import csv
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from functools import cache
from os.path import commonprefix
from pathlib import Path
from typing import NamedTuple

from core.names import is_readable, tidy
from partnerships.businesses import phones, places

from . import days
from .whole_addresses import Address, CityLine, address, city_line, zip_of

__all__ = [
    "Address", "CityLine", "Names", "address", "city_line", "day", "first_phone", "is_po_box", "naics_of",
    "names_of", "position", "zip_of",
]  # fmt: skip

NAICS = Path(__file__).resolve().parent.parent / "data" / "naics_2022.csv"
LONGEST = 2_000  # characters of a cell that are looked at

TRADES_AS = re.compile(
    r"""(?: (?<![\w.&'’]) (?: d\s?/\s?b\s?/\s?a/? | d\.\s?b\.\s?a\b\.? | (?<=\S\s)d\sb\sa | dba )
        | (?<![\w/.&'’-]) (?: t\s?/\s?a | doing\ business\ as | trading\ as ) )
    (?! [\w/&'’] | -\w ) [\s:.,]*""",
    re.IGNORECASE | re.VERBOSE,
)
AROUND = " ,;:/|-–—\t"
QUOTED = re.compile(r"[\"“”„«](.*)[\"“”»]")

# Where the United States and their territories lie, in degrees: the one never holds what the other does.
LATITUDES, LONGITUDES = (13.0, 72.0), (-180.0, -60.0)
NUMBER = r"([-+]?\d{1,3}(?:\.\d+)?(?:[eE][-+]?\d{1,2})?)"
WKT = re.compile(rf"\bPOINT\s*(?:Z|M|ZM)?\s*\(\s*{NUMBER}\s+{NUMBER}(?:\s+[-+.\deE]+)*\s*\)", re.IGNORECASE)
COORDINATES = re.compile(rf"coordinates\W*[:=]\s*\[\s*{NUMBER}\s*,\s*{NUMBER}\s*[,\]]", re.IGNORECASE)
LATITUDE = re.compile(rf"\blat(?:itude)?\b[\"']?\s*[:=]?\s*[\"']?{NUMBER}(?![\d.])", re.IGNORECASE)
LONGITUDE = re.compile(
    rf"\b(?:lon|lng|long(?:itude)?)\b[\"']?\s*[:=]?\s*[\"']?{NUMBER}(?![\d.])", re.IGNORECASE
)
PAIR = re.compile(rf"\(\s*{NUMBER}\s*°?\s*[,;]\s*{NUMBER}\s*°?\s*\)\W*$")
BARE_PAIR = re.compile(rf"[\[(]?\s*{NUMBER}\s*°?\s*(?:[,;]\s*|\s+){NUMBER}\s*°?\s*[\])]?")
COMPASS = re.compile(rf"{NUMBER}\s*°?\s*([NS])\b\W*{NUMBER}\s*°?\s*([EW])\b", re.IGNORECASE)

CUT_BY_EXCEL = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
BETWEEN_PHONES = re.compile(r"\s*(?:[/|;,&\n\r]|\bor\b|\band\b)\s*", re.IGNORECASE)
ALIKE_A_PHONE = re.compile(r"\(?\b\d{3}\)?[\s./-]?\d{3}[\s.-]?\d{4}\b")
EXTENSION = re.compile(r"(?:ext\.?|extension|x|#)\s*\d{1,6}\W*", re.IGNORECASE)
REMARK = re.compile(r"\([^\d()]*\)|\b(?!ext|x\b)[a-z]{2,}\b[:.]?", re.IGNORECASE)
NORTH_AMERICA = 1

CODES = re.compile(
    r"\W*(?:naics\w*(?:\s+code)?\W*)?(\d{2,6})(?:\.0+)?(?:\s*(?:-|–|\bto\b)\s*(\d{2,6}))?(?:x+\b)?(?!\d|[-–.]\d|(?<!\d{4})/\d)",
    re.IGNORECASE,
)
TIME = re.compile(
    r"(?:T|,?\s+)(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:\s*[AP]\.?M\.?)?"
    r"(?:\s*(?:Z|UTC|GMT|[-+]\d\d:?\d\d))?$",
    re.IGNORECASE,
)
PO_BOX = re.compile(
    r"\b(?:p\.?\s*o\.?\s*-?\s*(?:box|bx|drawer)|post\s+office\s+(?:box|drawer)|pob)(?![a-z])\W*(?:no\b\W*)?[\w-]*"
    r"|^\W*(?:lock\s*)?box\W+\d[\w-]*",
    re.IGNORECASE,
)


class Names(NamedTuple):
    """The names of a business in one cell; `trade` is empty only where nothing is told."""

    legal: str
    trade: str


def names_of(text: str) -> Names:
    """The legal name and the name on the door: "ACME LLC DBA Joe's Tacos", "Acme LLC (d/b/a Joe's Tacos)".

    A text without such words is the name on the door. Of several the last one counts: "Joe Smith DBA Smith
    Foods LLC DBA Joe's Tacos". Where nothing stands behind the words, the legal name is on the door too.

    Args:
        text: of the cell.
    """
    line = tidy(text[:LONGEST])
    found = list(TRADES_AS.finditer(line))
    if not found or not is_readable(line):
        return Names("", line if is_readable(line) else "")
    legal, rest = line[: found[0].start()], line[found[-1].end() :]
    if legal.rstrip().endswith(("(", "[")):
        legal = legal.rstrip()[:-1]
        trade, behind = _up_to_closing(rest)
        if not is_readable(trade):  # ACME LLC (DBA) Joe's
            trade, behind = behind, ""
        legal = (
            f"{legal.rstrip(AROUND)} {behind.strip()}" if len(found) == 1 and is_readable(behind) else legal
        )
    else:
        trade = rest
    legal, trade = _bare(legal), _bare(trade)
    if not (legal or trade):
        return Names("", line)  # a company called DBA
    return Names(legal, trade or legal)


def _up_to_closing(text: str) -> tuple[str, str]:
    """What stands before the parenthesis that closes one opened earlier, and what behind."""
    depth = 1
    for at, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if not depth:
            return text[:at], text[at + 1 :]
    return text, ""


def _bare(name: str) -> str:
    """Without signs around it that belong to no name, and without quotation marks around the whole."""
    bare = name.strip(AROUND)
    quoted = QUOTED.fullmatch(bare)
    bare = quoted[1].strip() if quoted else bare
    return bare if is_readable(bare) else ""


def position(text: str) -> tuple[float, float] | None:
    """Latitude and longitude of a point: WKT, GeoJSON, "(41.95, -87.65)" also below an address, "lat: …".

    `None` for 0, 0 and for what is not on Earth. In WKT and GeoJSON the longitude comes first. Where a file
    has them the other way round, and a place in the United States shows it, they are turned.

    Args:
        text: of the cell.
    """
    text = text[:LONGEST].strip()
    for pattern in (WKT, COORDINATES):
        if found := pattern.search(text):
            return _on_earth(found[2], found[1])
    north, east = LATITUDE.search(text), LONGITUDE.search(text)
    if north and east:
        return _on_earth(north[1], east[1])
    if found := COMPASS.search(text):
        signs = ("-" * (found[2] in "sS"), "-" * (found[4] in "wW"))
        return _on_earth(signs[0] + found[1].lstrip("+-"), signs[1] + found[3].lstrip("+-"))
    found = PAIR.search(text) or BARE_PAIR.fullmatch(text)
    if found and "." in found[1] and "." in found[2]:  # "(41, 87)" may be anything
        return _on_earth(found[1], found[2])
    return None


def _on_earth(latitude: str, longitude: str) -> tuple[float, float] | None:
    north, east = float(latitude), float(longitude)
    if is_longitude(north) and is_latitude(east):
        north, east = east, north
    if (north, east) == (0, 0) or abs(north) > 90 or abs(east) > 180:
        return None
    return north, east


def is_latitude(value: float) -> bool:
    """Whether degrees can be no longitude of the country."""
    return LATITUDES[0] <= value <= LATITUDES[1]


def is_longitude(value: float) -> bool:
    """Whether degrees can be no latitude, or none of the country."""
    return abs(value) > 90 or LONGITUDES[0] <= value <= LONGITUDES[1]


def first_phone(text: str) -> str:
    """The first number of a cell that can be called: "(312) 555-0134", "(312) 555-0134 ext. 12"; else "".

    Args:
        text: of the cell, which may hold two numbers, or one that Excel cut ("3.12555E+09").
    """
    text = text[:LONGEST].strip()
    if CUT_BY_EXCEL.fullmatch(text):
        return ""
    text = re.sub(r"(?<=\d)\.0+$", "", text)
    if whole := _callable(text):
        return whole
    for part in _phones(text):
        for typed in (part, REMARK.sub(" ", part)):
            if found := _callable(typed):
                return found
    return next((number for each in ALIKE_A_PHONE.findall(text) if (number := _callable(each))), "")


def _phones(text: str) -> list[str]:
    """The numbers of a cell; what is only an extension belongs to the number before it."""
    found: list[str] = []
    for part in BETWEEN_PHONES.split(text):
        if found and EXTENSION.fullmatch(part):
            found[-1] += f" {part}"
        elif part:
            found.append(part)
    return found


def _callable(typed: str) -> str:
    number = phones.parse(typed)
    if number is None:
        return ""
    digits = str(number.national_number)
    if number.country_code == NORTH_AMERICA and not re.fullmatch(r"[2-9]\d\d[2-9]\d{6}", digits):
        return ""  # 000-000-0000
    return "" if len(set(digits)) == 1 else phones.in_one_form(typed)


@cache
def _codes() -> frozenset[str]:
    """The codes of the classification that the registry ships with."""
    with NAICS.open(newline="", encoding="utf-8") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


def naics_of(text: str) -> str:
    """The code of an industry that the registry knows: "722511" of "722511 Full-Service Restaurants".

    Of a range it is what both ends have in common ("7210-7219" is "721"), and of a code that the registry
    does not know the longest beginning that it knows. Sectors of several codes are called as there: "44-45".

    Args:
        text: of the cell.
    """
    found = CODES.match(text[:LONGEST])
    if found is None:
        return ""
    first, last = found[1], found[2] or found[1]
    return _known(commonprefix([first, last])) or _same_sector(first, last)


def _known(code: str) -> str:
    while code and code not in _codes():
        code = code[:-1]
    return code


def _same_sector(first: str, last: str) -> str:
    """The sector of several codes, such as 44-45, that both belong to."""
    for sector in (code for code in _codes() if "-" in code):
        low, high = sector.split("-")
        if low <= first[:2] <= high and low <= last[:2] <= high:
            return sector
    return ""


def day(text: str, formats: Iterable[str]) -> date | None:
    """The day of a cell, written in one of these ways, alone or with a time of day behind it.

    Args:
        text: of the cell.
        formats: as of `strptime` or `days.SERIAL`, in the order to try.
    """
    text = text[:LONGEST].strip()
    alone = TIME.sub("", text)
    for written in formats:
        for each in (text, alone):
            with suppress(ValueError):
                return days.day(each, written)
    return None


def is_po_box(street: str) -> bool:
    """Whether an address is a post office box and no place: "P.O. Box 12", but not "12 Elm St, PO Box 4".

    Args:
        street: as typed.
    """
    without, boxes = PO_BOX.subn(",", street[:LONGEST])
    return bool(boxes) and not places.address_key(without)
