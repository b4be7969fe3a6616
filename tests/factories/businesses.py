"""Rows of the registry. What a trigger writes (slug, standing, searched text) is read back after making."""

from datetime import date
from typing import Any

import factory

from partnerships.businesses import services
from partnerships.businesses.models import (
    Area,
    AreaShape,
    Business,
    Claim,
    Contact,
    DistrictAssignment,
    Industry,
    Membership,
    Organization,
)

# The moves that lead a new organization to a standing.
PATHS = {
    "prospect": [],
    "applicant": ["applicant"],
    "partner": ["applicant", "partner"],
    "suspended": ["applicant", "partner", "suspended"],
    "lapsed": ["applicant", "partner", "lapsed"],
    "ended": ["applicant", "partner", "ended"],
}


def square(longitude: float, latitude: float, size: float = 0.01) -> dict[str, Any]:
    """A GeoJSON square with its lower left corner at the given degrees."""
    right, top = longitude + size, latitude + size
    ring = [[longitude, latitude], [right, latitude], [right, top], [longitude, top], [longitude, latitude]]
    return {"type": "Polygon", "coordinates": [ring]}


class AreaFactory(factory.django.DjangoModelFactory):
    """A district without neighbors; `geometry` gives it a shape."""

    class Meta:
        model = Area
        skip_postgeneration_save = True

    kind = "district"
    code = factory.Sequence(lambda n: str(n + 101))
    valid_from = factory.LazyFunction(lambda: date(2020, 1, 1))

    @factory.post_generation
    def geometry(self, create, given, **kwargs):
        if given:
            AreaShape.objects.create(area=self, geometry=given)


class BeatFactory(AreaFactory):
    """A beat in a district of its own."""

    kind = "beat"
    code = factory.Sequence(lambda n: str(10_001 + n))
    parent = factory.SubFactory(AreaFactory)


class IndustryFactory(factory.django.DjangoModelFactory):
    """An industry; the real ones are in the database from the start."""

    class Meta:
        model = Industry
        django_get_or_create = ("code",)

    code = "722515"
    title = "Snack and Nonalcoholic Beverage Bars"


class OrganizationFactory(factory.django.DjangoModelFactory):
    """An organization of any standing, reached by its permitted moves."""

    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Halsted Hardware {n}")
    kind = "business"

    @classmethod
    def _create(cls, model_class, *args, standing="prospect", partner_since=None, **kwargs):
        row = super()._create(model_class, *args, **kwargs)
        for step in PATHS[standing]:
            row = services.set_standing(
                organization=row,
                standing=step,
                actor=None,
                since=partner_since if step == "partner" else None,
            )
        return row


class BusinessFactory(factory.django.DjangoModelFactory):
    """A place of business; `standing` and `lead_officer` go to its organization."""

    class Meta:
        model = Business

    class Params:
        standing = "prospect"

    name = factory.Sequence(lambda n: f"Corner Bean Coffee {n}")
    organization = factory.SubFactory(
        OrganizationFactory,
        name=factory.SelfAttribute("..name"),
        standing=factory.SelfAttribute("..standing"),
    )
    street = factory.Sequence(lambda n: f"{3100 + n} N Broadway")
    city = "Chicago"
    state = "IL"
    postal_code = "60657"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        row = super()._create(model_class, *args, **kwargs)
        row.refresh_from_db()
        return row


class ContactFactory(factory.django.DjangoModelFactory):
    """Someone to ask for at a place of business."""

    class Meta:
        model = Contact

    business = factory.SubFactory(BusinessFactory)
    organization = factory.SelfAttribute("business.organization")
    name = factory.Sequence(lambda n: f"Alex Moreno {n}")
    role_title = "Store manager"
    email = factory.Sequence(lambda n: f"manager{n}@shop.example")


class MembershipFactory(factory.django.DjangoModelFactory):
    """An owner of an organization with one place; `sites` narrows it. Needs a `user`."""

    class Meta:
        model = Membership
        skip_postgeneration_save = True

    organization = factory.SelfAttribute("business.organization")
    role = "owner"
    all_sites = True

    class Params:
        business = factory.SubFactory(BusinessFactory)

    @factory.post_generation
    def sites(self, create, given, **kwargs):
        if given:
            self.all_sites = False
            self.save()
            self.sites.set(given)


class ClaimFactory(factory.django.DjangoModelFactory):
    """A claim to be verified. Needs a `user`."""

    class Meta:
        model = Claim

    business = factory.SubFactory(BusinessFactory)


class DistrictAssignmentFactory(factory.django.DjangoModelFactory):
    """An officer covers a district. Needs a `user`."""

    class Meta:
        model = DistrictAssignment

    area = factory.SubFactory(AreaFactory)
    starts_on = factory.LazyFunction(lambda: date(2020, 1, 1))
