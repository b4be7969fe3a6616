"""Pure judgement: no database, no clock. Scores, unmet criteria, tracks, and working days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from dateutil.relativedelta import MO, TH, relativedelta

SCORES = range(5)
GAP_TO_RECONCILE = 2
APPEAL_DAYS = 30


# --- Working days


def _observed(day: date) -> date:
    """A holiday on Saturday is kept on Friday, one on Sunday on Monday."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


@cache
def holidays(year: int) -> frozenset[date]:
    """The US federal holidays as they are observed in a calendar year.

    Args:
        year: the calendar year.

    Returns:
        The days off, of which one may belong to New Year's Day of the next year.

    Source: 5 U.S.C. 6103.
    """
    fixed = [
        date(year, 1, 1),
        date(year + 1, 1, 1),
        date(year, 6, 19),
        date(year, 7, 4),
        date(year, 11, 11),
        date(year, 12, 25),
    ]
    january = date(year, 1, 1)
    moving = [
        january + relativedelta(weekday=MO(3)),  # Birthday of Martin Luther King, Jr.
        january + relativedelta(month=2, weekday=MO(3)),  # Washington's Birthday
        january + relativedelta(month=5, day=31, weekday=MO(-1)),  # Memorial Day
        january + relativedelta(month=9, weekday=MO(1)),  # Labor Day
        january + relativedelta(month=10, weekday=MO(2)),  # Columbus Day
        january + relativedelta(month=11, weekday=TH(4)),  # Thanksgiving Day
    ]
    return frozenset(day for day in [*map(_observed, fixed), *moving] if day.year == year)


def is_working_day(day: date) -> bool:
    """Monday to Friday, but no federal holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
    if end < start:
        return -working_days_between(end, start)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day) for day in days)


def add_working_days(start: date, count: int) -> date:
    """The day on which `count` working days after `start` have passed; a negative count goes back.

    Args:
        start: the day that counts as zero, working day or not.
        count: how many working days.
    """
    step = timedelta(days=1 if count >= 0 else -1)
    day, left = start, abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_day_of_promise(*, promised_on: date, today: date, promise: int) -> int:
    """Which working day of the promise today is: 12 with a promise of 10 means two days late.

    Args:
        promised_on: the day by which an answer was promised.
        today: the department's local date.
        promise: the promise in working days.
    """
    return promise + working_days_between(promised_on, today)


# --- Tracks


@dataclass(frozen=True)
class TrackChoice:
    """The track that the rule picks, and the codes of what made it so."""

    track: str
    reasons: tuple[str, ...]


def last_appeal_day(decided_on: date) -> date:
    """The last local day on which a decision can be appealed."""
    return decided_on + timedelta(days=APPEAL_DAYS)


def pick_track(*, sites: int, youth: bool, money: bool, limit: int) -> TrackChoice:
    """Chains, work with young people and joint money go the full way; everyone else the basic one.

    Args:
        sites: how many places of business the application covers.
        youth: the partnership would work with people under 18.
        money: joint activities would raise or hold money.
        limit: more sites than this make a chain.
    """
    found = {"chain": sites > limit, "youth": youth, "money": money}
    reasons = tuple(code for code, true in found.items() if true)
    return TrackChoice("full" if reasons else "basic", reasons)


# --- Scores


@dataclass(frozen=True)
class Standard:
    """What the rules need of one criterion."""

    code: str
    weight: int
    minimum: int


@dataclass(frozen=True)
class Outcome:
    """What the reviews of one round come to.

    Args:
        scores: the score per criterion code that counts (mean of the reviewers, or the agreed one).
        total: weighted total, 0.00 to 4.00.
        unmet: codes of criteria below their minimum.
        open_gaps: codes on which reviewers lie two or more apart and have not agreed yet.
        threshold: the total that is asked for.
    """

    scores: Mapping[str, Decimal]
    total: Decimal
    unmet: tuple[str, ...]
    open_gaps: tuple[str, ...]
    threshold: Decimal

    @property
    def reaches_threshold(self) -> bool:
        """Whether the weighted total is high enough."""
        return self.total >= self.threshold

    @property
    def passes(self) -> bool:
        """Every criterion at its minimum and the total at the threshold."""
        return not self.unmet and self.reaches_threshold


def _hundredths(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def weighted_total(standards: Iterable[Standard], scores: Mapping[str, Decimal]) -> Decimal:
    """Sum of weight times score over the sum of weights, 0.00 to 4.00; a missing score counts as 0."""
    rows = list(standards)
    weights = sum(each.weight for each in rows)
    if not weights:
        return Decimal("0.00")
    total = sum((each.weight * scores.get(each.code, Decimal(0)) for each in rows), Decimal(0))
    return _hundredths(total / weights)


def gaps(reviews: Sequence[Mapping[str, int]]) -> tuple[str, ...]:
    """Codes on which two reviewers differ by two points or more.

    Args:
        reviews: one mapping per reviewer, criterion code to score.
    """
    codes = sorted({code for review in reviews for code in review})
    found = []
    for code in codes:
        values = [review[code] for review in reviews if code in review]
        if len(values) > 1 and max(values) - min(values) >= GAP_TO_RECONCILE:
            found.append(code)
    return tuple(found)


def judge(
    standards: Sequence[Standard],
    reviews: Sequence[Mapping[str, int]],
    *,
    agreed: Mapping[str, int] | None = None,
    threshold: Decimal,
) -> Outcome:
    """Bring the reviews of one round together.

    Args:
        standards: the criteria of the version.
        reviews: one mapping per reviewer, criterion code to score 0–4.
        agreed: scores that reviewers agreed on where they lay apart.
        threshold: the weighted total that is asked for.
    """
    agreed = agreed or {}
    scores: dict[str, Decimal] = {}
    for each in standards:
        values = [review[each.code] for review in reviews if each.code in review]
        if each.code in agreed:
            scores[each.code] = Decimal(agreed[each.code])
        elif values:
            scores[each.code] = Decimal(sum(values)) / len(values)
    order = {each.code: n for n, each in enumerate(standards)}
    return Outcome(
        scores={code: _hundredths(value) for code, value in scores.items()},
        total=weighted_total(standards, scores),
        unmet=tuple(each.code for each in standards if scores.get(each.code, Decimal(0)) < each.minimum),
        open_gaps=tuple(
            sorted((c for c in gaps(reviews) if c not in agreed), key=lambda c: order.get(c, 99))
        ),
        threshold=threshold,
    )
