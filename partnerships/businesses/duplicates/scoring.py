"""How likely two places are the same, with the reasons.

Each thing known of both adds evidence for or against, in points of log odds; what is not known adds nothing.
The points are set by what each thing tells in the field, not fitted to a set of examples: see
docs/decisions/0097-duplicates.md.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from .traits import Name, Traits

THRESHOLD = 70  # from this score on a pair is shown
METERS = 111_320  # of a degree of latitude
START = -2.5  # without any evidence two places that meet in a block are two

# Points by how alike the names are, linear between.
BY_NAME = ((0.0, -6.0), (0.4, -4.5), (0.6, -2.0), (0.75, 0.8), (0.9, 3.0), (1.0, 4.0))
ALIKE_WORD = 0.88
# With one of these, a shared phone or address of mail tells of one owner rather than of one place.
APART = frozenset(("other_name", "other_address", "number_mistyped", "far_apart"))


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against.

    Attributes:
        code: which; `reasons.WORDS` says it in words.
        points: of log odds, for or against.
    """

    code: str
    points: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely it is that two places are one, 0 to 100, and why; what counts most comes first."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def is_pair(self) -> bool:
        """Whether someone should look at it."""
        return self.score >= THRESHOLD


def compare(one: Traits, other: Traits) -> Verdict:
    """Judge two places.

    Args:
        one, other: in any order; the verdict is the same.
    """
    found = [each for each in _evidence(one, other) if each.points or each.code in ("unit_missing",)]
    total = START + sum(each.points for each in found)
    score = round(100 / (1 + math.exp(-max(-30.0, min(30.0, total)))))
    return Verdict(score, tuple(sorted(found, key=lambda each: (-abs(each.points), each.code))))


def _evidence(one: Traits, other: Traits) -> Iterator[Reason]:
    names = list(_names(one, other))
    yield from names
    place = list(_places(one, other))
    yield from place
    known = one.number and other.number and one.street and other.street
    if not known:
        yield Reason("address_missing", -1.5)
    # The stores of a chain answer one number, and so do two businesses of one owner.
    elsewhere = any(each.code in APART for each in (*names, *place))
    if one.phone and other.phone:
        same = one.phone == other.phone
        yield Reason("same_phone", 1.0 if elsewhere else 2.5) if same else Reason("other_phone", -0.7)
    if one.email and other.email:
        same = one.email == other.email
        yield Reason("same_email", 0.8 if elsewhere else 2.0) if same else Reason("other_email", -0.3)
    if one.site and one.site == other.site:
        yield Reason("same_website", 0.3 if elsewhere else 1.5)


def _names(one: Traits, other: Traits) -> Iterator[Reason]:
    best, code = likeness(one.name, other.name), "name"
    for ours, theirs in ((one.name, other.legal), (one.legal, other.name)):
        crossed = likeness(ours, theirs) if ours and theirs else 0.0
        if crossed > best + 0.05:
            best, code = crossed, "crossed_names"
    if code == "name":
        code = "same_name" if best >= 0.98 else "alike_name" if best >= 0.75 else "other_name"
    elif best < 0.75:
        code = "other_name"
    yield Reason(code, round(_points(best), 2))
    if _other_number(one.name, other.name):
        yield Reason("other_store_number", -6.0)
    if one.legal and other.legal and code != "crossed_names":
        same = likeness(one.legal, other.legal)
        if same >= 0.9:
            yield Reason("same_legal_name", 0.5)
        elif same < 0.6:
            yield Reason("other_legal_name", -0.5)


def _other_number(one: Name, other: Name) -> bool:
    return bool(one.numbers and other.numbers and one.numbers != other.numbers)


def _points(share: float) -> float:
    at = min(max(bisect_right(BY_NAME, (share, math.inf)), 1), len(BY_NAME) - 1)
    (left, low), (right, high) = BY_NAME[at - 1], BY_NAME[at]
    return low + (high - low) * (share - left) / (right - left)


@lru_cache(maxsize=20_000)
def likeness(one: Name, other: Name) -> float:
    """How alike two names are, 0 to 1, by their words and by their letters in a row."""
    if not one.key or not other.key:
        return 0.0
    if one.key == other.key:
        return 1.0
    by_words = _by_words(one, other)
    written = fuzz.ratio(one.key, other.key) / 100
    apart = one.numbers != other.numbers
    if apart:
        return min(by_words, 0.9)
    # Letters in a row count for long names, where one differs: of short ones each letter tells.
    if min(len(one.key), len(other.key)) >= 7 and written >= 0.9:
        return max(by_words, written - 0.02)
    return by_words


def _by_words(one: Name, other: Name) -> float:
    """The share of the weights of words that both have; words that only say the trade count little."""
    ours, theirs = list(one.words), list(other.words)
    if not ours or not theirs:
        return 0.0
    shared = 0.0
    pairs = sorted(
        (
            (-alike, at, there)
            for at, (word, _w) in enumerate(ours)
            for there, (another, _v) in enumerate(theirs)
            if (alike := _same_word(word, another))
        ),
    )
    used: set[int] = set()
    taken: set[int] = set()
    for alike, at, there in pairs:
        if at not in used and there not in taken:
            used.add(at)
            taken.add(there)
            shared += -alike * (ours[at][1] + theirs[there][1]) / 2
    left = sum(weight for at, (_word, weight) in enumerate(ours) if at not in used)
    right = sum(weight for at, (_word, weight) in enumerate(theirs) if at not in taken)
    found = shared / (shared + left + right) if shared else 0.0
    # "Kowalski Bakery" and "Kowalski Flowers": each has a word in place of the other's.
    instead = min(left, right)
    return found * max(0.0, 1 - 1.3 * instead / (instead + shared)) if shared else 0.0


@lru_cache(maxsize=50_000)
def _same_word(one: str, other: str) -> float:
    """How surely two words are one, 0 where they are not."""
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and long == short + "s":
        return 0.97
    if len(short) < 4:
        return 0.0
    if OSA.distance(short, long, score_cutoff=1) <= 1:
        return 0.92 if len(short) >= 5 else 0.75
    alike = JaroWinkler.similarity(one, other)
    if len(short) >= 6 and OSA.distance(short, long, score_cutoff=2) <= 2:
        return max(0.88, alike - 0.03)
    return alike - 0.05 if alike >= ALIKE_WORD + 0.05 and len(short) >= 5 else 0.0


def _places(one: Traits, other: Traits) -> Iterator[Reason]:
    meters = apart(one, other)
    known = bool(one.number and other.number and one.street and other.street)
    if known:
        yield from _addresses(one, other)
    if one.zip_code and other.zip_code and one.zip_code != other.zip_code:
        towns = bool(one.city and other.city and one.city != other.city)
        yield Reason("other_town", -6.0) if towns else Reason("other_zip", -1.5)
    if meters is None:
        return
    if meters < 60:
        yield Reason("same_position", 0.5 if known else 2.0)
    elif meters > 3_000:
        yield Reason("far_apart", -3.0)
    elif meters > 500:
        yield Reason("some_way_apart", -1.5)


def _addresses(one: Traits, other: Traits) -> Iterator[Reason]:
    street = _same_street(one, other)
    if not street:
        yield Reason("other_address", -7.0)
        return
    if not _same_house(one.number, other.number):
        slip = OSA.distance(one.number, other.number, score_cutoff=1) <= 1 and len(one.number) > 2
        phone = bool(one.phone) and one.phone == other.phone
        yield (
            Reason("number_mistyped", -2.5)
            if slip and phone and street == 1
            else Reason("other_address", -7.0)
        )
        return
    if one.units == other.units:
        yield Reason("same_address" if street == 1 else "alike_address", 3.5 * street)
    elif one.units and other.units:
        yield Reason("other_unit", 1.2 * street)
    else:
        yield Reason("unit_missing", 3.0 * street)


def _same_house(one: str, other: str) -> bool:
    if one == other:
        return True
    ours, theirs = one.split("-"), other.split("-")
    return (len(ours) > 1 or len(theirs) > 1) and bool(set(ours) & set(theirs))


def _same_street(one: Traits, other: Traits) -> float:
    """How surely two streets are one; another heading or suffix is another street."""
    for ours, theirs in ((one.heading, other.heading), (one.suffix, other.suffix)):
        if ours and theirs and ours != theirs:
            return 0.0
    if one.street == other.street:
        return 1.0
    alike = fuzz.ratio(one.street, other.street) / 100
    return 0.85 if alike >= 0.8 and not (_digits(one.street) or _digits(other.street)) else 0.0


def _digits(street: str) -> bool:
    """22nd Street is not 23rd Street."""
    return any(sign.isdigit() for sign in street)


def apart(one: Traits, other: Traits) -> float | None:
    """Meters between two places; `None` where a position is not known."""
    if one.position is None or other.position is None:
        return None
    (lat, lon), (there, away) = one.position, other.position
    east = (away - lon) * math.cos(math.radians((lat + there) / 2))
    return math.hypot(there - lat, east) * METERS
