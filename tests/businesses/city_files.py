"""License files as cities write them, of invented businesses: six shapes, any length, the truth beside them.

`python -m tests.businesses.city_files FOLDER [ROWS]` writes one of each.
"""

import csv
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import openpyxl

FIRST = [
    "Amber",
    "Birch",
    "Cedar",
    "Delta",
    "Elm",
    "Fable",
    "Garnet",
    "Harbor",
    "Iris",
    "Juniper",
    "Kestrel",
    "Larch",
    "Maple",
    "North",
    "Opal",
    "Pine",
]
SECOND = [
    "Bakery",
    "Barbers",
    "Books",
    "Café",
    "Cleaners",
    "Deli",
    "Diner",
    "Florist",
    "Grill",
    "Hardware",
    "Market",
    "Nails",
    "Pizza",
    "Salon",
    "Toys",
]
PEOPLE = [
    "Abernol",
    "Brixton",
    "Calloway",
    "Dunmore",
    "Ellery",
    "Farrow",
    "Grantley",
    "Holloway",
    "Ingram",
    "Jarrow",
    "Kessler",
    "Lomax",
]
LEGAL = ("LLC", "Inc", "Corp", "")
STREETS = [
    "Alder",
    "Bishop",
    "Clark",
    "Dover",
    "Emery",
    "Foster",
    "Granby",
    "Howard",
    "Irving",
    "Jarvis",
    "Keeler",
    "Lawton",
    "Mercer",
    "Norton",
]
SUFFIXES = {"St": "Street", "Ave": "Avenue", "Blvd": "Boulevard", "Rd": "Road", "Dr": "Drive"}
STATES = {"IN": "Indiana", "MA": "Massachusetts"}


@dataclass(frozen=True)
class Place:
    """An invented place of business.

    Args:
        number: its own, never told by a file that has no numbers.
        closed_on: the day it closed, if it did.
    """

    number: int
    name: str
    legal_name: str
    house: int
    direction: str
    street: str
    suffix: str
    unit: str
    postal_code: str
    latitude: float
    longitude: float
    phone: str
    opened: date
    closed_on: date | None

    @property
    def address(self) -> str:
        """House number, direction, street and suffix."""
        return " ".join(filter(None, (str(self.house), self.direction, self.street, self.suffix)))

    @property
    def whole(self) -> str:
        """With its unit."""
        return f"{self.address} Unit {self.unit}" if self.unit else self.address


def places(count: int, seed: int = 7) -> list[Place]:
    """Places of an invented city, no two of one name at one address; always the same."""
    chance = random.Random(seed)
    found: list[Place] = []
    for number in range(count):
        owner, trade = chance.choice(PEOPLE), chance.choice(SECOND)
        name = f"{chance.choice(FIRST)} {owner} {trade}"
        opened = date(2015, 1, 1) + timedelta(days=chance.randrange(3000))
        closes = chance.random() < 0.15
        found.append(
            Place(
                number=number,
                name=name,
                legal_name=f"{owner} {trade} Holdings {chance.choice(LEGAL)}".strip(),
                house=10 + 2 * number % 8000,
                direction=chance.choice(["N", "S", "E", "W", ""]),
                street=chance.choice(STREETS),
                suffix=chance.choice(list(SUFFIXES)),
                unit=str(chance.randrange(1, 40)) if chance.random() < 0.2 else "",
                postal_code=f"4{chance.randrange(6000, 6099)}",
                latitude=round(39.7 + chance.random() / 5, 6),
                longitude=round(-86.2 + chance.random() / 5, 6),
                phone=f"317-555-{chance.randrange(10_000):04d}",
                opened=opened,
                closed_on=opened + timedelta(days=chance.randrange(400, 3200)) if closes else None,
            )
        )
    today = date(2026, 1, 1)
    return [each for each in found if each.closed_on is None or each.closed_on < today]


def _licenses(all_places: list[Place], year: int) -> Iterator[tuple[Place, int, date]]:
    """One license for each place and year, with its number: a new one each time."""
    number = 100_000
    for each in all_places:
        last = min(year, each.closed_on.year if each.closed_on else year)
        for one in range(max(last - 2, each.opened.year), last + 1):
            number += 1
            yield each, number, date(one, 3, 1)


def yearly(path: Path, all_places: list[Place], year: int) -> None:
    """One row a license, a new number each year; the address now short, now whole; some only asked for."""
    rows = []
    for each, number, issued in _licenses(all_places, year):
        closed = each.closed_on is not None and issued.year == each.closed_on.year
        whole = number % 3 == 0
        rows.append(
            [
                f"BL-{issued.year}-{number}",
                each.legal_name.upper(),
                each.name.upper(),
                f"{each.whole}, Springfield, Indiana, {each.postal_code}" if whole else each.whole,
                issued.strftime("%m/%d/%Y"),
                date(issued.year, 12, 31).strftime("%m/%d/%Y"),
                "Out of Business" if closed else "Issued",
            ]
        )
    for n in range(len(rows) // 20):
        rows.append(
            [f"BL-{year}-9{n:05}", "", f"NEVER OPENED {n}", f"{n} Nowhere Ln", f"02/01/{year}", "", "Denied"]
        )
    heads = [
        "License Number",
        "Legal Name",
        "Doing Business As",
        "Address",
        "Issue Date",
        "Expiration Date",
        "Status",
    ]
    _csv(path, [heads, *rows])


def plain(path: Path, all_places: list[Place], year: int) -> None:
    """No number at all; two phones in a cell; semicolons, from an old Excel on Windows."""
    heads = ["Business Name", "Street Address", "City", "State", "Zip", "Phone"]
    rows = [
        [each.name, each.whole, "Springfield", "IN", each.postal_code, f"{each.phone} / 317-555-0100"]
        for each in all_places
    ]
    _csv(path, [heads, *rows], encoding="windows-1252", separator=";")


def accounts(path: Path, all_places: list[Place], year: int) -> None:
    """Account and location numbers, start and end dates, ranges of NAICS codes, positions as WKT."""
    heads = [
        "Location Id",
        "Business Account Number",
        "Ownership Name",
        "DBA Name",
        "Street Address",
        "City",
        "State",
        "Source Zipcode",
        "Location Start Date",
        "Location End Date",
        "Mailing Address",
        "Mail City",
        "NAICS Code",
        "Business Location",
    ]
    rows = [
        [
            f"{each.number:07}-01-001",
            f"{each.number:07}",
            each.legal_name,
            each.name,
            each.whole,
            "Springfield",
            "IN",
            each.postal_code,
            f"{each.opened:%m/%d/%Y}",
            f"{each.closed_on:%m/%d/%Y}" if each.closed_on else "",
            "PO Box 9",
            "Elsewhere",
            "7220-7229",
            f"POINT ({each.longitude} {each.latitude})",
        ]
        for each in all_places
    ]
    _csv(path, [heads, *rows])


def parts(path: Path, all_places: list[Place], year: int) -> None:
    """A workbook with lines above its head; the address in parts; days as Excel keeps them."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Active and inactive licenses"])
    sheet.append([])
    sheet.append(
        [
            "Lic #",
            "Trade Name",
            "St Number",
            "St Dir",
            "St Name",
            "St Suffix",
            "Suite",
            "Zip Code",
            "Latitude",
            "Longitude",
            "Lic Status",
            "Lic Exp Date",
        ]
    )
    for each in all_places:
        sheet.append(
            [
                5000 + each.number,
                each.name.upper(),
                each.house,
                each.direction,
                each.street.upper(),
                each.suffix.upper(),
                each.unit,
                int(each.postal_code),
                each.latitude,
                each.longitude,
                "INACTIVE" if each.closed_on else "ACTIVE",
                each.closed_on or date(year, 12, 31),
            ]
        )
    book.save(path)


def oneline(path: Path, all_places: list[Place], year: int) -> None:
    """Tabs, UTF-16; both names in one cell, city with state and ZIP in one, the position in brackets."""
    heads = ["Business", "Location Address", "City State Zip", "License Type", "Lat/Long", "Closed Date"]
    rows = [
        [
            f"{each.legal_name} DBA {each.name}",
            each.whole,
            f"Springfield, IN {each.postal_code}",
            "General",
            f"({each.latitude}, {each.longitude})",
            f"{each.closed_on:%Y-%m-%d}" if each.closed_on else "",
        ]
        for each in all_places
    ]
    _csv(path, [heads, *rows], encoding="utf-16", separator="\t")


def located(path: Path, all_places: list[Place], year: int) -> None:
    """A number that stays with its place, mailing beside location address, the head again in mid-file."""
    heads = [
        "LOCATION ACCOUNT #",
        "BUSINESS NAME",
        "DBA NAME",
        "STREET ADDRESS",
        "CITY",
        "ZIP CODE",
        "MAILING ADDRESS",
        "MAILING CITY",
        "MAILING ZIP CODE",
        "NAICS",
        "COUNCIL DISTRICT",
        "LOCATION START DATE",
        "LOCATION END DATE",
        "LOCATION",
    ]
    rows = [
        [
            f"{each.number:010}-0001-{each.number % 10}",
            each.legal_name.upper(),
            each.name.upper(),
            each.whole.upper(),
            "SPRINGFIELD",
            f"{each.postal_code}-0000",
            "1 FAR AWAY RD",
            "ELSEWHERE",
            "90001-0001",
            "722511",
            str(each.number % 15 + 1),
            f"{each.opened:%m/%d/%Y}",
            f"{each.closed_on:%m/%d/%Y}" if each.closed_on else "",
            f"({each.latitude}, {each.longitude})",
        ]
        for each in all_places
    ]
    _csv(path, [heads, *rows[: len(rows) // 2], heads, *rows[len(rows) // 2 :]])


def _csv(path: Path, rows: list[list[str]], *, encoding: str = "utf-8", separator: str = ",") -> None:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=separator).writerows(rows)


SHAPES: dict[str, Callable[[Path, list[Place], int], None]] = {
    "yearly": yearly,
    "plain": plain,
    "accounts": accounts,
    "parts": parts,
    "oneline": oneline,
    "located": located,
}


def write(shape: str, folder: Path, all_places: list[Place], year: int = 2025) -> Path:
    """Write a file of one shape; answer where."""
    path = folder / f"{shape}-{year}.{'xlsx' if shape == 'parts' else 'csv'}"
    SHAPES[shape](path, all_places, year)
    return path


if __name__ == "__main__":
    folder, rows = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 15_000
    for name in SHAPES:
        print(write(name, folder, places(rows)))
