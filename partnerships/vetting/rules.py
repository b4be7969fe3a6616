"""Pure judgement: no database, no clock. Scores, unmet criteria, tracks, and the day of the promise."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from core.workdays import WorkingDays

from .choices import RUNNING, Status, Step

SCORES = range(5)
GAP_TO_RECONCILE = 2
APPEAL_DAYS = 30


def working_day_of_promise(*, days: WorkingDays, promised_on: date, today: date, promise: int) -> int:
    """Which working day of the promise today is: 12 with a promise of 10 means two days late.

    Counted from the promised day, which stays when the department's calendar changes afterwards.

    Args:
        days: the department's working days.
        promised_on: the day by which an answer was promised.
        today: the department's local date.
        promise: the promise in working days.
    """
    return promise + days.between(promised_on, today)


def late_before(*, days: WorkingDays, today: date) -> date:
    """The day before which a promised day is late: the last working day up to and including today.

    A promise of a Friday is late from Monday on, not on the weekend, when nobody could have kept it. It is
    what `working_day_of_promise(...) > promise` says, for a database to ask.

    Args:
        days: the department's working days.
        today: the department's local date.
    """
    return today if days.is_working_day(today) else days.after(today, -1)


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


# --- Steps


@dataclass(frozen=True)
class Progress:
    """How far an application has come in its present round.

    Args:
        status: where it stands.
        wanted: how many reviews its track asks for.
        named: reviewers who did not refer it to someone else.
        undeclared: those of them who did not declare yet that they have no conflict.
        missing: those of them whose review is not in.
        gaps: codes on which they lie two or more apart and have not agreed, known once all reviews are in.
    """

    status: str
    wanted: int
    named: int
    undeclared: int = 0
    missing: int = 0
    gaps: tuple[str, ...] = ()

    @property
    def enough_named(self) -> bool:
        """As many reviewers are named as the track asks for."""
        return self.named >= self.wanted

    @property
    def unnamed(self) -> int:
        """How many reviewers are still to be named; none while it is not the department's turn."""
        return max(self.wanted - self.named, 0) if self.status in RUNNING else 0

    @property
    def done(self) -> int:
        """How many reviews are in."""
        return self.named - self.missing

    @property
    def all_in(self) -> bool:
        """As many reviews are in as the track asks for, and none that was begun is missing."""
        return self.enough_named and not self.missing


def next_step(progress: Progress) -> Step:
    """What an application waits for."""
    if progress.status == Status.DRAFT:
        return Step.SEND
    if progress.status == Status.ACTION_NEEDED:
        return Step.ANSWER
    if progress.status not in RUNNING:
        return Step.CLOSED
    if not progress.enough_named:
        return Step.SECOND if progress.named else Step.TAKE
    if progress.undeclared:
        return Step.DECLARE
    if not progress.all_in:
        return Step.REVIEW
    return Step.AGREE if progress.gaps else Step.DECIDE


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
