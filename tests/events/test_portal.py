"""Members register their businesses."""

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Registration
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, MembershipFactory
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(client, member):
    """A member's browser."""
    return sign_in(client, member)


def register(client, event, business, **more):
    data = {"business": business.pk, "party_size": "2", **more}
    return client.post(reverse("portal:event_register", args=[event.slug]), data)


def test_a_member_registers_without_a_code_and_the_list_says_so(portal, business, member, mails):
    event = EventFactory(audience="partners")
    assert register(portal, event, business, accommodation="ASL").status_code == 302
    row = Registration.objects.get()
    assert (row.status, row.business, row.user, row.email) == ("registered", business, member, member.email)
    assert (row.accommodation, row.source) == ("ASL", "partner")
    page = portal.get(reverse("portal:events")).content.decode()
    assert "Corner Bean Coffee is registered, 2 people" in page
    assert [mail.to for mail in mails("registered")] == [member.email]
    assert mails("registered")[0].organization_id == business.organization_id


def test_a_full_event_puts_the_business_in_line_with_its_position(portal, business, mails):
    event = EventFactory(capacity=2)
    place(event, "Ana", party_size=2)
    place(event, "Ben", party_size=2)
    page = register(portal, event, business)
    page = portal.get(reverse("portal:event_register", args=[event.slug])).content.decode()
    assert "On the waitlist" in page
    assert "number 2 on the waitlist" in mails("waitlisted")[0].text


def test_a_member_cancels_with_the_name_in_the_question(portal, business):
    event = EventFactory()
    register(portal, event, business)
    row = Registration.objects.get()
    address = reverse("portal:event_cancel", args=[row.pk])
    assert "Corner Bean Coffee" in portal.get(address).content.decode()
    row.refresh_from_db()
    assert row.status == "registered"
    portal.post(address)
    row.refresh_from_db()
    assert row.status == "cancelled"


def test_the_same_form_twice_is_one_registration_and_another_size_is_refused(portal, business, mails):
    event = EventFactory()
    register(portal, event, business)
    register(portal, event, business)
    page = register(portal, event, business, party_size="3")
    assert "You are already registered" in page.content.decode()
    row = Registration.objects.get()
    assert row.party_size == 2
    assert len(mails("registered")) == 1


def test_a_colleague_is_told_who_registered_the_business(client, business, member):
    event = EventFactory()
    register(sign_in(client, member), event, business)
    colleague = UserFactory(full_name="Bo Colleague")
    MembershipFactory(user=colleague, business=business)
    page = register(sign_in(client, colleague), event, business)
    assert "Ana Ortiz has already registered" in page.content.decode()
    assert Registration.objects.count() == 1


@pytest.mark.gate(21)
def test_another_tenants_business_is_refused(portal):
    event = EventFactory()
    stranger = BusinessFactory(standing="partner")
    page = register(portal, event, stranger)
    assert page.status_code == 200
    assert "business" in page.context["form"].errors
    assert not Registration.objects.exists()


@pytest.mark.gate(20)
def test_a_strangers_registration_is_a_missing_page(portal):
    row = place(EventFactory(), "Someone", business=BusinessFactory(standing="partner"))
    for method in (portal.get, portal.post):
        assert method(reverse("portal:event_cancel", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.status == "registered"


def test_who_is_no_partner_yet_is_told_why_an_event_for_partners_waits(client):
    business = BusinessFactory(standing="applicant")
    user = UserFactory()
    MembershipFactory(user=user, business=business)
    event = EventFactory(audience="partners")
    page = register(sign_in(client, user), event, business)
    assert "once your partnership is approved" in page.content.decode()
    assert register(client, EventFactory(), business).status_code == 302


def test_extra_keys_change_nothing(portal, business):
    event, other = EventFactory(), EventFactory()
    extra = {"status": "attended", "user": "1", "event": other.pk, "source": "desk", "email": "x@y.example"}
    answer = portal.post(
        reverse("portal:event_register", args=[event.slug]),
        {"business": business.pk, "party_size": "2", **extra},
    )
    assert answer.status_code == 302
    row = Registration.objects.get()
    assert (row.event, row.status, row.source) == (event, "registered", "partner")
    assert row.email != "x@y.example"


def test_a_request_by_the_public_form_is_taken_over_by_the_signed_in_member(portal, business, member, mails):
    from events import services

    event = EventFactory()
    services.request_place(event=event, name="Ana", email=member.email.upper(), party_size=1)
    register(portal, event, business)
    row = Registration.objects.get()
    assert (row.status, row.business, row.party_size) == ("registered", business, 2)


def test_officers_are_refused_and_drafts_do_not_exist(client, officer, member):
    draft = EventFactory(status="draft")
    sign_in(client, member)
    assert client.get(reverse("portal:event_register", args=[draft.slug])).status_code == 404
    sign_in(client, officer)
    assert client.get(reverse("portal:events")).status_code == 403


def test_another_site_is_registered_beside_a_colleagues(client, business, member):
    second = BusinessFactory(organization=business.organization, name="Corner Bean Uptown")
    colleague = UserFactory(full_name="Bo Colleague")
    MembershipFactory(user=colleague, business=business)
    event = EventFactory()
    register(sign_in(client, member), event, business)
    sign_in(client, colleague)
    page = client.get(reverse("portal:event_register", args=[event.slug]))
    assert [each.name for each in page.context["form"].fields["business"].queryset] == ["Corner Bean Uptown"]
    register(client, event, second)
    assert Registration.objects.filter(status="registered").count() == 2


def test_the_mails_of_a_business_link_to_a_page_that_opens(portal, business, member, mails):
    event = EventFactory(audience="partners")
    register(portal, event, business)
    portal.post(reverse("portal:event_cancel", args=[Registration.objects.get().pk]))
    mail = mails("cancelled")[0]
    there = reverse("portal:event_register", args=[event.slug])
    assert there in mail.text
    assert event.get_absolute_url() not in mail.text.replace(there, "")
    assert Client().get(there).status_code == 302
    assert portal.get(there).status_code == 200


def test_leaving_the_waitlist_is_not_called_giving_up_seats(portal, business, mails):
    event = EventFactory(capacity=2)
    place(event, "Ben")
    register(portal, event, business)
    address = reverse("portal:event_cancel", args=[Registration.objects.get(business=business).pk])
    page = portal.get(address).content.decode()
    assert "off the waitlist?" in page
    assert "seats go to" not in page
    assert "You left the waitlist" in portal.post(address, follow=True).content.decode()
    mail = mails("cancelled")[0]
    assert mail.subject.startswith("Off the waitlist")
    assert "seats go to" not in mail.text


def test_an_owner_changes_the_number_of_people_within_the_free_seats(portal, business, mails):
    event = EventFactory(capacity=6)
    place(event, "Ben", party_size=3)
    register(portal, event, business)
    row = Registration.objects.get(business=business)
    address = reverse("portal:event_resize", args=[row.pk])
    assert address in portal.get(reverse("portal:event_register", args=[event.slug])).content.decode()
    assert "Saved: 3 people" in portal.post(address, {"party_size": "3"}, follow=True).content.decode()
    assert [mail.to for mail in mails("resized")] == [row.email]
    page = portal.post(address, {"party_size": "5"}).content.decode()
    assert "There are not enough free seats" in page
    assert "6 people at most." in portal.post(address, {"party_size": "7"}).content.decode()
    row.refresh_from_db()
    assert row.party_size == 3


def test_a_strangers_party_cannot_be_changed(portal):
    row = place(EventFactory(), "Someone", business=BusinessFactory(standing="partner"))
    address = reverse("portal:event_resize", args=[row.pk])
    assert portal.get(address).status_code == portal.post(address, {"party_size": "3"}).status_code == 404


def test_an_event_for_partners_offers_partners_only_and_names_the_others(portal, member, business):
    waiting = BusinessFactory(standing="applicant", name="Aardvark Books")
    MembershipFactory(user=member, business=waiting)
    page = portal.get(reverse("portal:event_register", args=[EventFactory(audience="partners").slug]))
    assert list(page.context["form"].fields["business"].queryset) == [business]
    assert "Not a partner yet: Aardvark Books" in page.content.decode()
    page = portal.get(reverse("portal:event_register", args=[EventFactory().slug]))
    assert set(page.context["form"].fields["business"].queryset) == {business, waiting}
