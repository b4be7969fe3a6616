"""What the status of a license says about the place, and whether a license number has a year in it."""

import re
from collections.abc import Iterable, Sequence

from .heads import FOUND, has_run

# In the order in which they are tried.
STANDINGS: list[tuple[str, list[str]]] = [(each["means"], each["words"]) for each in FOUND["standings"]]
YES, NO = frozenset(("y", "yes", "true", "t", "1")), frozenset(("n", "no", "false", "f", "0"))
OTHER = {"open": "closed", "closed": "open"}
LETTERS = {"a": "open", "i": "closed"}  # of "active" and "inactive", where both are met


def standing(status: str) -> str:
    """What a status says about the place, by its words: "open", "closed", "not_yet" or "" for nothing.

    Args:
        status: as the file has it.
    """
    return next((means for means, words in STANDINGS if has_run(status, words)), "")


def of_values(values: Iterable[str], head: Sequence[str]) -> dict[str, str]:
    """What each status of a file says about the place.

    Args:
        values: every one that was met.
        head: the words of the column, which "Yes" and "No" answer.
    """
    asked = standing(" ".join(head))
    small = {value: value.casefold() for value in values}
    both = LETTERS.keys() <= set(small.values())
    return {value: _standing(value, small[value], asked, both=both) for value in values}


def _standing(value: str, small: str, asked: str, *, both: bool) -> str:
    if small in YES:
        return asked
    if small in NO:
        return OTHER.get(asked, "")
    return LETTERS[small] if both and small in LETTERS else standing(value)


def has_year(number: str, year: int) -> bool:
    """Whether a license number has a year in it: 2026 anywhere at a border, or "26" before or behind a sign.

    Args:
        number: of the license.
        year: of which it may be.
    """
    short = year % 100
    pattern = rf"(?<!\d){year}|{year}(?!\d)|^\D*{short:02d}(?=\D)|(?<=[^\d]){short:02d}$"
    return re.search(pattern, number) is not None
