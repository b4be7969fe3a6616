"""Who sees which businesses, organizations and contacts: the same answer everywhere."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.access import visible
from partnerships.businesses import services
from partnerships.businesses.models import Business, Claim, Contact, Invitation, Membership, Organization
from partnerships.businesses.scope import mail_organizations
from tests.factories.accounts import UserFactory
from tests.factories.businesses import (
    BusinessFactory,
    ClaimFactory,
    ContactFactory,
    DistrictAssignmentFactory,
    MembershipFactory,
)

pytestmark = pytest.mark.django_db


def names(user):
    return set(visible(Business, user).values_list("name", flat=True))


def test_an_officer_sees_their_districts_what_is_not_placed_and_what_they_lead(officer, west_shop, east_shop):
    BusinessFactory(name="Nowhere Yet")
    assert names(officer) == {"Halsted Hardware", "Nowhere Yet"}
    services.update_organization(organization=east_shop.organization, actor=None, lead_officer=officer)
    assert names(officer) == {"Halsted Hardware", "Nowhere Yet", "Canary Cleaners"}


def test_a_supervisor_without_districts_sees_all_and_with_one_only_it(supervisor, city, west_shop, east_shop):
    assert names(supervisor) == {"Halsted Hardware", "Canary Cleaners"}
    DistrictAssignmentFactory(user=supervisor, area=city.east)
    assert names(supervisor) == {"Canary Cleaners"}


def test_an_assignment_counts_from_its_first_to_the_day_before_its_last(officer, east_shop, city):
    today = clock.today()
    later = DistrictAssignmentFactory(user=officer, area=city.east, starts_on=today + timedelta(days=1))
    assert names(officer) == set()
    later.starts_on = today
    later.save()
    assert names(officer) == {"Canary Cleaners"}
    services.end_assignment(assignment=later, actor=None)
    assert names(officer) == set()


def test_viewers_see_businesses_but_no_contacts(viewer, west_shop):
    ContactFactory(business=west_shop)
    assert names(viewer) == {"Halsted Hardware"}
    assert not visible(Contact, viewer).exists()
    assert not visible(Membership, viewer).exists()
    assert not visible(Claim, viewer).exists()


def test_a_member_sees_only_the_places_of_their_membership(owner, west_shop, east_shop):
    assert names(owner) == set()
    MembershipFactory(user=owner, business=west_shop)
    assert names(owner) == {"Halsted Hardware"}


def test_the_manager_of_store_3_does_not_see_store_5():
    store3 = BusinessFactory(name="Store 3")
    store5 = BusinessFactory(name="Store 5", organization=store3.organization)
    manager, regional = UserFactory(), UserFactory()
    MembershipFactory(user=manager, business=store3, role="staff", sites=[store3])
    MembershipFactory(user=regional, business=store3)
    ContactFactory(business=store5, name="Only for store 5")
    ContactFactory(business=None, organization=store3.organization, name="Speaks for the chain")
    here = ContactFactory(business=store3, name="For store 3")
    assert names(manager) == {"Store 3"}
    assert set(visible(Contact, manager)) == {here}
    assert set(visible(Membership, manager).values_list("user", flat=True)) == {manager.pk}
    assert names(regional) == {"Store 3", "Store 5"}
    assert visible(Contact, regional).count() == 3


def test_a_removed_membership_ends_access_with_the_next_request(as_user, owner, west_shop):
    membership = MembershipFactory(user=owner, business=west_shop)
    MembershipFactory(user=UserFactory(), business=west_shop)
    url = reverse("portal:business", args=[west_shop.pk])
    assert as_user(owner).get(url).status_code == 200
    services.remove_membership(membership=membership, actor=None)
    assert as_user(owner).get(url).status_code == 404


def test_a_claimant_sees_nothing_of_the_registry_before_the_claim_is_verified(
    as_user, owner, west_shop, officer
):
    ContactFactory(business=west_shop)
    claim = services.claim_business(business=west_shop, user=owner)
    assert names(owner) == set()
    assert not visible(Organization, owner).exists()
    assert not visible(Contact, owner).exists()
    assert set(visible(Claim, owner)) == {claim}
    assert as_user(owner).get(reverse("portal:business", args=[west_shop.pk])).status_code == 404
    services.verify_claim(claim=claim, actor=officer)
    assert names(owner) == {"Halsted Hardware"}


def test_what_a_member_added_is_theirs_to_see_until_the_claim_is_refused(owner, supervisor):
    business = services.add_business(actor=owner, name="New Tacos")
    assert names(owner) == {"New Tacos"}
    assert names(UserFactory()) == set()
    services.refuse_claim(claim=business.claims.get(), actor=supervisor, reason="No such address.")
    assert names(owner) == set()


def test_visitors_blocked_accounts_and_unknown_roles_see_the_public_directory_only(west_shop, owner):
    listed = BusinessFactory(name="Listed", standing="partner", listed=True)
    BusinessFactory(name="Listed but suspended", standing="suspended", listed=True)
    BusinessFactory(name="Listed but closed", standing="partner", listed=True, closed_on=clock.today())
    assert names(None) == {"Listed"}
    MembershipFactory(user=owner, business=west_shop)
    owner.is_active = False
    assert names(owner) == {"Listed"}
    owner.is_active, owner.role = True, "emperor"
    assert names(owner) == {"Listed"}
    assert listed.is_public


@pytest.mark.parametrize("name", ["business_edit", "contact_add"], ids=["edit", "contact"])
def test_an_officer_out_of_scope_meets_the_body_of_a_missing_page(
    as_user, officer, west_shop, east_shop, name
):
    client = as_user(officer)
    missing = client.get(reverse(f"desk:{name}", args=[999_999_999]))
    hidden = client.get(reverse(f"desk:{name}", args=[east_shop.pk]))
    assert (missing.status_code, hidden.status_code) == (404, 404)

    def body(response):
        text = response.content.replace(response.headers["X-Request-ID"].encode(), b"")
        return re.sub(rb'csrfmiddlewaretoken" value="[^"]+"', b"", text)

    assert body(missing) == body(hidden)
    assert client.get(reverse(f"desk:{name}", args=[west_shop.pk])).status_code == 200


@pytest.mark.parametrize("query", ["", "?q=canary", "?q=cannary", "?scope=city", "?q=canary&scope=city"])
def test_a_canary_of_another_district_is_in_no_list_search_or_count(
    as_user, officer, west_shop, east_shop, query
):
    page = as_user(officer).get(reverse("desk:businesses") + query)
    assert b"Canary Cleaners" not in page.content
    assert b"9 E Oak St" not in page.content
    assert page.context["list"].count == (1 if query == "" else 0)


def test_contacts_claims_and_organizations_out_of_scope_are_missing_pages(as_user, officer, east_shop):
    contact, claim = ContactFactory(business=east_shop), ClaimFactory(business=east_shop, user=UserFactory())
    client = as_user(officer)
    for url in (
        reverse("desk:contact_edit", args=[contact.pk]),
        reverse("desk:contact_remove", args=[contact.pk]),
        reverse("desk:claim", args=[claim.pk]),
        reverse("desk:organization_edit", args=[east_shop.organization_id]),
        f"{reverse('desk:business_add')}?organization={east_shop.organization_id}",
    ):
        assert client.get(url).status_code == 404, url
        assert client.post(url).status_code == 404, url
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_a_stranger_reaches_nothing_of_another_business_in_the_portal(as_user, owner, west_shop, east_shop):
    mine = MembershipFactory(user=owner, business=west_shop)
    theirs = MembershipFactory(user=UserFactory(), business=east_shop)
    invited = services.invite_member(
        organization=east_shop.organization, email="x@y.example", role="staff", sites=None, actor=theirs.user
    )
    client = as_user(owner)
    for name, pk in (
        ("business", east_shop.pk),
        ("business_edit", east_shop.pk),
        ("business_listing", east_shop.pk),
        ("person_invite", east_shop.organization_id),
        ("person_edit", theirs.pk),
        ("person_remove", theirs.pk),
        ("invitation_revoke", invited.pk),
    ):
        assert client.post(reverse(f"portal:{name}", args=[pk])).status_code == 404, name
    assert client.get(reverse("portal:person_edit", args=[mine.pk])).status_code == 200
    assert set(visible(Invitation, owner)) == set()


def test_mail_follows_the_scope_of_businesses(
    officer, supervisor, viewer, owner, west_shop, east_shop, admin_user
):
    MembershipFactory(user=owner, business=east_shop)
    assert set(mail_organizations(officer).values_list("pk", flat=True)) == {west_shop.organization_id}
    assert mail_organizations(admin_user) == "all"
    assert mail_organizations(supervisor) == "all"
    assert not mail_organizations(viewer)
    assert not mail_organizations(owner)
