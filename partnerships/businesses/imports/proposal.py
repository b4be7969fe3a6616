"""Which column of a city's license file holds what: proposed by their names and by what they hold.

A person looks the proposal over before anything is read by it. Names are judged in `heads`, cells in
`contents` and `fits`; a field goes to the column for which the two together are surest.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core import names

from . import contents as look
from . import days, fits, standings
from .heads import CALLS, PARTS, plain, read_head
from .whole_addresses import address, city_line

LEAST = 0.4  # how sure a column has to be
BY_CONTENT = 0.5  # how sure what a column holds makes it, where its name says nothing
A_PART = 0.8  # how surely a column has to be called like a part of a street
IN_PARTS = 0.9  # how sure a street in parts is
PLUS = " + "  # between the columns of a street in parts
LOOKED_AT = 200  # rows
SAME = 0.9  # of the places or rows, that a rule about license numbers has to hold for

NAMES = ("legal_name", "name", "names")
PLACE = frozenset(("street", "unit", "city", "state", "postal_code", "city_line", "address"))
DAYS = ("issued_on", "license_until", "closed_on")


@dataclass(frozen=True)
class Proposal:
    """What to read a file by.

    Args:
        columns: name of a field → the head of its column. A street in parts names them all, in order:
            "ADDRESS NUMBER + STREET DIRECTION + STREET NAME + STREET SUFFIX"; its cells are joined by blanks.
            No other field is in parts. A head that stands twice in the file is in no proposal.
        sure: how sure each of these is, from 0 to 1.
        date_format: as of `strptime`, the best over all columns of days; `days.SERIAL` for days that a
            spreadsheet made numbers; "" where no cell tells a day. A column of which it reads less than half
            is not proposed.
        number_stays: whether the license number belongs to the place for good, not to a year or a renewal.
        shouts: whether names are in capitals and better recased.
        statuses: each value of the license status → "open", "closed", "not_yet" (it was not granted, or not
            so far), or "" where its words don't tell.
        towns: what the city is called in most rows, where one name is.
        withheld: cells of the proposed columns that mean "not told" and stand in several rows.
    """

    columns: dict[str, str]
    sure: dict[str, float]
    date_format: str
    number_stays: bool
    shouts: bool
    statuses: dict[str, str]
    withheld: tuple[str, ...]
    towns: tuple[str, ...] = ()


def propose(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Proposal:
    """Propose how to read a file.

    Args:
        heads: the names of its columns, in order; some may be empty or twice.
        rows: some of its rows, up to 200 are looked at; one may be shorter than the head.
    """
    return _Columns(heads, rows[:LOOKED_AT]).proposal()


@dataclass(frozen=True)
class _Choice:
    """A column that may hold a field, and how sure that is."""

    sure: float
    field: str
    at: int


class _Columns:
    """The columns of a file, while fields are given to them.

    Args:
        heads: of the file.
        rows: of the file.
    """

    def __init__(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.texts = [text.strip() for text in heads]
        self.heads = [read_head(text) for text in heads]
        self.cells = [
            [names.tidy(row[at]) if at < len(row) else "" for row in rows] for at in range(len(heads))
        ]
        self.contents = [look.content_of(cells) for cells in self.cells]
        times = Counter(self.texts)
        self.usable = [
            at
            for at, text in enumerate(self.texts)
            if text and times[text] == 1 and not self.heads[at].useless
        ]
        self.given: dict[str, tuple[int, ...]] = {}
        self.sure: dict[str, float] = {}

    def proposal(self) -> Proposal:
        """Give the fields to the columns, and see how these are written."""
        choices = self._choices()
        self._give(each for each in choices if not self.heads[each.at].elsewhere)
        self._give_street_in_parts()
        placed = "street" in self.given or "address" in self.given
        self._give(each for each in choices if not (placed and each.field in PLACE))
        self._take_back_doubled()
        date_format = self._date_format()
        return Proposal(
            columns={field: self._head(field) for field in CALLS if field in self.given},
            sure={field: round(min(1, self.sure[field]), 2) for field in CALLS if field in self.given},
            date_format=date_format,
            number_stays=self._number_stays(date_format),
            shouts=self._shouts(),
            statuses=self._statuses(),
            withheld=self._withheld(),
            towns=self._towns(),
        )

    def _choices(self) -> list[_Choice]:
        """Every column with every field that it may hold, the surest first."""
        found = [
            _Choice(sure, field, at)
            for at in self.usable
            for field in CALLS
            if (sure := self._sure(field, at)) >= LEAST
        ]
        return sorted(found, key=lambda each: -each.sure)

    def _sure(self, field: str, at: int) -> float:
        head, content = self.heads[at], self.contents[at]
        named = head.sure(CALLS[field])
        sure = named * fits.fit(field, content) if named else 0
        shown = sure < BY_CONTENT and not head.elsewhere and fits.shows(field, content)
        return BY_CONTENT if shown else sure

    def _give(self, choices: Iterable[_Choice]) -> None:
        """Give each field to the surest column that has none yet."""
        taken = {at for places in self.given.values() for at in places}
        for each in choices:
            if each.field not in self.given and each.at not in taken:
                self.given[each.field], self.sure[each.field] = (each.at,), each.sure
                taken.add(each.at)

    def _give_street_in_parts(self) -> None:
        """House number, direction, street and its kind, where no column has them all."""
        whole = self.given.get("street")
        if whole and self.contents[whole[0]].share(look.is_street) >= 0.5:
            return
        found: dict[str, int] = {}
        for part, calls in PARTS.items():
            sure = {
                at: self.heads[at].sure(calls)
                for at in self.usable
                if at not in found.values() and not self.heads[at].elsewhere and self._may_be(part, at)
            }
            at = max(sure, key=lambda each: sure[each], default=-1)
            if sure.get(at, 0) >= A_PART:
                found[part] = at
        if "name" not in found or ("number" not in found and (whole or "address" in self.given)):
            return
        for field, places in list(self.given.items()):
            if not set(places).isdisjoint(found.values()):
                del self.given[field]
        self.given["street"] = tuple(found[part] for part in PARTS if part in found)
        self.sure["street"] = IN_PARTS if "number" in found else BY_CONTENT

    def _may_be(self, part: str, at: int) -> bool:
        """Whether a column holds such a part of a street, by its cells."""
        content, holds = self.contents[at], look.PARTS[part]
        return not content.cells or content.share(holds) >= 0.5

    def _take_back_doubled(self) -> None:
        """Take back what says again, in one cell, what other columns say; and half a position."""
        doubled = {
            "address": "street" in self.given,
            "city_line": "city" in self.given
            and not self.given.keys().isdisjoint(("state", "postal_code", "address")),
            "names": "name" in self.given and "legal_name" in self.given,
            "position": "latitude" in self.given and "longitude" in self.given,
            "latitude": "longitude" not in self.given,
            "longitude": "latitude" not in self.given,
        }
        for field in [field for field, is_doubled in doubled.items() if is_doubled]:
            self.given.pop(field, None)

    def _head(self, field: str) -> str:
        return PLUS.join(self.texts[at] for at in self.given[field])

    def _told(self, field: str) -> list[str]:
        """The cells of a field, row by row; empty ones where nothing is told."""
        cells = [self.cells[at] for at in self.given.get(field, ())]
        rows = [" ".join(filter(None, parts)) for parts in zip(*cells, strict=True)]
        return ["" if look.is_withheld(cell) else cell for cell in rows]

    def _first_told(self, *fields: str) -> list[str]:
        """Row by row the first of these fields that tells something."""
        given = [self._told(field) for field in fields if field in self.given]
        return [next(filter(None, cells), "") for cells in zip(*given, strict=True)]

    def _date_format(self) -> str:
        """How the days are written; columns that are written in another way are taken back."""
        told = {field: list(filter(None, self._told(field))) for field in DAYS if field in self.given}
        best = days.way_of(cell for cells in told.values() for cell in cells)
        for field, cells in told.items():
            read = sum(best in days.ways(cell) for cell in cells)
            if cells and read * 2 < len(cells):
                del self.given[field]
            elif cells:
                self.sure[field] *= read / len(cells)
        return best

    def _number_stays(self, date_format: str) -> bool:
        """Whether a place has one license number, no other place has it, and no year is in it."""
        numbers = self._told("license_number")
        name = self._first_told("name", "legal_name", "names")
        street = self._first_told("street", "address")
        if not (numbers and name and street):
            return False
        of_place: dict[tuple[str, str], set[str]] = defaultdict(set)
        of_number: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for number, place in zip(numbers, zip(name, street, strict=True), strict=True):
            of_place[place].add(number)
            of_number[number].add(place)
        alone = sum(len(found) == 1 and "" not in found for found in of_place.values())
        apart = sum(len(found) == 1 for found in of_number.values())
        if alone < SAME * len(of_place) or apart < SAME * len(of_number):
            return False
        return not self._is_dated(numbers, date_format)

    def _is_dated(self, numbers: list[str], date_format: str) -> bool:
        """Whether the license numbers have the year of the license in them: "BL-2026-00123"."""
        until = self._told("license_until") or self._told("issued_on")
        dated = with_year = 0
        for number, cell in zip(numbers, until, strict=False):
            if cell and date_format in days.ways(cell):
                year = days.day(cell, date_format).year
                dated += 1
                with_year += any(standings.has_year(number, each) for each in (year, year - 1))
        return bool(dated) and with_year >= SAME * dated

    def _shouts(self) -> bool:
        cells = [cell for field in NAMES for cell in self._told(field) if sum(map(str.isalpha, cell)) > 2]
        return sum(cell == cell.upper() for cell in cells) * 10 > len(cells) * 7

    def _statuses(self) -> dict[str, str]:
        values = sorted(set(filter(None, self._told("license_status"))))
        if not values:
            return {}
        return standings.of_values(values, self.heads[self.given["license_status"][0]].words)

    def _towns(self) -> tuple[str, ...]:
        """The town of more than half of the rows."""
        told = (
            self._told("city")
            or [each.city for each in map(city_line, self._told("city_line"))]
            or [each.city for each in map(address, self._told("address"))]
        )
        times = Counter(map(plain, filter(None, told)))
        if not times or max(times.values()) * 2 <= len(told):
            return ()
        most = max(times, key=lambda name: times[name])
        return (next(each for each in told if plain(each) == most).title(),)

    def _withheld(self) -> tuple[str, ...]:
        """The cells that tell nothing and are no accident: they stand in several rows."""
        times = Counter(
            cell
            for places in self.given.values()
            for at in places
            for cell in self.cells[at]
            if look.is_withheld(cell)
        )
        return tuple(sorted(cell for cell, count in times.items() if count > 1))
