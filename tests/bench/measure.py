"""Rounds of work and floor in turn, and the table of what came out."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

ROUNDS = 5
HEADS = ("what", "N", "p50", "p95", "floor", "ratio", "budget", "grown", "note")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table.

    Args:
        what: the work, in words.
        n: how many records it was measured on.
        p50: median, in milliseconds.
        p95: 95th percentile of the rounds, in milliseconds.
        floor: median of the floor, in milliseconds; 0 where there is none.
        floor_name: what the floor is.
        budget: the largest ratio that is fine; 0 where there is none.
        grown: the ratio as a multiple of the same work's at the smallest size; 0 where there is none.
        most_grown: the largest `grown` that is fine; 0 where there is none.
        note: what else is worth knowing.
    """

    what: str
    n: int
    p50: float
    p95: float
    floor: float = 0
    floor_name: str = ""
    budget: float = 0
    grown: float = 0
    most_grown: float = 0
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times the floor; 0 without one."""
        return self.p50 / self.floor if self.floor else 0

    @property
    def over(self) -> bool:
        """It misses its budget."""
        beyond = bool(self.budget) and self.ratio > self.budget
        return beyond or (bool(self.most_grown) and self.grown > self.most_grown)

    def as_json(self) -> dict[str, Any]:
        """For the file; figures as in the table."""
        return {**asdict(self), "ratio": round(self.ratio, 3), "over": self.over}


def timed(work: Callable[[], object]) -> float:
    """How long a call takes, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(
    work: Callable[[], float], floor: Callable[[], float], rounds: int = ROUNDS
) -> tuple[list[float], list[float]]:
    """Measure work and floor one after the other, round by round, after one round that does not count.

    Args:
        work: does it once and returns its seconds.
        floor: the same for the floor.
        rounds: at least five.

    Returns:
        The seconds of each round: of the work, and of the floor.
    """
    floor(), work()
    pairs = [(floor(), work()) for _ in range(rounds)]
    return [second for _, second in pairs], [first for first, _ in pairs]


def row(
    what: str, n: int, work: Sequence[float], floor: Sequence[float] = (), *, per: int = 1, **more: Any
) -> Row:
    """A row from the seconds of the rounds.

    Args:
        what: the work, in words.
        n: how many records.
        work: seconds of each round.
        floor: seconds of each round of the floor.
        per: how many items a round handles; the row tells of one.
        more: further fields of `Row`.
    """
    return Row(
        what=what,
        n=n,
        p50=statistics.median(work) * 1000 / per,
        p95=percentile(work, 0.95) * 1000 / per,
        floor=statistics.median(floor) * 1000 / per if floor else 0,
        **more,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def table(rows: Sequence[Row]) -> str:
    """The rows as text; those over their budget in capitals."""
    lines = [HEADS, *(_cells(each) for each in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADS) - 1)]
    return "\n".join(
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]
        ).rstrip()
        for line in lines
    )


def _cells(one: Row) -> tuple[str, ...]:
    return (
        f"{one.what}: OVER BUDGET".upper() if one.over else one.what,
        f"{one.n:,}",
        milliseconds(one.p50),
        milliseconds(one.p95),
        f"{milliseconds(one.floor)} {one.floor_name}" if one.floor else "–",
        f"{one.ratio:.1f}×" if one.floor else "–",
        f"≤ {one.budget:g}×" if one.budget else "–",
        f"{one.grown:.1f}×" if one.grown else "–",
        one.note,
    )


def milliseconds(value: float) -> str:
    """Three figures: 0.45 ms, 12.3 ms, 1,234 ms."""
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f} ms"
