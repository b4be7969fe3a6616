"""What the head of a column says: its name in plain words, and which field that calls for.

Cities write heads in every way: "DOING BUSINESS AS NAME", `license_expir_date`, `BusinessLegalName`,
"Bus. Lic. #". The words they use, and how sure each of them is, stand in `data/columns.toml`.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any

COLUMNS = Path(__file__).resolve().parent.parent / "data" / "columns.toml"
FOUND: dict[str, Any] = tomllib.loads(COLUMNS.read_text(encoding="utf-8"))
SPELLED: dict[str, str] = FOUND["spelled"]
FILLER = frozenset[str](FOUND["filler"])
ELSEWHERE = frozenset[str](FOUND["elsewhere"])
NEVER = frozenset[str](FOUND["never"])
AREAS = frozenset[str](FOUND["areas"])
LABELS = frozenset(("name", "code", "number", "id"))  # "Ward number" is a ward
WHOLE = "="  # a name that begins with it is the whole head
EXTRA = 0.6  # how much a further word weighs against those of the name
NOT_OURS = 0.5  # of a name about an address, a phone or a name elsewhere
SHORTEST = 2  # letters of a word that is cut out of a longer one

WORD = re.compile(r"[^\W_]+")
PIECE = re.compile(r"[^\W\d_]+|\d+")
HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class Call:
    """How a field's column may be called.

    Args:
        words: that stand in the head, in this order.
        sure: from 0 to about 1.
        whole: whether the head has no other words.
    """

    words: tuple[str, ...]
    sure: float
    whole: bool


def _calls(told: dict[str, float]) -> tuple[Call, ...]:
    return tuple(
        Call(tuple(name.removeprefix(WHOLE).split()), sure, name.startswith(WHOLE))
        for name, sure in told.items()
    )


CALLS: dict[str, tuple[Call, ...]] = {field: _calls(told) for field, told in FOUND["fields"].items()}
PARTS: dict[str, tuple[Call, ...]] = {
    part: _calls(dict.fromkeys(names, 1.0)) for part, names in FOUND["parts"].items()
}


def _known(calls: Iterable[tuple[Call, ...]]) -> set[str]:
    return {word for each in calls for call in each for word in call.words}


WORDS = frozenset(
    _known(CALLS.values())
    | _known(PARTS.values())
    | {*SPELLED, *FILLER, *ELSEWHERE, *AREAS}
    | {word for run in NEVER for word in run.split()}
)


@dataclass(frozen=True)
class Head:
    """A head in plain words.

    Args:
        words: small, spelled out, in their order.
    """

    words: tuple[str, ...]

    @property
    def elsewhere(self) -> bool:
        """Whether it is about an address, a phone or a name that is not the place's."""
        return not ELSEWHERE.isdisjoint(self.words)

    @property
    def useless(self) -> bool:
        """Whether no field can be read from the column, whatever it holds."""
        said = f" {' '.join(self.words)} "
        if any(f" {run} " in said for run in NEVER):
            return True
        labels = len(list(takewhile(LABELS.__contains__, reversed(self.words))))
        kept = self.words[: len(self.words) - labels]
        return bool(kept) and kept[-1] in AREAS

    def sure(self, calls: Sequence[Call]) -> float:
        """How surely one of these names is meant, from 0 to about 1."""
        return max((self._sure(call) for call in calls), default=0)

    def _sure(self, call: Call) -> float:
        about = [word for word in self.words if word not in ELSEWHERE or word in call.words]
        owned = NOT_OURS if len(about) < len(self.words) else 1
        if call.whole:
            return call.sure * owned if tuple(about) == call.words else 0
        rest = iter(about)
        if not all(word in rest for word in call.words):
            return 0
        extra = [word for word in about if word not in call.words and word not in FILLER]
        length = len(call.words)
        return call.sure * owned * length / (length + EXTRA * len(extra))


def plain(text: str) -> str:
    """The words of a cell in small letters, a blank between them: "N/A - Closed" is "n a closed".

    Args:
        text: of a license file.
    """
    return " ".join(WORD.findall(text.casefold()))


def has_run(text: str, runs: Iterable[str]) -> bool:
    """Whether one of these runs of words stands in a cell.

    Args:
        text: of a license file.
        runs: each as `plain` writes it.
    """
    said = f" {plain(text)} "
    return any(f" {run} " in said for run in runs)


def read_head(text: str) -> Head:
    """A head in plain words: "Bus. Lic. #" is business, license, number.

    Args:
        text: the head as the file has it.
    """
    pieces = PIECE.findall(text.replace("#", " number "))
    words = [word for piece in pieces for word in _words(piece)]
    spelled = [part for word in words for part in SPELLED.get(word, word).split()]
    kept = [word for place, word in enumerate(spelled) if not place or word != spelled[place - 1]]
    return Head(tuple(kept))


def _words(piece: str) -> list[str]:
    """The words that were written as one: "licensenum", "DBAName"."""
    small = piece.casefold()
    if small in WORDS:
        return [small]
    if cut := _cut(small):
        return list(cut)
    return [part for hump in HUMPS.split(piece) for part in _cut(hump.casefold()) or (hump.casefold(),)]


@lru_cache(maxsize=2_000)
def _cut(small: str) -> tuple[str, ...]:
    """The fewest known words that make up a word; none where it is not made of known ones."""
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(small) + 1):
        ways = [
            (*way, small[start:end])
            for start in range(end - SHORTEST + 1)
            if (way := best[start]) is not None and small[start:end] in WORDS
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1] or ()
