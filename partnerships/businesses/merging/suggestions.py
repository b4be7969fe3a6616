"""Organizations that may be one: a chain whose stores came in as a company each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.access import Actor, visible
from partnerships.businesses.duplicates.scoring import likeness
from partnerships.businesses.duplicates.traits import Name, named
from partnerships.businesses.models import Business, Organization

MOST = 20  # suggestions
NEAR = 200  # places that are looked at
ALIKE = 0.9


@dataclass(frozen=True)
class Suggestion:
    """Another organization that may belong to the one at hand.

    Attributes:
        organization: the other one.
        sites: how many places of it were found.
        score: how alike the names are, 0 to 1.
    """

    organization: Any
    sites: int
    score: float


def suggestions(organization: Organization, user: Actor, text: str = "") -> list[Suggestion]:
    """Organizations named like one, by trade or legal name, without the numbers of their stores.

    Args:
        organization: the one at hand.
        user: who looks; what they don't see is not suggested.
        text: look for this name instead, and take whatever has it.

    Returns:
        The most alike first, `MOST` at most; two queries for each of its names.
    """
    names = [text] if text else [organization.name, organization.legal_name]
    mine = [_plain(each) for each in names if each]
    found: dict[int, list[Business]] = {}
    for each in {name.key: raw for name, raw in zip(mine, filter(None, names), strict=True)}.values():
        rows: Any = visible(Business, user).exclude(organization=organization.pk)
        rows = rows.search(text) if text else rows.like(_without_numbers(each))
        for place in rows.select_related("organization")[:NEAR]:
            here = found.setdefault(place.organization_id, [])
            if place not in here:
                here.append(place)
    told = (_suggestion(places, mine) for places in found.values())
    kept = [each for each in told if text or each.score >= ALIKE]
    return sorted(kept, key=lambda each: (-each.score, -each.sites, each.organization.pk))[:MOST]


def _suggestion(places: list[Business], mine: Iterable[Name]) -> Suggestion:
    whole = places[0].organization
    theirs = {
        _plain(name) for name in (whole.name, whole.legal_name, *(each.name for each in places)) if name
    }
    score = max((likeness(one, other) for one in mine for other in theirs), default=0.0)
    return Suggestion(whole, len(places), score)


def _plain(text: str) -> Name:
    """A name taken apart, without the number of a store."""
    return named(_without_numbers(text))


def _without_numbers(text: str) -> str:
    words = text.replace("#", " ").split()
    kept = [word for word in words if not word.strip(".,").isdecimal()]
    while len(kept) > 1 and kept[-1].casefold().strip(".,") in ("store", "no", "number", "unit", "location"):
        kept.pop()
    return " ".join(kept) or text
