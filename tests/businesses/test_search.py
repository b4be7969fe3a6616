"""Search forgives typing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
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


@pytest.mark.parametrize("typed", ["zzzzqqq", "zzzzqqq xxqqj", "panaderia zzzzqqq xxqqj", "!!!", "%", "_"])
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
    page = client.get(reverse("desk:businesses"), {"q": "walgren zzzzqqq xxqqj"}).content.decode()
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


@pytest.fixture
def street(db):
    """Shops as people know them by half."""
    for name, street in (
        ("The Homemade Pizza Company", "3430 N Clark St"),
        ("Homemade Pie", "12 W Oak St"),
        ("Halden & Daughter", "77 W Lake St"),
        ("Corner Bean", "3304 N Juniper St"),
        ("Corner Stone Masonry", "9 N Elm St"),
        ("Laundromat on Polk", "1 W Polk St"),
        ("Fresh Laundry", "2 W Polk St"),
        ("Matthews Mats", "3 W Polk St"),
    ):
        BusinessFactory(name=name, street=street)


def first(typed):
    return Business.objects.search(typed).best_first(typed)[0].name


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("homemade pizza on clark", "The Homemade Pizza Company"),
        ("The Homemade Pizza Company", "The Homemade Pizza Company"),
        ("homemade pizza co.", "The Homemade Pizza Company"),
        ("homemade pizza llc", "The Homemade Pizza Company"),
        ("homemade pizza halsted", "The Homemade Pizza Company"),
        ("homemade pizza zzzzqqq", "The Homemade Pizza Company"),
        ("homemade pizza incorporated the oak", "The Homemade Pizza Company"),
        ("halden and dauter", "Halden & Daughter"),
        ("halden & daughter, inc.", "Halden & Daughter"),
        ("the corner bean", "Corner Bean"),
        ("corner bean coffee house", "Corner Bean"),
        ("a corner bean at juniper", "Corner Bean"),
        ("cornerstone masonry", "Corner Stone Masonry"),
        ("laundry mat polk", "Laundromat on Polk"),
    ],
)
def test_one_more_word_does_not_lose_what_is_meant(street, typed, found):
    assert first(typed) == found


def test_two_words_that_are_one_elsewhere_find_it(street):
    assert "Laundromat on Polk" in [row.name for row in Business.objects.search("laundry mat")]


def test_the_more_words_match_the_higher(street):
    typed = "homemade pizza clark zzzzqqq"
    found = [row.name for row in Business.objects.search(typed).best_first(typed)]
    assert found == ["The Homemade Pizza Company"]
    typed = "homemade pie clark"
    found = [row.name for row in Business.objects.search(typed).best_first(typed)]
    assert found == ["Homemade Pie", "The Homemade Pizza Company"]


def test_where_one_has_all_the_words_no_other_is_shown(street):
    assert [row.name for row in Business.objects.search("homemade pizza clark")] == [
        "The Homemade Pizza Company"
    ]


def test_little_words_count_where_there_are_no_others(street):
    BusinessFactory(name="The And")
    assert first("the and") == "The And"


def test_what_has_not_all_the_words_is_said_and_paged(client, street):
    for number in range(40):
        BusinessFactory(name=f"Pizza Place {number}", street="5 W Lake St")
    sign_in(client, SupervisorFactory())
    address = reverse("desk:businesses")
    page = client.get(address, {"q": "homemade pizza halsted zzzzqqq"})
    assert "No business has all these words." in page.content.decode()
    whole, here = [], {"q": "homemade pizza"}
    assert "No business has all these words." not in client.get(address, here).content.decode()
    here = {"q": "pizza zzzzqqq"}
    rows = client.get(address, here).context["list"]
    whole += [row.name for row in rows.rows]
    rows = client.get(address + rows.next_url).context["list"]
    whole += [row.name for row in rows.rows]
    assert len(whole) == len(set(whole)) == 41


def test_the_index_is_asked_for_the_rarest_words_alone(street):
    """A word that every place has, such as the city's name, would have all of them read."""
    with CaptureQueriesContext(connection) as queries:
        list(Business.objects.search("bean juniper chicago zzzzqqq"))
    asked = queries[-1]["sql"].partition("WHERE")[2].partition("AND COALESCE")[0]
    assert "bean" in asked
    assert "chicago" not in asked
