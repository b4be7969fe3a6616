"""What kind of place a row is of: run from a home, or outside the city."""

from collections.abc import Mapping, Set

from .heads import FOUND, has_run, plain
from .presets import AWAY, HOME
from .standings import NO, YES

# Runs of words by which a license, an activity or a cell of its own says so.
AT_HOME: tuple[str, ...] = tuple(FOUND["marks"]["home_based"])
ELSEWHERE: tuple[str, ...] = tuple(FOUND["marks"]["out_of_town"])


def is_home(text: Mapping[str, str]) -> bool:
    """Whether the business is run from a home: a column of its own says so, or its license.

    Args:
        text: what the row says, by the name of the field.
    """
    if told := text.get(HOME, ""):
        return _says(told, AT_HOME)
    return any(has_run(text.get(name, ""), AT_HOME) for name in ("license_kind", "activity", "category"))


def is_away(text: Mapping[str, str], city: str, towns: Set[str]) -> bool:
    """Whether it lies outside the city: a column of its own says so, or the town of its address.

    Args:
        text: what the row says, by the name of the field.
        city: of its address, maybe empty.
        towns: what the city is called in addresses, by `heads.plain`; nothing is known without.
    """
    if told := text.get(AWAY, ""):
        return _says(told, ELSEWHERE)
    return bool(towns and city) and plain(city) not in towns


def is_mark(cell: str) -> bool:
    """Whether a cell says yes, no, or one of the two marks in words.

    Args:
        cell: of a license file.
    """
    return cell.casefold() in YES | NO or has_run(cell, AT_HOME + ELSEWHERE)


def _says(told: str, runs: tuple[str, ...]) -> bool:
    small = told.casefold()
    return small in YES or (small not in NO and has_run(told, runs))
