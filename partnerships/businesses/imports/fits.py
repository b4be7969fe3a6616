"""How well what a column holds fits each field: a number from 0 to 1, by which its name is judged.

`fit` is asked for a column whose name speaks of the field, `shows` for one whose name says nothing.
"""

from collections.abc import Callable

from . import cells
from . import contents as look
from .contents import Content
from .marks import is_mark

UNSEEN = 0.6  # of an empty column
UNSEEN_TWO_NAMES = 0.4  # that it has two names in a cell is seldom
MOST = 0.9  # of the cells, for a column that is known by them alone
MOST_STATUSES = 25

Fit = Callable[[Content], float]


def fit(field: str, content: Content) -> float:
    """How well a column fits a field, from 0 to 1.

    Args:
        field: its name.
        content: the cells of the column.
    """
    if not content.cells:
        return UNSEEN_TWO_NAMES if field == "names" else UNSEEN
    return FITS[field](content)


def shows(field: str, content: Content) -> bool:
    """Whether a column holds this field and can hold no other, whatever it is called.

    Args:
        field: its name.
        content: the cells of the column.
    """
    holds = SHOWN.get(field)
    return holds is not None and content.share(holds) >= MOST


def _one(field: Callable[[str], bool]) -> Fit:
    return lambda content: content.share(field)


def _license_number(content: Content) -> float:
    return content.share(look.is_identifier) * min(1, 0.4 + content.different)


def _name(content: Content) -> float:
    """One name: another for most rows, and not two of them."""
    two = min(1, content.share(look.is_two_names) * 2)
    return content.share(look.is_name) * min(1, content.different * 4) * (1 - 0.6 * two)


def _names(content: Content) -> float:
    """Two names where there are two: many places have one alone."""
    return min(1, content.share(look.is_two_names) * 2)


def _street(content: Content) -> float:
    """A street, with a house number for the most part; a whole address or a position is none."""
    more = content.share(look.is_address) + content.share(look.is_position)
    if more > 0.5 or content.share(look.is_city_line) > 0.5:
        return 0
    return 0.5 * content.share(look.is_words) + 0.5 * content.share(look.is_street)


def _unit(content: Content) -> float:
    if content.share(look.is_street) + content.share(look.is_city_line) > 0.5:
        return 0.2
    return 0.5 + 0.5 * content.share(look.is_unit)


def _latitude(content: Content) -> float:
    """Degrees of which none is surely a longitude. Zero is what files have for "unknown"."""
    told = [value for cell in content.cells if (value := look.degrees(cell)) != 0]
    fits = [value for value in told if value is not None and not cells.is_longitude(value)]
    return len(fits) / len(told) if told else 0


def _longitude(content: Content) -> float:
    told = [value for cell in content.cells if (value := look.degrees(cell)) != 0]
    fits = [value for value in told if value is not None and not cells.is_latitude(value)]
    return len(fits) / len(told) if told else 0


def _kind(content: Content) -> float:
    """Words that many rows share, without a code of the industry before them."""
    repeated = 1 if content.different < 0.7 or len(content.cells) < 20 else 0.8
    coded = 0.6 if content.share(look.is_naics_text) > 0.6 else 1
    return content.share(look.is_words) * repeated * coded


def _status(content: Content) -> float:
    if len({cell.casefold() for cell in content.cells}) > MOST_STATUSES:
        return 0
    return content.share(look.is_status)


def _closed(content: Content) -> float:
    """Days, and most places are not closed."""
    return content.share(look.is_day) * (1 if content.filled < 0.6 else 0.7)


FITS: dict[str, Fit] = {
    "account_number": _one(look.is_identifier),
    "site_number": _one(look.is_identifier),
    "license_number": _license_number,
    "legal_name": _name,
    "name": _name,
    "names": _names,
    "street": _street,
    "unit": _unit,
    "city": _one(look.is_city),
    "state": _one(look.is_state),
    "postal_code": _one(look.is_zip),
    "city_line": _one(look.is_city_line),
    "address": _one(look.is_address),
    "latitude": _latitude,
    "longitude": _longitude,
    "position": _one(look.is_position),
    "phone": _one(look.is_phone),
    "website": _one(look.is_website),
    "license_kind": _kind,
    "activity": _one(look.is_words),
    "naics": _one(look.is_naics),
    "category": _kind,
    "license_status": _status,
    "issued_on": _one(look.is_day),
    "license_until": _one(look.is_day),
    "closed_on": _closed,
    "home_based": _one(is_mark),
    "out_of_town": _one(is_mark),
}
# What is nothing else than it looks like.
SHOWN: dict[str, Callable[[str], bool]] = {
    "street": look.is_street,
    "city_line": look.is_city_line,
    "address": look.is_address,
    "state": lambda cell: look.is_state(cell) and not look.is_direction(cell),
    "latitude": lambda cell: cells.is_latitude(look.degrees(cell) or 0),
    "longitude": lambda cell: cells.is_longitude(look.degrees(cell) or 0),
    "position": look.is_position,
    "phone": look.is_written_phone,
    "website": look.is_website,
    "naics": look.is_naics_text,
}
