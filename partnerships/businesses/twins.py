"""Whether a place that someone types in stands in the registry already."""

from django.db.models import Exists, OuterRef, Q

from core.access import Actor, visible

from . import rules
from .models import Business


def twins_of(place: Business, user: Actor) -> list[rules.Likeness]:
    """What a place that a member typed in is probably the same as; see `like_it`.

    Args:
        place: with its organization at hand; what the department or a file brought in has no twins.
        user: who looks.
    """
    if place.organization.added_by_id is None:
        return []
    return like_it(place.name, place.street, place.postal_code, user, besides=place.organization_id)


def like_it(
    name: str, street: str, postal_code: str, user: Actor, *, besides: int | None = None
) -> list[rules.Likeness]:
    """What a place is probably the same as: among what the user sees, and what the department or a file
    brought in anywhere in the city, of which name and address alone are told.

    Args:
        name: of the place.
        street: its street address, maybe empty.
        postal_code: maybe empty.
        user: who looks.
        besides: the organization that it belongs to.

    Returns:
        The most alike first; the place of each has `within_reach`: whether the user sees it.
    """
    mine = visible(Business, user).filter(pk=OuterRef("pk"))
    rows = Business.objects.annotate(within_reach=Exists(mine)).exclude(organization=besides)
    near = rows.filter(Q(within_reach=True) | Q(organization__added_by=None))
    found = near.select_related("area__parent", "organization").resembling(name, street, postal_code)
    return rules.likely_same(name, street, found)
