"""Search forgives typing."""

import pytest
from django.urls import reverse

from partnerships.businesses import search, services
from partnerships.businesses.models import Business
from tests.factories.accounts import SupervisorFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shops(db):
    BusinessFactory(name="Panadería El Sol", street="12 S Halsted St", postal_code="60661")
    BusinessFactory(name="Sammy's Touch", street="1157 E 95th St", postal_code="60619")
    BusinessFactory(name="Walgreens #04147", street="1546 N Central Ave", postal_code="60651")
    BusinessFactory(name="A.B. Heating & Cooling, L.L.C.", street="7838 W 89th Pl", postal_code="60457")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("panaderia", "Panadería El Sol"),
        ("PANADERÍA", "Panadería El Sol"),
        ("sol el panaderia", "Panadería El Sol"),
        ("panad", "Panadería El Sol"),
        ("pandaria", "Panadería El Sol"),
        ("panaderia halstead", "Panadería El Sol"),
        ("sammys", "Sammy's Touch"),
        ("sammy’s touch", "Sammy's Touch"),
        ("95th touch", "Sammy's Touch"),
        ("walgren", "Walgreens #04147"),
        ("walgreens 60651", "Walgreens #04147"),
        ("04147", "Walgreens #04147"),
        ("ab heating llc", "A.B. Heating & Cooling, L.L.C."),
        ("  heating   cooling ", "A.B. Heating & Cooling, L.L.C."),
    ],
)
def test_one_business_is_found_however_it_is_typed(typed, found):
    assert [row.name for row in Business.objects.search(typed)] == [found]


@pytest.mark.parametrize("typed", ["zzzzqqq", "panaderia zzzzqqq", "panaderia walgreens", "!!!", "%", "_"])
def test_what_no_business_has_finds_nothing(typed):
    assert list(Business.objects.search(typed)) == []


@pytest.mark.parametrize(
    "typed", ["", "   ", "'; DROP TABLE x; --", "%%%s", "a" * 5000, "\0null", "x " * 500, "🌮", "\\", "((("]
)
def test_no_text_breaks_the_search(typed):
    assert Business.objects.search(typed).count() <= 4


def test_a_corrected_word_is_told():
    words = search.read_words("walgren halsted")
    assert [(word.typed, word.alternatives, word.corrected) for word in words] == [
        ("walgren", ("walgreens",), True),
        ("halsted", ("halsted",), False),
    ]


def test_only_words_of_the_results_are_told_in_place_of_a_corrected_one(client):
    BusinessFactory(name="Corner Bean & Co. Coffee", street="3304 N Juniper St")
    BusinessFactory(name="To Be Or Not")  # makes "be" a word, which begins "bean"
    sign_in(client, SupervisorFactory())
    page = " ".join(client.get(reverse("desk:businesses"), {"q": "corner been"}).content.decode().split())
    assert "Corner Bean" in page
    assert "Nothing has “been”. Showing results for “bean”." in page


def test_without_results_no_correction_is_claimed(client):
    sign_in(client, SupervisorFactory())
    page = client.get(reverse("desk:businesses"), {"q": "walgren panaderia"}).content.decode()
    assert "Nothing has “walgren”." in page
    assert "Showing results" not in page


def test_a_new_name_is_found_at_once_and_the_old_one_no_more():
    shop = Business.objects.get(name="Sammy's Touch")
    services.update_business(business=shop, actor=None, name="Quiltworks")
    assert list(Business.objects.search("quiltwork")) == [shop]
    # The organization is still called so.
    assert list(Business.objects.search("sammys")) == [shop]
    services.update_organization(organization=shop.organization, actor=None, name="Quiltworks Inc")
    assert list(Business.objects.search("sammys")) == []


def test_names_that_begin_with_the_typed_text_come_first():
    BusinessFactory(name="Best Walgreens Neighbor")
    found = [row.name for row in Business.objects.search("walgreens").best_first("walgreens")]
    assert found == ["Walgreens #04147", "Best Walgreens Neighbor"]


def test_only_open_places_that_nobody_speaks_for_can_be_claimed():
    shop = Business.objects.get(name="Sammy's Touch")
    assert list(Business.objects.claimable("sammys touch")) == [shop]
    MembershipFactory(user=UserFactory(), business=shop)
    assert list(Business.objects.claimable("sammys touch")) == []
    mine = services.add_business(actor=UserFactory(), name="Sammys Own Typing")
    assert mine not in Business.objects.claimable("sammys typing")
    Business.objects.filter(name__startswith="Walgreens").update(closed_on="2020-01-01")
    assert list(Business.objects.claimable("walgreens")) == []
