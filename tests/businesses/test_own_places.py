"""The owner's list of places: what they act for, what they claim, and what they could have listed."""

import pytest
from django.urls import reverse

from core import clock
from partnerships.businesses import services
from partnerships.overview.editor import home_of
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.businesses import (
    BusinessFactory,
    ClaimFactory,
    MembershipFactory,
    OrganizationFactory,
)

pytestmark = pytest.mark.django_db
PLACES = reverse("portal:businesses")


@pytest.fixture
def owner(client):
    client.user = UserFactory()
    return sign_in(client, client.user)


def chain(user, count, role="owner", **more):
    organization = OrganizationFactory(name="Northside Grocers", standing="partner")
    places = [
        BusinessFactory(name=f"Store {n}", organization=organization, **more) for n in range(1, count + 1)
    ]
    MembershipFactory(user=user, organization=organization, role=role)
    return places


def listing(business):
    return reverse("portal:business_listing", args=[business.pk])


def suggestions(user):
    return [each for each in home_of(user).needs if "directory" in each.title]


def test_a_claim_that_waits_is_there_with_its_day(owner):
    claim = ClaimFactory(business=BusinessFactory(name="La Espiga"), user=owner.user)
    page = owner.get(PLACES).content.decode()
    assert "No business yet" not in page
    assert "La Espiga" in page
    assert claim.get_status_display() in page
    assert "You claimed it on" in page


def test_a_claim_stands_beside_the_places_that_are_theirs_already(owner):
    MembershipFactory(user=owner.user, business=BusinessFactory(name="Corner Bean"))
    ClaimFactory(business=BusinessFactory(name="La Espiga"), user=owner.user)
    page = owner.get(PLACES).content.decode()
    assert "Corner Bean" in page
    assert "La Espiga" in page
    assert "Add another business" in page


@pytest.mark.gate(21)
def test_nobody_reads_of_the_claim_of_another(owner):
    ClaimFactory(business=BusinessFactory(name="La Espiga"), user=UserFactory())
    page = owner.get(PLACES).content.decode()
    assert "La Espiga" not in page
    assert "No business yet" in page


def test_no_page_of_the_portal_names_one_address_twice(owner):
    page = owner.get(reverse("portal:home")).content.decode()
    assert "Your pages" not in page
    assert "Your pages" in owner.get("/").content.decode()


def test_an_owner_of_several_unlisted_places_is_led_to_list_each(owner):
    first, second, third = chain(owner.user, 3)
    services.list_business(business=third, actor=owner.user, wording="Yes.")
    (need,) = suggestions(owner.user)
    assert need.items == ("Store 1", "Store 2")
    assert "2 of your places are partners, but not listed" in need.text
    assert need.url == PLACES
    page = owner.get(PLACES).content.decode()
    assert listing(first) in page
    assert listing(second) in page
    assert listing(third) not in page
    assert owner.get(listing(first)).status_code == 200
    services.list_business(business=first, actor=owner.user, wording="Yes.")
    (need,) = suggestions(owner.user)
    assert need.url == listing(second), "of one that is left, its own page"


def test_a_chain_with_more_places_than_the_home_shows_is_counted_whole(owner):
    places = chain(owner.user, 20)
    (need,) = suggestions(owner.user)
    assert "20 of your places" in need.text
    for each in places[:17]:
        services.list_business(business=each, actor=owner.user, wording="Yes.")
    (need,) = suggestions(owner.user)
    assert "3 of your places" in need.text


def test_staff_and_closed_places_are_not_asked(owner):
    chain(owner.user, 2, role="staff")
    chain(owner.user, 2, closed_on=clock.today())
    assert suggestions(owner.user) == []
    assert "Be listed" not in owner.get(PLACES).content.decode()
