"""Pure judgement on the registry, no database: which places or people are probably the same, who is the only
owner."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

MOST_SHOWN = 5
# What tells a father from a son who answers the same phone.
GENERATIONS = {"jr", "sr", "ii", "iii", "iv"}
APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ`"))
ACCENTS = 200  # from this combining class on, signs stand over or under a letter that is whole without them


@dataclass(frozen=True)
class Likeness:
    """A place of business that looks like the one typed in; scores are 0 to 100."""

    business: Any
    name: float
    address: float

    @property
    def score(self) -> float:
        """How alike they are over all."""
        return self.name + self.address


def likely_same(name: str, street: str, candidates: Iterable[Any]) -> list[Likeness]:
    """The candidates that are probably the place typed in, the most alike first, five at most.

    The same address with a name that is somewhat alike, or nearly the same name where one address is missing
    or alike, is enough. The same name at another address is another site of a chain, not a duplicate.

    Args:
        name: the typed name.
        street: the typed street address, maybe empty.
        candidates: rows with `name` and `street`.
    """
    typed_name, typed_street = default_process(name), default_process(street)
    found = []
    for each in candidates:
        there = default_process(each.street)
        by_name = fuzz.token_set_ratio(typed_name, default_process(each.name))
        by_address = _addresses(typed_street, there)
        unknown = not typed_street or not there
        if (by_address >= 90 and by_name >= 50) or (by_name >= 85 and (unknown or by_address >= 75)):
            found.append(Likeness(each, by_name, 50.0 if unknown else by_address))
    found.sort(key=lambda each: -each.score)
    return found[:MOST_SHOWN]


def same_person(one: str, other: str, *, reached_alike: bool) -> bool:
    """Whether two names are one person’s: spelled alike, or one a shorter form of the other where both are
    reached by the same phone or email.

    Args:
        one: a name as people write it.
        other: another one.
        reached_alike: they share a phone number or an address, as people of one shop do, too.
    """
    ours, theirs = sorted(_parts(one)), sorted(_parts(other))
    if ours == theirs:
        return bool(ours)
    if not reached_alike or {*ours} & GENERATIONS != {*theirs} & GENERATIONS:
        return False
    fewer, more = sorted((ours, theirs), key=len)
    for part in sorted(fewer, key=len, reverse=True):  # whole words first: an initial stands for what is left
        found = next((each for each in more if _stands_for(part, each)), None)
        if found is None:
            return False
        more.remove(found)
    return bool(fewer)


def _parts(name: str) -> list[str]:
    """The words of a name, without case, accents and signs; the vowel signs of a script stay."""
    signs = unicodedata.normalize("NFKD", name.translate(APOSTROPHES))
    plain = (each for each in signs if unicodedata.combining(each) < ACCENTS)
    return (
        "".join(each if unicodedata.category(each)[0] in "LMN" else " " for each in plain).casefold().split()
    )


def _stands_for(part: str, whole: str) -> bool:
    return part == whole or (min(len(part), len(whole)) == 1 and part[0] == whole[0])


def sole_owner(memberships: Iterable[Any]) -> Any | None:
    """The membership that makes the only owner of an organization, out of all its memberships."""
    owners = [each for each in memberships if each.role == "owner"]
    return owners[0] if len(owners) == 1 else None


def _addresses(one: str, other: str) -> float:
    """How alike two street addresses are; another house number is another address."""
    if not one or not other:
        return 0.0
    ours, theirs = one.split(), other.split()
    if ours[0].isdigit() and theirs[0].isdigit() and ours[0] != theirs[0]:
        return 0.0
    return float(max(fuzz.ratio(one, other), fuzz.ratio(" ".join(ours[:3]), " ".join(theirs[:3]))))
