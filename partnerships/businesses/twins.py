"""Whether a place that a member typed in stands in the registry already."""

from typing import Any

from core.access import Actor, visible

from . import rules
from .models import Business


def twins_of(place: Business, user: Actor) -> list[rules.Likeness]:
    """What a place that a member typed in is probably the same as, among what the user sees.

    Args:
        place: with its organization at hand; what the department or a file brought in has no twins.
        user: who looks.
    """
    if place.organization.added_by_id is None:
        return []
    rows: Any = visible(Business, user).exclude(organization=place.organization_id)
    near = rows.select_related("area__parent", "organization")
    found = near.resembling(place.name, place.street, place.postal_code)
    return rules.likely_same(place.name, place.street, found)
