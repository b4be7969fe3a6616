"""Whoever applied can be called once the business is a partner, with an account or without."""

import pytest

from partnerships.businesses.models import Contact
from tests.factories import vetting
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


def test_a_declined_owner_is_not_kept():
    application = vetting.decided("declined")
    assert not Contact.objects.filter(organization=application.organization).exists()
