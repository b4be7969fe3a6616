"""Who of the desk covers which places, for many places at once; the same answer as `visible_to` gives."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.auth import get_user_model

from core.roles import WRITERS, Role

from .models import Area, DistrictAssignment, Organization
from .scoping import UNPLACED

# Where places lie, as `Organization.areas` has it: areas with what these are part of, `UNPLACED` for a place
# in none, which every officer sees.
Ground = frozenset[int]


def ground_of(area: Area | None) -> Ground:
    """Where one place lies: its area and the district."""
    return frozenset({UNPLACED} if area is None else {area.pk, area.parent_id or area.pk})


def grounds(organizations: Collection[int]) -> Mapping[int, Ground]:
    """Where the places of some organizations lie, by the organization's number; one query.

    An organization without a place counts as one in no area.
    """
    rows = Organization.objects.filter(pk__in=organizations).values_list("pk", "areas")
    return {pk: frozenset(areas or [UNPLACED]) for pk, areas in rows}


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
        return everything or person.pk == lead_id or UNPLACED in ground or bool(mine & ground)

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
