"""A city's license file becomes organizations and places of business, once."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from core.models import AuditEntry
from partnerships.businesses import services
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.errors import sentence
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.models import Business, ImportBatch, Organization

from .files import EXTRACT, PRESET, row, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    def run(*rows, dry_run=False):
        path = write(tmp_path / "licenses.csv", list(rows))
        return import_businesses(path, load_preset(PRESET), actor=None, dry_run=dry_run)

    return run


def adds_up(report):
    parts = report.created + report.updated + report.unchanged + report.merged + report.rejected
    return report.rows == parts


def test_account_is_an_organization_and_account_and_site_a_place(load, city):
    report = load(
        row(), row(site_number="2", address="9 E OAK ST", latitude="", longitude=""), row(account_number="7")
    )
    assert (report.created, report.organizations, report.merged) == (3, 2, 0)
    assert adds_up(report)
    shop = Business.objects.get(organization__account_number="100", site_number="1")
    assert (shop.name, shop.street, shop.address) == (
        "River Foods",
        "3127 N Broadway",
        "3127 N Broadway, Chicago, IL 60657",
    )
    assert shop.organization.legal_name == "River Foods, Inc."
    assert (shop.standing, shop.industry.code, shop.license_until) == (
        "prospect",
        "722410",
        date(2022, 5, 15),
    )
    assert shop.slug.startswith("river-foods-")


def test_the_area_is_found_by_geometry_never_by_the_number_in_the_file(load, city):
    report = load(row(police_district="20"), row(site_number="2", longitude="-87.0"))
    inside, outside = Business.objects.order_by("site_number")
    assert inside.area == city.west_beat
    assert outside.area is None
    assert (report.located, report.by_area) == (1, {"1925": 1})


def test_several_licenses_of_a_site_are_one_place_and_the_latest_says_its_name(load, city):
    report = load(
        row(doing_business_as_name="OLD NAME", date_issued="01/01/2010", license_description="Tobacco"),
        row(doing_business_as_name="NEW NAME", date_issued="01/01/2020"),
        row(doing_business_as_name="OLDER NAME", date_issued="01/01/2005"),
    )
    assert (report.rows, report.created, report.merged) == (3, 1, 2)
    shop = Business.objects.get()
    assert shop.name == "New Name"
    assert shop.license_kinds == "Tavern, Tobacco"


def test_the_same_file_again_changes_nothing(load, city):
    rows = [row(), row(), row(site_number="2"), row(account_number="7", latitude="", longitude="")]
    load(*rows)
    before = list(Business.objects.order_by("pk").values())
    again = load(*rows)
    assert (again.created, again.updated, again.unchanged, again.merged) == (0, 0, 3, 1)
    assert again.organizations == 0
    assert list(Business.objects.order_by("pk").values()) == before


def test_a_changed_file_updates_what_nobody_changed_here(load, city):
    load(row())
    shop = Business.objects.get()
    services.update_business(business=shop, actor=None, name="River Foods & Deli", description="Fresh.")
    report = load(row(doing_business_as_name="RIVER GROCERS", address="5 W NEW ST", longitude="-87.55"))
    assert (report.updated, report.unchanged) == (1, 0)
    shop.refresh_from_db()
    assert (shop.name, shop.description) == ("River Foods & Deli", "Fresh."), "a person's change stands"
    assert (shop.street, shop.area) == ("5 W New St", city.east_beat)
    assert shop.updated_by_name == "import of licenses.csv"


def test_a_person_s_change_stands_when_only_that_field_differs_and_is_counted_as_kept(load, city):
    load(row())
    shop = Business.objects.get()
    shop = services.update_business(business=shop, actor=None, name="Mine")
    report = load(row(doing_business_as_name="THEIRS"))
    assert (report.updated, report.unchanged, report.kept) == (0, 1, 1)
    again = load(row(doing_business_as_name="THEIRS"))
    assert again.kept == 0
    assert Business.objects.get().updated_at == shop.updated_at


def test_an_area_chosen_by_hand_for_a_place_without_position_stands(load, city):
    load(row(latitude="", longitude=""))
    services.update_business(business=Business.objects.get(), actor=None, area=city.east_beat)
    load(row(latitude="", longitude="", address="5 W NEW ST"))
    assert Business.objects.get().area == city.east_beat


def test_bad_rows_are_told_with_line_column_and_reason_and_good_ones_load(load, city):
    report = load(
        row(),
        row(site_number=""),
        row(site_number="3", latitude="north"),
        row(site_number="4", latitude="99"),
        row(site_number="5", longitude=""),
        row(site_number="6", legal_name="", doing_business_as_name=""),
        row(site_number="7", date_issued="2020-05-13"),
        row(site_number="8", doing_business_as_name="X" * 201),
        row(site_number="9", latitude="nan"),
        row(site_number="10", doing_business_as_name="TWO\nLINES"),
    )
    assert (report.rows, report.created, report.rejected) == (10, 2, 8)
    assert adds_up(report)
    assert [(error["line"], error["column"]) for error in report.errors] == [
        (3, "SITE NUMBER"),
        (4, "LATITUDE"),
        (5, "LATITUDE"),
        (6, "LONGITUDE"),
        (7, "DOING BUSINESS AS NAME"),
        (8, "DATE ISSUED"),
        (9, "DOING BUSINESS AS NAME"),
        (10, "LATITUDE"),
    ]
    assert all(sentence(error).endswith(".") for error in report.errors)
    assert sentence(report.errors[1]) == "“north” is not a number."
    assert Business.objects.get(site_number="10").name == "Two Lines"


def test_a_name_that_nobody_can_read_is_none(load, city):
    report = load(
        row(doing_business_as_name="\u200b\u200b"),
        row(site_number="2", doing_business_as_name="***", legal_name="\u200d"),
        row(site_number="3", doing_business_as_name="Ana\u202e می\u200cخواهم\u200d"),
    )
    assert [(each["line"], sentence(each)) for each in report.errors] == [(3, "The business has no name.")]
    assert list(Business.objects.order_by("site_number").values_list("name", flat=True)) == [
        "River Foods, Inc.",
        "Ana می\u200cخواهم",
    ]


def test_a_dry_run_says_what_would_happen_and_changes_nothing(load, city):
    report = load(row(), row(site_number="2"), dry_run=True)
    assert (report.created, report.organizations, report.located) == (2, 1, 2)
    assert not Business.objects.exists()
    assert not Organization.objects.exists()
    assert not ImportBatch.objects.exists()
    assert not AuditEntry.objects.filter(verb__contains="import").exists()


def test_withheld_addresses_are_read_as_empty(load, city):
    load(row(address="[REDACTED FOR PRIVACY]"))
    assert Business.objects.get().street == ""


def test_an_import_is_on_record_with_its_report(load, city):
    load(row())
    batch = ImportBatch.objects.get()
    assert (batch.file_name, batch.preset, len(batch.sha256)) == ("licenses.csv", PRESET, 64)
    assert Business.objects.get().batch == batch
    assert AuditEntry.objects.get(verb="businesses.file_imported").target_id == str(batch.pk)


def test_the_extract_that_ships_with_the_product_loads_and_reports_as_json(tmp_path, capsys, city):
    out = tmp_path / "report.json"
    call_command("import_businesses", EXTRACT, preset=PRESET, report=out)
    report = json.loads(out.read_text())
    assert {
        "rows",
        "created",
        "updated",
        "unchanged",
        "merged",
        "rejected",
        "located",
        "by_area",
        "errors",
    } <= set(report)
    assert (report["rows"], report["created"], report["organizations"], report["merged"]) == (
        815,
        757,
        613,
        58,
    )
    assert "815 rows: 757 created" in capsys.readouterr().out
    assert Business.objects.search("walgreens").count() > 30
