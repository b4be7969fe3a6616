"""How well the scorer tells places apart, measured on labeled pairs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .labeled import Pair
from .scoring import THRESHOLD, compare


@dataclass(frozen=True)
class Figures:
    """What came of a set of pairs.

    Attributes:
        found: duplicates that were found.
        missed: duplicates that were not.
        wrong: pairs of two places that were taken for one.
        wrong_by_kind: how many pairs of each kind were judged wrongly.
        examples: the names of some of these, with their score.
    """

    pairs: int
    threshold: int
    found: int
    missed: int
    wrong: int
    wrong_by_kind: dict[str, int] = field(default_factory=dict)
    examples: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of those that were taken for one, the share that is."""
        return self.found / (self.found + self.wrong) if self.found else 0.0

    @property
    def recall(self) -> float:
        """Of those that are one, the share that was found."""
        return self.found / (self.found + self.missed) if self.found else 0.0

    def as_json(self) -> dict[str, Any]:
        """For a program."""
        return {
            "pairs": self.pairs,
            "threshold": self.threshold,
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "found": self.found,
            "missed": self.missed,
            "wrong": self.wrong,
            "wrong_by_kind": self.wrong_by_kind,
        }


def evaluate(labeled: Iterable[Pair], threshold: int = THRESHOLD) -> Figures:
    """Judge each pair and count.

    Args:
        labeled: the pairs.
        threshold: from which score on a pair is taken for one place.
    """
    counted: Counter[tuple[bool, bool]] = Counter()
    kinds: Counter[str] = Counter()
    examples = []
    for pair in labeled:
        score = compare(pair.one.traits(), pair.other.traits()).score
        taken = score >= threshold
        counted[pair.same, taken] += 1
        if taken != pair.same:
            kinds[pair.kind] += 1
            examples.append(
                (f"{pair.one.name}, {pair.one.address}", f"{pair.other.name}, {pair.other.address}", score)
            )
    return Figures(
        pairs=counted.total(),
        threshold=threshold,
        found=counted[True, True],
        missed=counted[True, False],
        wrong=counted[False, True],
        wrong_by_kind=dict(sorted(kinds.items())),
        examples=examples,
    )
