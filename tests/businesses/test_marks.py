"""Businesses run from a home or outside the city: kept, marked, narrowed to, left out by choice."""

import pytest
from django.urls import reverse

from core.progress import Progress
from partnerships.businesses import services
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.errors import ImportRefusedError
from partnerships.businesses.imports.looking import look_through
from partnerships.businesses.imports.marks import is_away, is_home
from partnerships.businesses.imports.presets import MARKS, preset_of
from partnerships.businesses.models import Business
from tests.factories.accounts import SupervisorFactory, sign_in
from tests.factories.businesses import BusinessFactory, OrganizationFactory

pytestmark = pytest.mark.django_db
COLUMNS = {"name": "Name", "street": "Street", "city": "City", "license_kind": "Kind"}
ROWS = [
    "Corner Bean,12 Elm St,Springfield,Retail Food",
    "Quilts by Ana,14 Oak St,Springfield,Home Occupation Permit",
    "Far Roofing,99 Main St,Shelbyville,Contractor",
    "Near Roofing,98 Main St,SPRINGFIELD,Contractor",
]


@pytest.fixture
def load(tmp_path):
    def run(*rows, **says):
        path = tmp_path / "city.csv"
        path.write_text("\n".join(["Name,Street,City,Kind", *rows]), encoding="utf-8")
        return import_businesses(path, preset_of({"columns": COLUMNS, **says}, "city", "city"), actor=None)

    return run


def marked(name):
    return list(Business.objects.filter(**{name: True}).values_list("name", flat=True))


def test_they_are_kept_and_marked(load):
    report = load(*ROWS, towns=["Springfield"])
    assert (report.created, report.by_choice) == (4, 0)
    assert marked("home_based") == ["Quilts by Ana"]
    assert marked("out_of_town") == ["Far Roofing"]


def test_they_are_left_out_by_choice_and_counted(load):
    report = load(*ROWS, towns=["Springfield"], leaves_out=["home_based", "out_of_town"])
    assert (report.created, report.by_choice, report.rejected) == (2, 2, 0)
    assert report.rows == report.created + report.by_choice
    with pytest.raises(ImportRefusedError, match="left out, by choice"):
        load(ROWS[1], leaves_out=["home_based"])
    with pytest.raises(ImportRefusedError, match="leaves out “closed”"):
        load(*ROWS, leaves_out=["closed"])


def test_nobody_is_out_of_town_where_nobody_said_what_the_city_is_called(load):
    load(*ROWS)
    assert marked("out_of_town") == []


def test_a_mark_that_a_person_took_off_stays_off_and_the_file_else_decides(load):
    load(*ROWS)
    shop = Business.objects.get(name="Quilts by Ana")
    services.update_business(business=shop, actor=None, home_based=False)
    load(*ROWS)
    assert marked("home_based") == []
    load(ROWS[0].replace("Retail Food", "Home Occupation"))
    assert marked("home_based") == ["Corner Bean"]
    load(ROWS[0])
    assert marked("home_based") == []


def test_what_was_imported_before_there_were_marks_is_not_taken_for_a_person_s_change(load):
    load(*ROWS)
    for shop in Business.objects.all():
        said = {name: value for name, value in shop.imported.items() if name not in MARKS}
        Business.objects.filter(pk=shop.pk).update(imported=said, home_based=False)
    report = load(*ROWS, towns=["Springfield"])
    assert (report.updated, report.kept) == (2, 0)
    assert marked("home_based") == ["Quilts by Ana"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ({"home_based": "Y"}, True),
        ({"home_based": "Home-Based"}, True),
        ({"home_based": "No", "license_kind": "Home Occupation"}, False),
        ({"home_based": "Commercial"}, False),
        ({"activity": "IN-HOME DAY CARE"}, True),
        ({"license_kind": "Home Improvement Contractor"}, False),
        ({"license_kind": "Funeral Home"}, False),
        ({"license_kind": "Nursing home based in Springfield"}, True),  # words alone can't tell
        ({}, False),
    ],
)
def test_what_says_that_it_is_run_from_a_home(text, said):
    assert is_home(text) is said


@pytest.mark.parametrize(
    ("text", "city", "said"),
    [
        ({}, "Springfield", False),
        ({}, "  SPRINGFIELD ", False),
        ({}, "Shelbyville", True),
        ({}, "", False),
        ({"out_of_town": "Out of Town"}, "Springfield", True),
        ({"out_of_town": "false"}, "Shelbyville", False),
    ],
)
def test_what_lies_outside_the_city(text, city, said):
    assert is_away(text, city, {"springfield"}) is said


def test_the_first_look_proposes_the_columns_and_the_name_of_the_city(tmp_path):
    heads = "Business Name,Street Address,City,Home Occupation,Outside City Limits"
    towns = ["Shelbyville", *["SPRINGFIELD"] * 4]
    rows = [f"Shop {n},{n} Elm St,{towns[n % 5]},{'NYY'[n % 3]},N" for n in range(1, 40)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([heads, *rows]), encoding="utf-8")
    progress: Progress = lambda done, total: None  # noqa: E731
    found = look_through(path, "a.csv", progress)["proposal"]
    assert found["columns"]["home_based"] == "Home Occupation"
    assert found["columns"]["out_of_town"] == "Outside City Limits"
    assert list(found["towns"]) == ["Springfield"]


def test_the_desk_narrows_its_list_and_the_directory_shows_no_street_of_a_home(client):
    organization = OrganizationFactory(standing="partner")
    home = BusinessFactory(
        organization=organization, name="Quilts by Ana", street="14 Oak St", city="Springfield", state="IN",
        home_based=True, listed=True,
    )  # fmt: skip
    BusinessFactory(
        organization=organization, name="Far Roofing", street="9 Main St", out_of_town=True, listed=True
    )
    for address in (home.get_absolute_url(), reverse("public:partners")):
        page = client.get(address).content.decode()
        assert "Springfield, IN" in page
        assert "14 Oak St" not in page
        assert "9 Main St" in page
    assert "14 Oak St" not in client.get("/").content.decode()
    for words, found in (("quilts", True), ("14 oak", False), ("oak st springfield", False), ("main", False)):
        page = client.get(reverse("public:partners"), {"q": words}).content.decode()
        assert ("Quilts by Ana" in page) is found, words
    sign_in(client, SupervisorFactory())
    there = reverse("desk:businesses")
    assert "Quilts by Ana" in client.get(f"{there}?q=14 oak").content.decode()
    assert "14 Oak St" in client.get(f"{there}?where=home").content.decode()
    assert "Far Roofing" not in client.get(f"{there}?where=home").content.decode()
    assert "Far Roofing" in client.get(f"{there}?where=away").content.decode()
    assert "Quilts by Ana" not in client.get(f"{there}?where=shop").content.decode()
    page = client.get(reverse("desk:business", args=[home.pk])).content.decode()
    assert "run from a home" in page
