"""An older license never overwrites what a newer one said, in whatever order the files come."""

from datetime import date
from itertools import permutations

import pytest

from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.models import Business

from .files import PRESET, row, write

pytestmark = pytest.mark.django_db

OLD = row(
    date_issued="03/01/2018", license_term_expiration_date="03/15/2020", legal_name="OLD CORP.",
    doing_business_as_name="OLD FOODS", address="1 OLD ST", zip_code="60601", longitude="-87.0",
    license_description="Tobacco",
)  # fmt: skip
NEXT = row(
    date_issued="03/01/2021", license_term_expiration_date="03/15/2023", legal_name="NEXT CORP.",
    doing_business_as_name="NEXT FOODS", address="2 NEXT ST", license_description="Retail Food Establishment",
)  # fmt: skip
NEW = row(
    date_issued="03/01/2025", license_term_expiration_date="03/15/2027", legal_name="NEW CORP.",
    doing_business_as_name="NEW FOODS", address="3 NEW ST", zip_code="60657", license_description="Tavern",
)  # fmt: skip


@pytest.fixture
def load(tmp_path):
    def run(*rows):
        path = write(tmp_path / "licenses.csv", list(rows))
        return import_businesses(path, load_preset(PRESET), actor=None)

    return run


def what_stands():
    rows = Business.objects.select_related("organization", "industry")
    place = rows.get(organization__account_number="100", site_number="1")
    return {
        "name": place.name,
        "street": place.street,
        "postal_code": place.postal_code,
        "position": (place.latitude, place.longitude),
        "area": place.area_id,
        "industry": place.industry and place.industry.code,
        "licenses": (place.license_kinds, place.license_until, place.license_issued),
        "legal name": place.organization.legal_name,
    }


@pytest.mark.parametrize(
    "order", permutations((OLD, NEXT, NEW)), ids=lambda rows: "-".join(each["ADDRESS"][0] for each in rows)
)
def test_the_newest_license_stands_in_whatever_order_its_files_come(load, city, order):
    for each in order:
        load(each)
    assert what_stands() == {
        "name": "New Foods",
        "street": "3 New St",
        "postal_code": "60657",
        "position": (41.95, -87.65),
        "area": city.west_beat.pk,
        "industry": "722410",
        "licenses": ("Tavern", date(2027, 3, 15), date(2025, 3, 1)),
        "legal name": "New Corp.",
    }


def test_an_older_file_writes_nothing_is_counted_and_counts_as_unchanged(load, city):
    load(NEW)
    before = Business.objects.values().get()
    report = load(OLD, row(account_number="7"))
    assert (report.created, report.updated, report.unchanged, report.kept, report.outdated) == (1, 0, 1, 0, 1)
    assert Business.objects.values().get(organization__account_number="100") == before


def test_a_file_with_both_says_what_the_newer_one_says_and_none_is_outdated(load, city):
    report = load(NEW, OLD)
    assert report.outdated == 0
    assert what_stands()["name"] == "New Foods"
    assert load(OLD, NEW).outdated == 0


def test_the_same_license_with_other_words_is_a_correction(load, city):
    load(NEW)
    load({**NEW, "DOING BUSINESS AS NAME": "NEWER FOODS", "LICENSE TERM EXPIRATION DATE": "01/15/2027"})
    assert what_stands()["name"] == "Newer Foods"
    assert what_stands()["licenses"][1] == date(2027, 1, 15)


def test_a_license_without_a_day_is_no_newer_than_one_with_a_day(load, city):
    load(NEW)
    report = load({**OLD, "DATE ISSUED": ""}, row(account_number="7"))
    assert report.outdated == 1
    assert what_stands()["name"] == "New Foods"


def test_where_a_file_knows_no_days_it_is_the_latest_word(load, city):
    load(NEW)
    report = load({**OLD, "DATE ISSUED": ""})
    assert report.outdated == 0
    assert what_stands()["name"] == "Old Foods"


def test_what_was_imported_before_days_were_kept_follows_the_file_and_notes_its_day(load, city):
    load(OLD)
    Business.objects.update(license_issued=None)
    load(NEXT)
    assert what_stands()["name"] == "Next Foods"
    assert what_stands()["licenses"][2] == date(2021, 3, 1)


def test_an_older_license_of_another_place_does_not_give_the_account_its_old_name_back(load, city):
    load(NEW)
    second = {**OLD, "SITE NUMBER": "2"}
    report = load(second)
    assert (report.created, report.outdated) == (1, 0)
    assert what_stands()["legal name"] == "New Corp."


@pytest.mark.parametrize("turned", [False, True])
def test_within_a_file_too_the_latest_license_of_the_account_says_its_legal_name(load, city, turned):
    rows = [{**OLD, "LEGAL NAME": "ALPHA CORP.", "SITE NUMBER": "2"}, {**NEW, "LEGAL NAME": "ZETA CORP."}]
    load(*(reversed(rows) if turned else rows))
    assert what_stands()["legal name"] == "Zeta Corp."
