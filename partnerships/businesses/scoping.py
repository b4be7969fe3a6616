"""Scope as data: who sees what follows from columns of the row and a few numbers, read once for a page.

A room takes `OfOrganization`, `OfBusiness` or `InAreas` for its querysets and writes no role logic. What
stands on the rows is kept by triggers (`Organization.areas`, `Business.lead_id`); see docs/decisions/0065.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from core import context
from core.access import Actor
from core.querysets import ScopedQuerySet
from core.roles import CITYWIDE, WRITERS, Role, role_of

# Stands in `Organization.areas` for a place of business that lies in no area.
UNPLACED = 0
# True of every row. An empty `Q()` would vanish beside an "or" and take the truth with it.
EVERY_ROW = ~Q(pk__in=[])


@dataclass(frozen=True)
class Reach:
    """What exists for an officer or a supervisor today.

    Args:
        user_id: of the person.
        districts: ids of the districts assigned to them.
        areas: ids of these districts and of what is part of them.
        everything: whether nothing is hidden from them: a supervisor without a district.
    """

    user_id: int | None
    districts: tuple[int, ...]
    areas: tuple[int, ...]
    everything: bool

    def in_areas(self) -> Q:
        """Rows with an `area`: in theirs, or in none."""
        return EVERY_ROW if self.everything else Q(area__in=self.areas) | Q(area=None)

    def places(self) -> Q:
        """Places of business: by their area, and whatever organizations they lead have."""
        return self.in_areas() | Q(lead_id=self.user_id)

    def organizations(self) -> Q:
        """Organizations with a place in reach, without a place, or led by them."""
        if self.everything:
            return EVERY_ROW
        near = Q(areas__overlap=[UNPLACED, *self.districts])
        return near | Q(areas=[]) | Q(lead_officer=self.user_id)

    # Asked row by row, not by a join: beside an "or" a join would read every organization there is.

    def at_place(self, path: str) -> Q:
        """Rows of a place in reach.

        Args:
            path: the row's foreign key to it, such as `business`.
        """
        if self.everything:
            return Q(**{f"{path}__isnull": False})
        places: Any = apps.get_model("businesses", "Business")._default_manager
        return Q(Exists(places.filter(self.places(), pk=OuterRef(path))))

    def at_organization(self, path: str) -> Q:
        """Rows of an organization in reach.

        Args:
            path: the row's foreign key to it, such as `organization`.
        """
        if self.everything:
            return EVERY_ROW
        organizations: Any = apps.get_model("businesses", "Organization")._default_manager
        return Q(Exists(organizations.filter(self.organizations(), pk=OuterRef(path))))


def reach_of(user: Any) -> Reach:
    """What exists for a person of the desk today; one query, read once for a page."""
    role = role_of(user)
    return context.once(("reach", user.pk, role), lambda: _read_reach(user, role))


def _read_reach(user: Any, role: Role | None) -> Reach:
    assignments: Any = apps.get_model("businesses", "DistrictAssignment")._default_manager
    areas: Any = apps.get_model("businesses", "Area")._default_manager
    assigned = assignments.filter(user=user).current().order_by().values("area")
    rows = list(areas.covered_by(user).under(assigned).order_by("pk").values_list("pk", "mine"))
    districts = tuple(pk for pk, mine in rows if mine)
    everything = role == Role.SUPERVISOR and not districts
    return Reach(user.pk, districts, tuple(pk for pk, _mine in rows), everything)


@dataclass(frozen=True)
class Own:
    """What a member acts for, as ids.

    Args:
        user_id: of the person.
        organizations: those they are a member of.
        whole: those of them where they act for every place.
        owned: those of `whole` that they own.
        sites: the places that their memberships name.
        added: places that they typed in themselves and claim: theirs to see before anyone verified it.
        added_to: the organizations of `added`.
    """

    user_id: int | None
    organizations: frozenset[int]
    whole: frozenset[int]
    owned: frozenset[int]
    sites: frozenset[int]
    added: frozenset[int]
    added_to: frozenset[int]

    def places(self, path: str = "") -> Q:
        """Places of business that they act for, or added and claim.

        Args:
            path: leads from the row to the place, such as `business__`.
        """
        return Q(**{f"{path}organization__in": self.whole}) | Q(**{f"{path}pk__in": self.sites | self.added})


def own_of(user: Any) -> Own:
    """What a member acts for; two queries, read once for a page."""
    return context.once(("own", user.pk), lambda: _read_own(user))


def _read_own(user: Any) -> Own:
    memberships = apps.get_model("businesses", "Membership")._default_manager.filter(user=user).order_by()
    rows = list(memberships.values_list("organization", "role", "all_sites", "sites"))
    claims = apps.get_model("businesses", "Claim")._default_manager.filter(user=user, status="claimed")
    claims = claims.filter(business__organization__added_by=user).order_by()
    added = list(claims.values_list("business", "business__organization"))
    whole = frozenset(organization for organization, _role, all_sites, _site in rows if all_sites)
    owners = {organization for organization, role, _all_sites, _site in rows if role == "owner"}
    return Own(
        user_id=user.pk,
        organizations=frozenset(organization for organization, _role, _all_sites, _site in rows),
        whole=whole,
        owned=whole & owners,
        sites=frozenset(site for _organization, _role, _all_sites, site in rows if site is not None),
        added=frozenset(business for business, _organization in added),
        added_to=frozenset(organization for _business, organization in added),
    )


class _OfPlaces(ScopedQuerySet):
    """Admins see every row, officers and supervisors those in reach, members their own."""

    seen_by_viewers: ClassVar[bool] = False

    def visible_to(self, user: Actor) -> Self:
        """The rows that exist for `user`: see the class."""
        role = role_of(user)
        if role == Role.ADMIN or (role in CITYWIDE and self.seen_by_viewers):
            return self.all()
        if role in WRITERS:
            return self.filter(self.in_reach(reach_of(user)))
        if role == Role.MEMBER:
            return self.filter(self.of_own(own_of(user)))
        return self.none()

    def in_reach(self, reach: Reach) -> Q:
        """Which rows exist for an officer or a supervisor."""
        raise NotImplementedError

    def of_own(self, own: Own) -> Q:
        """Which rows exist for a member."""
        raise NotImplementedError


class OfOrganization(_OfPlaces):
    """Rows with an `organization`: they exist for whoever sees it at the desk, and for its members.

    A room narrows `of_own` where not every member sees them, and sets `seen_by_viewers` where viewers do.
    """

    def in_reach(self, reach: Reach) -> Q:
        """Those of organizations in reach."""
        return reach.at_organization("organization")

    def of_own(self, own: Own) -> Q:
        """Those of organizations they are a member of."""
        return Q(organization__in=own.organizations)


class OfBusiness(_OfPlaces):
    """Rows with a `business`: they exist for whoever sees it at the desk, and for who acts for it.

    A room narrows `of_own` where not everyone who acts for it sees them, and sets `seen_by_viewers` where
    viewers do.
    """

    def in_reach(self, reach: Reach) -> Q:
        """Those of places in reach."""
        return reach.at_place("business")

    def of_own(self, own: Own) -> Q:
        """Those of places that they act for, or added and claim."""
        return own.places("business__")


class InAreas(_OfPlaces):
    """Rows with an `area` that may be empty: they exist for who covers it; without one, for every officer.

    Nothing of them exists for members; viewers see them all.
    """

    seen_by_viewers: ClassVar[bool] = True

    def in_reach(self, reach: Reach) -> Q:
        """Those in areas in reach, and in none."""
        return reach.in_areas()

    def of_own(self, own: Own) -> Q:
        """None."""
        return Q(pk__in=[])
