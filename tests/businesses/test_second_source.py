"""The same place from a second source is the same place: it gains a license, and nothing stands twice."""

from datetime import date

import pytest

from partnerships.businesses import services
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.presets import preset_of
from partnerships.businesses.imports.taking_back import take_back
from partnerships.businesses.models import Business, ImportBatch, Organization, SourceRecord
from tests.factories.businesses import BusinessFactory, OrganizationFactory

from . import city_files
from .test_any_city import proposed

pytestmark = pytest.mark.django_db
HEALTH = {"name": "Facility", "account_number": "Permit", "street": "Street", "postal_code": "ZIP",
          "phone": "Phone", "license_kind": "Kind", "license_until": "Expires"}  # fmt: skip
CITY = {"name": "Name", "legal_name": "Company", "account_number": "Account", "street": "Address",
        "postal_code": "Zip Code", "license_kind": "License", "license_until": "Until"}  # fmt: skip


@pytest.fixture
def load(tmp_path):
    """Read rows of a source, each by its fields."""

    def run(source, columns, *rows):
        lines = [",".join(columns.values())]
        lines += [",".join(f'"{row.get(name, "")}"' for name in columns) for row in rows]
        path = tmp_path / f"{source}.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return import_businesses(path, preset_of({"columns": columns}, source, source), actor=None)

    return run


def tacos(**changes):
    return {"name": "JOE'S TACOS", "legal_name": "Joe Holdings LLC", "account_number": "100",
            "street": "12 West Elm Street Ste 4", "postal_code": "46001", "license_kind": "Retail Food",
            "license_until": "2026-05-01"} | changes  # fmt: skip


def permit(**changes):
    return {"name": "Joes Tacos", "account_number": "H-7", "street": "12 W. Elm St #4",
            "postal_code": "46001-1234", "phone": "317-555-0142", "license_kind": "Food Permit",
            "license_until": "2027-01-31"} | changes  # fmt: skip


def test_it_gains_a_license_and_what_was_empty_and_keeps_its_name(load):
    load("city", CITY, tacos())
    report = load("health", HEALTH, permit(), permit(name="Nail Bar", account_number="H-8"))
    assert (report.created, report.updated, report.matched, report.unsure) == (1, 1, 1, 0)
    assert report.rows == report.created + report.updated + report.unchanged + report.merged
    shop = Business.objects.get(organization__source="city")
    assert (shop.name, shop.street) == ("JOE'S TACOS", "12 West Elm Street Ste 4")
    assert (shop.phone, shop.license_kinds) == ("(317) 555-0142", "Food Permit, Retail Food")
    assert shop.license_until == date(2027, 1, 31)
    assert shop.organization.name == "JOE'S TACOS"
    assert Organization.objects.count() == 2


def test_both_files_again_and_next_years_change_nothing_and_double_nothing(load):
    load("city", CITY, tacos())
    load("health", HEALTH, permit())
    before = list(Business.objects.values())
    for source, columns, row in (("city", CITY, tacos()), ("health", HEALTH, permit())):
        again = load(source, columns, row)
        assert (again.created, again.updated, again.kept) == (0, 0, 0)
        assert list(Business.objects.values()) == before
    # A second time it is found by its number, whatever it is called then.
    later = load("health", HEALTH, permit(name="Tacos 24", street="", license_until="2028-01-31"))
    assert (later.created, later.matched) == (0, 1)
    assert Business.objects.get().license_until == date(2028, 1, 31)
    assert SourceRecord.objects.count() == 1
    # And the first source does not take the other's license away.
    assert load("city", CITY, tacos(license_kind="Retail Food and Bar")).updated == 1
    assert Business.objects.get().license_kinds == "Food Permit, Retail Food and Bar"


def test_it_is_found_by_the_legal_name_of_its_organization_too(load):
    load("city", CITY, tacos())
    assert load("health", HEALTH, permit(name="JOE HOLDINGS, L.L.C.")).matched == 1


def test_a_place_that_a_person_added_is_found_and_its_words_stand(load):
    organization = OrganizationFactory(name="Joe's Tacos", source="")
    shop = BusinessFactory(
        organization=organization, name="Joe's Tacos", street="12 W Elm St, Unit 4", postal_code="46001",
        phone="(317) 555-0100", license_kinds="", license_until=None,
    )  # fmt: skip
    assert load("health", HEALTH, permit()).matched == 1
    shop.refresh_from_db()
    assert (shop.phone, shop.license_kinds) == ("(317) 555-0100", "Food Permit")
    services.update_business(business=shop, actor=None, phone="")
    load("health", HEALTH, permit())
    shop.refresh_from_db()
    assert shop.phone == "(317) 555-0142", "empty again, so it is filled again"


@pytest.mark.parametrize(
    "other",
    [
        {"street": "14 W Elm St #4"},
        {"street": "12 W Elm St #5"},
        {"postal_code": "46002"},
        {"name": "Joe's Tacos II"},
        {"street": ""},
    ],
)
def test_a_neighbor_is_another_place(load, other):
    load("city", CITY, tacos())
    report = load("health", HEALTH, permit(**other))
    assert (report.created, report.matched) == (1, 0)


def test_what_could_be_one_of_two_is_added_and_counted_never_merged(load):
    load("city", CITY, tacos(), tacos(account_number="101"))
    report = load("health", HEALTH, permit())
    assert (report.created, report.matched, report.unsure) == (1, 0, 1)
    assert Business.objects.count() == 3


def test_a_closed_place_is_not_brought_back_by_another_source(load):
    load("city", CITY, tacos())
    Business.objects.update(closed_on=date(2024, 1, 1))
    assert load("health", HEALTH, permit()).matched == 0


def test_taken_back_the_license_goes_again(load):
    load("city", CITY, tacos())
    before = list(Business.objects.values_list("phone", "license_kinds", "license_until"))
    report = load("health", HEALTH, permit())
    take_back(batch=ImportBatch.objects.get(pk=report.batch), actor=None)
    assert list(Business.objects.values_list("phone", "license_kinds", "license_until")) == before
    assert not SourceRecord.objects.exists()


@pytest.mark.parametrize("second", [shape for shape in city_files.SHAPES if shape != "accounts"])
def test_a_city_s_second_export_in_another_shape_doubles_nothing(tmp_path, second):
    truth = [each for each in city_files.places(200) if each.closed_on is None]
    first = city_files.write("accounts", tmp_path, truth)
    import_businesses(first, proposed(first, "first"), actor=None)
    other = city_files.write(second, tmp_path, truth)
    report = import_businesses(other, proposed(other, "other"), actor=None)
    assert report.rejected == 0
    assert report.matched >= len(truth) * 0.97, report.created
    assert Business.objects.count() - len(truth) == report.created <= len(truth) * 0.03


def test_few_statements_whatever_the_length(load, django_assert_max_num_queries):
    load("city", CITY, *(tacos(account_number=str(n), street=f"{n} Elm St") for n in range(1, 40)))
    few = [permit(account_number=f"H{n}", street=f"{n} Elm Street") for n in range(1, 40)]
    with django_assert_max_num_queries(70):
        assert load("health", HEALTH, *few).matched == 39
