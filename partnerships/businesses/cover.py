"""Who of the desk covers which places, for many places at once; the same answer as `visible_to` gives."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.auth import get_user_model

from core.roles import WRITERS, Role

from .models import Area, Business, DistrictAssignment

# Areas with what they are part of; `None` stands for a place in no area, which every officer sees.
Ground = frozenset[int | None]


def ground_of(areas: Iterable[Area | None]) -> Ground:
    """Where places lie: their areas and districts. Nowhere at all counts as a place in no area."""
    found: set[int | None] = set()
    for area in areas:
        found |= {None} if area is None else {area.pk, area.parent_id or area.pk}
    return frozenset(found or {None})


def grounds(organizations: Collection[int]) -> Mapping[int, Ground]:
    """Where the places of some organizations lie, by the organization's number; one query."""
    areas: dict[int, list[Area | None]] = {pk: [] for pk in organizations}
    places = (
        Business.objects.filter(organization__in=areas).select_related("area").only("organization", "area")
    )
    for place in places:
        areas[place.organization_id].append(place.area)
    return {pk: ground_of(found) for pk, found in areas.items()}


@dataclass(frozen=True)
class Desk:
    """The officers and supervisors who work here, and the districts that each covers today.

    Args:
        people: by number; nobody inactive or of another role.
        districts: the numbers of the districts by the person's.
    """

    people: Mapping[int, Any]
    districts: Mapping[int, frozenset[int]]

    @classmethod
    def today(cls) -> Self:
        """As it is now; two queries."""
        active = get_user_model()._default_manager.filter(is_active=True, role__in=WRITERS)
        people = {each.pk: each for each in active.order_by("pk")}
        covered: dict[int, set[int]] = {pk: set() for pk in people}
        rows = DistrictAssignment.objects.current().filter(user__in=covered).order_by()
        for user, area in rows.values_list("user", "area"):
            covered[user].add(area)
        return cls(people, {pk: frozenset(found) for pk, found in covered.items()})

    def sees(self, person: Any, ground: Ground, lead_id: int | None) -> bool:
        """Whether the places of a ground exist for someone of the desk.

        Args:
            person: one of `people`.
            ground: where the places lie.
            lead_id: the number of their organization's lead officer.
        """
        mine = self.districts[person.pk]
        everything = person.role == Role.SUPERVISOR and not mine
        return everything or person.pk == lead_id or None in ground or bool(mine & ground)

    def officers(self, ground: Ground, lead_id: int | None) -> list[Any]:
        """The lead officer and the officers whose districts reach there; failing them the supervisors."""
        found = [
            each
            for each in self.people.values()
            if each.pk == lead_id or (each.role == Role.OFFICER and self.districts[each.pk] & ground)
        ]
        return found or self.supervisors(ground)

    def lead(self, ground: Ground, lead_id: int | None) -> list[Any]:
        """The lead officer; failing one who works here the supervisors."""
        found = self.people.get(lead_id or 0)
        return [found] if found is not None else self.supervisors(ground)

    def supervisors(self, ground: Ground) -> list[Any]:
        """The supervisors whose districts reach there; failing them those who see it without."""
        every = [each for each in self.people.values() if each.role == Role.SUPERVISOR]
        near = [each for each in every if self.districts[each.pk] & ground]
        return near or [each for each in every if self.sees(each, ground, None)]
