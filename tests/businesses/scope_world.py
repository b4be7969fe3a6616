"""A small city that changes by chance, and the question whether everyone still sees what they should."""

import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError

from accounts.models import User
from core import clock
from core.mail.models import OutgoingMail
from core.roles import Role
from events.models import Event, Registration
from partnerships.businesses.models import (
    Area,
    Business,
    Claim,
    Contact,
    DistrictAssignment,
    Invitation,
    Membership,
    Organization,
)
from partnerships.vetting.models import Application, Review
from tests.factories.accounts import UserFactory
from tests.factories.vetting import first_version

from .scope_oracle import ORACLE, applications_in_districts

DAY_ONE = datetime(2026, 3, 2, 15, tzinfo=UTC)
PEOPLE = (
    Role.OFFICER, Role.OFFICER, Role.SUPERVISOR, Role.SUPERVISOR, Role.VIEWER, Role.ADMIN, Role.MEMBER,
    Role.MEMBER,
)  # fmt: skip
RowT = TypeVar("RowT", bound=Model)


def untrue_rows() -> list[str]:
    """Where what triggers keep on the rows is not what it should be."""
    found = []
    parents = dict(Area.objects.values_list("pk", "parent"))
    sites: dict[int, set[int]] = {}
    for organization, area in Business.objects.values_list("organization", "area"):
        part_of = {parents[area]} - {None} if area else set()
        sites.setdefault(organization, set()).update({area or 0}, part_of)
    for pk, areas in Organization.objects.values_list("pk", "areas"):
        if areas != sorted(sites.get(pk, ())):
            found.append(f"organization {pk} has areas {areas}, not {sorted(sites.get(pk, ()))}")
    for pk, lead, copied in Business.objects.values_list("pk", "organization__lead_officer", "lead_id"):
        if lead != copied:
            found.append(f"business {pk} has lead {copied}, not {lead}")
    return found


def differences(people: list[Any]) -> list[str]:
    """Where what someone sees is not what they should see.

    Args:
        people: users, and `None` for a visitor.
    """
    found = []
    for who in people:
        role = getattr(who, "role", "visitor")
        for model, oracle in ORACLE.items():
            right = set(oracle(who).values_list("pk", flat=True))
            rows = list(model.objects.visible_to(who).values_list("pk", flat=True))
            if sorted(rows) != sorted(right):
                found.append(f"{role} {getattr(who, 'pk', '')} sees {model.__name__} {rows}, not {right}")
        if who is not None:
            right = set(applications_in_districts(who).values_list("pk", flat=True))
            rows = list(Application.objects.in_districts_of(who).values_list("pk", flat=True))
            if sorted(rows) != sorted(right):
                found.append(f"{role} {who.pk} has applications {rows} in their districts, not {right}")
    return found


class World:
    """People of every role, three districts with beats, and some of everything that is theirs to see."""

    def __init__(self) -> None:
        self.now = DAY_ONE
        self.number = 0
        self.people: list[User] = [UserFactory(role=role, totp=False) for role in PEOPLE]
        blocked = UserFactory(role=Role.OFFICER, totp=False, is_active=False)
        self.people.append(blocked)
        self.version = first_version()
        self.districts = [self._area("district") for _ in range(3)]
        self.beats = [self._area("beat", parent) for parent in self.districts for _ in range(2)]
        self.beats += [
            self._area("beat"),
            self._area("neighborhood", self.beats[0]),
        ]  # of no district; of a beat
        for n, person in enumerate((*self.people[:3], blocked)):
            DistrictAssignment.objects.create(
                user=person, area=self.districts[n % 3], starts_on=self.today - timedelta(days=9)
            )

    @property
    def today(self) -> Any:
        with clock.at(self.now):
            return clock.today()

    def wrong(self) -> list[str]:
        """Where what people see is not what they should, today."""
        with clock.at(self.now):
            people = list(User.objects.filter(pk__in=[each.pk for each in self.people]).order_by("pk"))
            return differences([*people, None])

    def next(self) -> int:
        self.number += 1
        return self.number

    def _area(self, kind: str, parent: Area | None = None) -> Area:
        return Area.objects.create(
            kind=kind, code=f"s{self.next()}", parent=parent, valid_from=self.today - timedelta(days=400)
        )

    def someone(self, n: int, *roles: Role) -> User:
        chosen = [each for each in self.people if not roles or each.role in roles]
        return chosen[n % len(chosen)]

    def area(self, n: int) -> Area | None:
        """A beat, a district, or none."""
        every = [*self.beats, *self.districts, None, None]
        return every[n % len(every)]

    @staticmethod
    def one(model: type[RowT], n: int) -> RowT | None:
        rows = model._default_manager.order_by("pk")
        count = rows.count()
        return rows[n % count] if count else None

    # What may happen. Each takes numbers and makes of them what there is.

    def add_organization(self, n: int) -> Organization:
        return Organization.objects.create(
            name=f"Organization {self.next()}",
            lead_officer=self.someone(n) if n % 3 == 0 else None,
            added_by=self.someone(n, Role.MEMBER) if n % 4 == 0 else None,
        )

    def add_places(self, n: int, m: int, count: int = 1) -> None:
        organization = self.one(Organization, n) if n % 2 else self.add_organization(n)
        organization = organization or self.add_organization(n)
        Business.objects.bulk_create(
            Business(organization=organization, name=f"Place {self.next()}", area=self.area(m + each))
            for each in range(count)
        )

    def move(self, n: int, m: int) -> None:
        """Into another area, or none: by the ORM or past it."""
        place, area = self.one(Business, n), self.area(m)
        if place is None:
            return
        if n % 3 == 0:
            place.area = area
            place.save()
        elif n % 3 == 1:
            Business.objects.filter(organization=place.organization_id).update(area=area)
        else:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE businesses_business SET area_id = %s WHERE id = %s",
                    [area.pk if area else None, place.pk],
                )

    def merge(self, n: int, m: int) -> None:
        """The places of one organization, or one of them, go to another."""
        place, other = self.one(Business, n), self.one(Organization, m)
        if place is not None and other is not None:
            rows = Business.objects.filter(organization=place.organization_id)
            (rows if n % 2 else rows.filter(pk=place.pk)).update(organization=other)

    def remove(self, n: int) -> None:
        place = self.one(Business, n)
        if place is not None:
            with suppress(ProtectedError, IntegrityError), transaction.atomic():
                place.delete()

    def change_lead(self, n: int, m: int) -> None:
        organization = self.one(Organization, n)
        if organization is not None:
            lead = self.someone(m) if m % 4 else None
            if n % 2:
                organization.lead_officer = lead
                organization.save()
            else:
                Organization.objects.filter(pk=organization.pk).update(lead_officer=lead)

    def save_late(self, n: int, m: int) -> None:
        """Save an organization that was read before one of its places moved."""
        organization = self.one(Organization, n)
        if organization is not None:
            Business.objects.create(organization=organization, name=f"Place {self.next()}", area=self.area(m))
            organization.save()

    def redraw(self, n: int) -> None:
        """A district ends; its successor takes its beats, its officers, and some of its places."""
        old = self.districts[n % len(self.districts)]
        if old.valid_from >= self.today:
            return
        old.valid_until = self.today
        old.save()
        new = Area.objects.create(kind="district", code=old.code, valid_from=self.today)
        self.districts[n % len(self.districts)] = new
        Area.objects.filter(parent=old).update(parent=new)
        Business.objects.filter(area=old, pk__gt=n).update(area=new)
        for assignment in DistrictAssignment.objects.filter(area=old, ends_on=None):
            assignment.ends_on = max(self.today, assignment.starts_on)
            assignment.save()
            DistrictAssignment.objects.create(user=assignment.user, area=new, starts_on=self.today)

    def reparent(self, n: int, m: int) -> None:
        """A beat becomes part of another district, or of none."""
        beat = self.beats[n % len(self.beats)]
        Area.objects.filter(pk=beat.pk).update(parent=[*self.districts, None][m % (len(self.districts) + 1)])

    def assign(self, n: int, m: int) -> None:
        """From a day near today, for good or until another."""
        starts = self.today + timedelta(days=m % 7 - 3)
        with suppress(IntegrityError), transaction.atomic():
            DistrictAssignment.objects.create(
                user=self.someone(n),
                area=self.districts[m % len(self.districts)],
                starts_on=starts,
                ends_on=starts + timedelta(days=n % 5) if n % 2 else None,
            )

    def end_assignment(self, n: int) -> None:
        assignment = self.one(DistrictAssignment, n)
        if assignment is not None:
            assignment.ends_on = max(self.today, assignment.starts_on)
            assignment.save()

    def let_days_pass(self, n: int) -> None:
        self.now += timedelta(days=n % 4 + 1)

    def change_person(self, n: int, m: int) -> None:
        person = self.someone(n)
        if m % 3:
            User.objects.filter(pk=person.pk).update(role=list(Role)[m % len(Role)])
        else:
            User.objects.filter(pk=person.pk).update(is_active=m % 2 == 0)

    def join(self, n: int, m: int) -> None:
        """A membership, for all places or some."""
        organization = self.one(Organization, n)
        if organization is None:
            return
        with suppress(IntegrityError), transaction.atomic():
            row = Membership.objects.create(
                user=self.someone(m, Role.MEMBER),
                organization=organization,
                role="owner" if n % 2 else "staff",
                all_sites=m % 3 != 0,
            )
            row.sites.set(organization.sites.order_by("pk")[: m % 3])

    def leave(self, n: int) -> None:
        row = self.one(Membership, n)
        if row is not None:
            row.delete()

    def claim(self, n: int, m: int) -> None:
        place = self.one(Business, n)
        if place is not None:
            with suppress(IntegrityError), transaction.atomic():
                Claim.objects.create(business=place, user=self.someone(m, Role.MEMBER))

    def settle(self, n: int) -> None:
        row = self.one(Claim, n)
        if row is not None and row.status == "claimed":
            Claim.objects.filter(pk=row.pk).update(status="verified" if n % 2 else "refused")

    def keep_people(self, n: int, m: int) -> None:
        """A contact and an invitation, of a place or of the whole organization."""
        organization = self.one(Organization, n)
        if organization is None:
            return
        place = organization.sites.order_by("pk").first() if m % 2 else None
        Contact.objects.create(organization=organization, business=place, name=f"Contact {self.next()}")
        Invitation.objects.create(
            organization=organization,
            email=f"{uuid.uuid4().hex}@shop.example",
            invited_by=self.someone(m),
            expires_at=self.now + timedelta(days=14),
        )

    def apply(self, n: int, m: int) -> None:
        """By a member or by an officer for someone; sent or not."""
        organization = self.one(Organization, n)
        if organization is None:
            return
        member = self.someone(m, Role.MEMBER)
        assisted = n % 3 == 0
        with suppress(IntegrityError), transaction.atomic():
            row = Application.objects.create(
                organization=organization,
                criteria_version=self.version,
                applicant=None if assisted else member,
                assisted_by=self.someone(m, Role.OFFICER) if assisted else None,
                contact_email=member.email.upper() if n % 2 else "",
            )
            row.sites.set(organization.sites.order_by("pk")[: 1 + m % 2])
            if m % 2:
                Application.objects.filter(pk=row.pk).update(status="submitted", first_submitted_at=self.now)

    def review(self, n: int, m: int) -> None:
        application = self.one(Application, n)
        if application is not None:
            with suppress(IntegrityError), transaction.atomic():
                Review.objects.create(
                    application=application,
                    reviewer=self.someone(m),
                    conflict=("", "refer", "proceed")[m % 3],
                )

    def meet(self, n: int, m: int) -> None:
        """An event in an area or none, of a host or none, with a registration."""
        event = Event.objects.create(
            title=f"Event {self.next()}",
            slug=uuid.uuid4().hex,
            area=self.area(n),
            host=self.one(Business, m) if m % 2 else None,
            created_by=self.someone(m) if n % 3 == 0 else None,
            audience="public" if n % 2 else "partners",
            starts_at=self.now,
            ends_at=self.now + timedelta(hours=1),
        )
        if n % 4:
            Event.objects.filter(pk=event.pk).update(status="published")
        Registration.objects.create(
            event=event,
            name="Ana Ortiz",
            email="ana@people.example",
            token=uuid.uuid4().hex,
            user=self.someone(n, Role.MEMBER) if m % 3 == 0 else None,
            business=self.one(Business, n) if n % 2 else None,
        )

    def write(self, n: int) -> None:
        """A mail of an organization, or of none."""
        organization = self.one(Organization, n) if n % 4 else None
        OutgoingMail.objects.create(
            dedupe_key=uuid.uuid4().hex,
            message_id=uuid.uuid4().hex,
            category="service",
            room="businesses",
            template="businesses/x",
            to="alex@shop.example",
            subject="Hello",
            why="",
            organization_id=organization.pk if organization else None,
        )
