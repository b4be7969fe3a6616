"""The public directory: in by consent, out at once, nothing of anyone else."""

import pytest
from django.urls import reverse

from core.access import Refused
from partnerships.businesses import services
from partnerships.businesses.models import Business
from tests.factories.accounts import UserFactory
from tests.factories.businesses import BusinessFactory, ContactFactory, IndustryFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(city, owner):
    business = BusinessFactory(
        name="Corner Bean",
        standing="partner",
        area=city.west_beat,
        description="Coffee since 1998.",
        industry=IndustryFactory(),
    )
    MembershipFactory(user=owner, business=business)
    return business


def test_a_partner_appears_once_the_owner_agrees_and_is_gone_once_they_don_t(as_user, client, owner, partner):
    public, page = reverse("public:partners"), reverse("public:partner", args=[partner.slug])
    assert b"Corner Bean" not in client.get(public).content
    assert client.get(page).status_code == 404
    signed_in = as_user(owner)
    url = reverse("portal:business_listing", args=[partner.pk])
    assert signed_in.post(url, {}).status_code == 200, "without the tick nothing happens"
    assert not Business.objects.listed().exists()
    assert signed_in.post(url, {"agree": "on"}).status_code == 302
    partner.refresh_from_db()
    assert partner.listed_by_name == "Alex Moreno"
    assert "Corner Bean" in partner.listing_wording
    assert b"Corner Bean" in client.get(public).content
    assert b"Coffee since 1998." in client.get(page).content
    assert signed_in.post(url, {"withdraw": "1"}).status_code == 302
    assert client.get(page).status_code == 404
    assert b"Corner Bean" not in client.get(public).content


def test_only_partners_can_be_listed_but_anyone_listed_can_leave(as_user, owner, partner):
    services.list_business(business=partner, actor=owner, wording="I agree.")
    services.set_standing(organization=partner.organization, standing="suspended", actor=None)
    url = reverse("portal:business_listing", args=[partner.pk])
    client = as_user(owner)
    assert client.get(reverse("public:partner", args=[partner.slug])).status_code == 404
    assert client.post(url, {"withdraw": "1"}).status_code == 302
    answer = client.post(url, {"agree": "on"})
    assert answer.status_code == 403
    assert b"Only partners" in answer.content


def test_staff_and_strangers_do_not_consent_for_the_owner(partner):
    staff = UserFactory()
    MembershipFactory(user=staff, business=partner, role="staff")
    for user in (staff, UserFactory(), UserFactory(role="officer"), UserFactory(role="supervisor")):
        with pytest.raises(Refused):
            services.list_business(business=partner, actor=user, wording="x")
    partner.refresh_from_db()
    assert not partner.listed


def test_the_public_page_names_no_people(client, owner, partner):
    ContactFactory(business=partner, name="Rosa Diaz", email="rosa@shop.example")
    services.list_business(business=partner, actor=owner, wording="I agree.")
    for url in (reverse("public:partners"), reverse("public:partner", args=[partner.slug])):
        content = client.get(url).content
        for secret in (b"Rosa", b"rosa@", b"Alex", owner.email.encode()):
            assert secret not in content


def test_the_directory_is_searched_and_filtered(client, city, owner, partner):
    Business.objects.filter(pk=partner.pk).update(listed=True)
    BusinessFactory(name="East Nails", standing="partner", listed=True, area=city.east_beat)
    url = reverse("public:partners")

    def found(query):
        return {row.name for row in client.get(f"{url}?{query}").context["list"].rows}

    assert found("") == {"Corner Bean", "East Nails"}
    assert found("q=bean+cornr") == {"Corner Bean"}
    assert found(f"district={city.east.pk}") == {"East Nails"}
    assert found(f"industry={IndustryFactory(code='722', title='Food').pk}") == {"Corner Bean"}
    assert found("q=zzzz") == set()
    assert found("district=nonsense&industry=-1&page=999&sort=evil") == {"Corner Bean", "East Nails"}


def test_an_officer_sees_the_directory_of_the_whole_city_at_the_desk(as_user, officer, city):
    BusinessFactory(name="East Nails", standing="partner", listed=True, area=city.east_beat)
    page = as_user(officer).get(reverse("desk:businesses") + "?scope=city")
    assert b"East Nails" in page.content
    assert b"City directory" in page.content
