"""More of everything that a page may list: the world with three rows of a kind, and with three hundred."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection

from accounts.models import User
from core import clock
from core.mail.models import OutgoingMail, Suppression
from core.models import AuditEntry
from events.models import Event, Registration
from partnerships.businesses.models import Business, Claim, Contact, Membership, Organization
from partnerships.vetting.models import Application, Review
from tests.bench.filling import as_if_grown

MOVING = (User, Membership, Claim, Application, Event, Registration, OutgoingMail)


def grow(side: SimpleNamespace, officer: Any, numbers: range) -> None:
    """Add rows to one side of the world, so many of each kind, where its owner and its officer see them.

    Args:
        side: of `tests.access.world`.
        officer: of the side.
        numbers: tells the new rows from others.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    as_if_grown(*MOVING, on=True)
    people = User.objects.bulk_create(
        User(email=f"grown{n}@people.example", full_name=f"Person {n}", password="!") for n in numbers
    )
    shops = _shops(side, officer, numbers)
    Membership.objects.bulk_create(
        Membership(user=each, organization=side.organization, role="staff") for each in people
    )
    Claim.objects.bulk_create(
        Claim(user=person, business=shop) for person, shop in zip(people, shops, strict=True)
    )
    Contact.objects.bulk_create(
        Contact(
            organization=side.organization, business=side.business, name=f"Contact {n}",
            email=f"contact{n}@people.example",
        )
        for n in numbers
    )  # fmt: skip
    Suppression.objects.bulk_create(
        Suppression(address=f"contact{n}@people.example", reason="bounce") for n in numbers
    )
    _applications(side, officer, shops)
    _events(side, numbers)
    _mail(side, numbers)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            verb="businesses.business_changed", target_type="businesses.business",
            target_id=str(side.business.pk), actor_label="Someone",
        )
        for _n in numbers
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    as_if_grown(*MOVING, on=False)


def _shops(side: SimpleNamespace, officer: Any, numbers: range) -> list[Business]:
    organizations = Organization.objects.bulk_create(
        Organization(name=f"Grown {n}", lead_officer=officer) for n in numbers
    )
    Business.objects.bulk_create(  # further sites of the chain
        Business(
            organization=side.organization, name=f"Site {n}", area=side.area, slug=f"site-{side.area.pk}-{n}"
        )
        for n in numbers
    )
    return Business.objects.bulk_create(
        Business(organization=each, name=each.name, area=side.area, slug=f"grown-{each.pk}")
        for each in organizations
    )


def _applications(side: SimpleNamespace, officer: Any, shops: list[Business]) -> None:
    found = Application.objects.bulk_create(
        Application(
            organization=shop.organization, criteria_version=side.draft.criteria_version, status="in_review",
            track="basic", assisted_by=officer, submitted_by=officer, applicant=side.owner,
            first_submitted_at=clock.now(), submitted_at=clock.now(), promised_on=clock.today(),
        )
        for shop in shops
    )  # fmt: skip
    through = Application.sites.through
    through.objects.bulk_create(
        through(application=each, business=shop) for each, shop in zip(found, shops, strict=True)
    )
    Review.objects.bulk_create(
        Review(application=each, reviewer=officer, conflict="proceed") for each in found
    )


def _events(side: SimpleNamespace, numbers: range) -> None:
    start = clock.now().replace(microsecond=0)
    Event.objects.bulk_create(
        Event(
            title=f"Grown event {n}", slug=f"grown-{side.area.pk}-{n}", venue_name="Library", area=side.area,
            host=side.business, starts_at=start + timedelta(days=2, minutes=n),
            ends_at=start + timedelta(days=2, hours=2, minutes=n), status="published",
        )
        for n in numbers
    )  # fmt: skip
    Registration.objects.bulk_create(
        Registration(
            event=side.event, name=f"Guest {n}", email=f"guest{side.area.pk}-{n}@people.example",
            business=side.business, user=side.owner, confirmed_at=start, queued_at=start,
            status="waitlisted" if n % 2 else "registered",
        )
        for n in numbers
    )  # fmt: skip


def _mail(side: SimpleNamespace, numbers: range) -> None:
    first = OutgoingMail.objects.get(pk=side.mail.pk)
    rows = []
    for n in numbers:
        row = _copy(first)
        row.dedupe_key, row.message_id = (
            f"grown:{side.area.pk}:{n}",
            f"<grown-{side.area.pk}-{n}@city.example>",
        )
        rows.append(row)
    OutgoingMail.objects.bulk_create(rows)


def _copy(row: OutgoingMail) -> OutgoingMail:
    values = {
        each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields if not each.primary_key
    }
    return OutgoingMail(**values)
