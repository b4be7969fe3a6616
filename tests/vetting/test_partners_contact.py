"""Whoever applied can be called once the business is a partner, with an account or without."""

import pytest

from partnerships.businesses.models import Contact
from partnerships.businesses.rules import same_person
from partnerships.businesses.services import keep_contact
from tests.factories import vetting
from tests.factories.accounts import UserFactory
from tests.factories.businesses import BusinessFactory, ContactFactory

pytestmark = pytest.mark.django_db


def test_an_approval_keeps_the_owner_as_a_contact():
    application = vetting.decided("approved")
    contact = Contact.objects.get(organization=application.organization)
    assert (contact.name, contact.phone) == (application.contact_name, application.contact_phone)
    assert contact.email == application.applicant.email


def test_someone_known_by_phone_is_not_kept_twice():
    business = BusinessFactory()
    known = ContactFactory(business=business, name="A. Moreno", phone="(312) 555-0134", email="")
    application = vetting.decided("approved", business=business)
    assert application.contact_phone == known.phone
    assert Contact.objects.get(organization=application.organization) == known


@pytest.mark.parametrize(
    "shared", [{"phone": "(312) 555-0134"}, {"email": "info@bakery.example"}], ids=["phone", "email"]
)
def test_someone_else_who_shares_the_counters_phone_or_address_is_kept_beside(shared):
    business = BusinessFactory()
    first = {"phone": "", "email": "", **shared}
    ContactFactory(business=business, organization=business.organization, name="Ben Lee", **first)
    owner = UserFactory(email="info@bakery.example", full_name="Alex Moreno")
    vetting.decided("approved", business=business, owner=owner)
    kept = Contact.objects.filter(organization=business.organization).order_by("name")
    assert [each.name for each in kept] == ["Alex Moreno", "Ben Lee"]
    assert kept[0].phone == "(312) 555-0134"
    assert kept[0].email == "info@bakery.example"


def test_an_appeal_that_is_approved_keeps_nobody_twice():
    application = vetting.decided("approved")
    again = keep_contact(
        organization=application.organization,
        by=None,
        name="MORENO, Álex",
        phone="312-555-0199",
        email="alex@home.example",
    )
    assert again is None
    assert Contact.objects.filter(organization=application.organization).count() == 1


@pytest.mark.parametrize(
    ("one", "other", "reached_alike", "same"),
    [
        ("Alex Moreno", "ALEX  MORENO", False, True),
        ("Moreno, Alex", "Alex Moreno", False, True),
        ("José Núñez", "Jose Nunez", False, True),
        ("Pat O’Brien", "Pat OBrien", False, True),
        ("李小龍", "李小龍", False, True),
        ("A. Moreno", "Alex Moreno", True, True),
        ("Alex", "Alex Moreno", True, True),
        ("A. Moreno", "Alex Moreno", False, False),
        ("Alex", "Alex Moreno", False, False),
        ("Ben Lee", "Alex Moreno", True, False),
        ("Anna Lee", "Ann Lee", True, False),
        ("Alex Moreno", "Ana Moreno", True, False),
        ("Juan Perez Jr.", "Juan Perez", True, False),
        ("J. Perez Jr", "Juan Perez, Jr.", True, True),
        ("राम", "रमा", True, False),
        ("王芳", "李小龍", True, False),
        ("?", "!", True, False),
    ],
)
def test_a_name_tells_people_apart_who_are_reached_alike(one, other, reached_alike, same):
    assert same_person(one, other, reached_alike=reached_alike) is same
    assert same_person(other, one, reached_alike=reached_alike) is same


def test_a_declined_owner_is_not_kept():
    application = vetting.decided("declined")
    assert not Contact.objects.filter(organization=application.organization).exists()
