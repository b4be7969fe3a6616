"""Records with everything that hangs on them, and what the tables say before and after a merge."""

import random
from datetime import timedelta
from typing import Any

import pghistory
from django.apps import apps

from core import clock, moving
from core.mail.models import OutgoingMail
from events.models import Registration
from partnerships.businesses.models import (
    Business,
    Claim,
    Contact,
    DuplicatePair,
    Invitation,
    Membership,
    Merge,
    Organization,
    SearchWord,
)
from partnerships.vetting.models import Application
from tests.factories import vetting
from tests.factories.accounts import UserFactory
from tests.factories.businesses import BusinessFactory, ClaimFactory, ContactFactory, MembershipFactory
from tests.factories.core import mail
from tests.factories.events import EventFactory

TARGETS = ("businesses.Business", "businesses.Organization")
STAMPS = {"updated_at", "updated_by_name", "search_text"}
# Records of what was done, which nothing takes back.
RECORDS = {DuplicatePair, Merge, SearchWord}
ROOMS = ("businesses", "vetting", "events", "mail")


def models() -> list[Any]:
    """Every table of the rooms that have something of a business, link tables among them."""
    found = [
        model for room in ROOMS for model in apps.get_app_config(room).get_models(include_auto_created=True)
    ]
    return [
        each
        for each in found
        if each._meta.managed and each not in RECORDS and not issubclass(each, pghistory.models.Event)
    ]


def tables() -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of them, without the stamps of who changed it last."""
    return {
        model._meta.label: {
            row["pk"]: {name: value for name, value in row.items() if name not in STAMPS}
            for row in model._base_manager.values(
                "pk", *(each.attname for each in model._meta.concrete_fields)
            )
        }
        for model in models()
        if model._meta.label != "mail.Consent"
    }


def counts() -> dict[str, int]:
    """How many rows each has."""
    return {label: len(rows) for label, rows in tables().items()}


def orphans() -> list[str]:
    """Rows that belong to a record that was merged into another."""
    found = []
    for each in moving.follows():
        model: Any = apps.get_model(each.target)
        gone = set(model.everything.filter(merged_into__isnull=False).values_list("pk", flat=True))
        rows = each.model._base_manager.filter(**{f"{each.column}__in": gone})
        if each.relation == "businesses.Business.organization":
            rows = rows.filter(merged_into=None)
        found += [f"{each.relation} {row.pk}" for row in rows]
    return found


def pair(chance: random.Random, number: int) -> tuple[Business, Business]:
    """Two records of one place, each with some of what a business may have."""
    pair = tuple(
        BusinessFactory(
            name=f"Corner Bean {number}",
            street=f"{number} W Elm St",
            phone="(312) 555-0134" if chance.random() < 0.5 else "",
            site_number=chance.choice(["", "1"]),
        )
        for _side in range(2)
    )
    owned = chance.choice([None, *pair])
    owner, guest = UserFactory(), UserFactory()
    event = EventFactory(host=chance.choice(pair)) if chance.random() < 0.3 else None
    for each in pair:
        whole = each.organization
        if chance.random() < 0.6:
            ContactFactory(
                business=each, name=chance.choice(["Ana Ortiz", "Rosa Diaz"]), email="ana@shop.example"
            )
        if chance.random() < 0.3:
            Contact.objects.create(organization=whole, name="Sam Stone", phone="(312) 555-0100")
        if chance.random() < 0.4:
            ClaimFactory(business=each, user=chance.choice([owner, guest]))
        if chance.random() < 0.3:
            mail(organization_id=whole.pk)
        if event and chance.random() < 0.8:
            Registration.objects.create(event=event, business=each, name="Ana", email=f"{each.pk}@x.example")
        if each == owned or chance.random() < 0.2:
            MembershipFactory(business=each, user=owner)
        if chance.random() < 0.2:
            MembershipFactory(business=each, user=UserFactory(), role="staff", sites=[each])
        if chance.random() < 0.3:
            invitation = Invitation.objects.create(
                organization=whole, email=chance.choice(["kim@x.example", "lee@x.example"]), invited_by=owner,
                all_sites=False, expires_at=clock.now() + timedelta(days=3),
            )  # fmt: skip
            invitation.sites.add(each)
        if chance.random() < 0.2:
            draft(each)
    return pair  # type: ignore[return-value]  # two of them


def draft(place: Business) -> Application:
    """An application that was begun, of somebody of their own."""
    version = vetting.first_version()
    row = Application.objects.create(
        organization=place.organization, applicant=UserFactory(), criteria_version=version
    )
    row.sites.add(place)
    return row


def mails_of(organization: Organization) -> int:
    """How many mails are an organization's."""
    return OutgoingMail.objects.filter(organization_id=organization.pk).count()


def members_of(organization: Organization) -> set[Any]:
    """Who acts for it."""
    return set(Membership.objects.filter(organization=organization.pk).values_list("user", flat=True))


def claims_of(place: Business) -> set[Any]:
    """Who claims it."""
    return set(Claim.objects.filter(business=place.pk).values_list("user", flat=True))
