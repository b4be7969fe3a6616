"""A later file of addresses and positions places what the license file left without one."""

import pytest

from partnerships.businesses import services
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.errors import ImportRefusedError
from partnerships.businesses.imports.presets import preset_of
from partnerships.businesses.imports.taking_back import take_back
from partnerships.businesses.models import Business, ImportBatch
from tests.factories.businesses import BusinessFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    def run(heads, *rows, columns=None, dry_run=False):
        path = tmp_path / "where.csv"
        path.write_text("\n".join([heads, *rows]), encoding="utf-8")
        says = columns or {"address": "Address", "position": "Where"}
        return import_businesses(
            path, preset_of({"columns": says}, "where", "where"), actor=None, dry_run=dry_run
        )

    return run


def shop(street, postal_code="60657", **more):
    return BusinessFactory(
        street=street, postal_code=postal_code, latitude=None, longitude=None, area=None, **more
    )


def placed():
    found = Business.objects.exclude(latitude=None).order_by("street")
    return [(each.street, each.latitude, each.longitude) for each in found]


def test_places_at_the_address_get_its_position_and_their_area(load, city):
    shop("12 West Elm Street, Ste 4"), shop("14 Elm St"), shop("")
    report = load(
        "Address,Where",
        '"12 W. Elm St, Chicago, Illinois 60657",POINT (-87.65 41.95)',
        '"99 Oak St, Chicago, IL 60657","(41.95, -87.55)"',
    )
    assert (report.placed, report.updated, report.unknown, report.created, report.rejected) == (1, 1, 1, 0, 0)
    assert placed() == [("12 West Elm Street, Ste 4", 41.95, -87.65)]
    assert Business.objects.get(street__startswith="12 W").area == city.west_beat
    assert Business.objects.count() == 3


def test_a_unit_of_its_own_counts_and_the_building_else(load):
    shop("12 Elm St #4"), shop("12 Elm St #5"), shop("12 Elm St")
    load("Address,Where", '12 Elm St,"(41.1, -87.1)"', '12 Elm St Unit 4,"(41.2, -87.2)"')
    assert placed() == [
        ("12 Elm St", 41.1, -87.1),
        ("12 Elm St #4", 41.2, -87.2),
        ("12 Elm St #5", 41.1, -87.1),
    ]


def test_the_zip_code_tells_two_streets_of_one_name_apart_and_without_one_nothing_is_guessed(load):
    shop("12 Elm St", "60657"), shop("12 Elm St", ""), shop("14 Elm St", "")
    two = [
        '12 Elm St,60601,"(41.1, -87.1)"',
        '12 Elm St,60657,"(41.2, -87.2)"',
        '14 Elm St,60601,"(41.3, -87.3)"',
    ]
    columns = {"street": "Address", "postal_code": "ZIP", "position": "Where"}
    load("Address,ZIP,Where", *two, columns=columns)
    assert placed() == [("12 Elm St", 41.2, -87.2), ("14 Elm St", 41.3, -87.3)]
    assert Business.objects.exclude(latitude=None).get(street="12 Elm St").postal_code == "60657"


def test_what_has_a_position_keeps_it_and_the_same_file_again_changes_nothing(load):
    BusinessFactory(street="12 Elm St", latitude=41.5, longitude=-87.5), shop("14 Elm St")
    rows = ['12 Elm St,"(41.1, -87.1)"', '14 Elm St,"(41.2, -87.2)"']
    assert load("Address,Where", *rows).placed == 1
    assert load("Address,Where", *rows).placed == 0
    assert placed() == [("12 Elm St", 41.5, -87.5), ("14 Elm St", 41.2, -87.2)]


def test_rows_without_a_whole_position_or_a_house_number_are_told(load):
    shop("12 Elm St")
    columns = {"street": "Address", "latitude": "Lat", "longitude": "Lon"}
    report = load(
        "Address,Lat,Lon", "12 Elm St,41.2,", "Elm St,41.2,-87.1", "13 Elm St,1,-87.1", columns=columns
    )
    assert [error["line"] for error in report.errors] == [2, 3]
    assert report.rejected == 2


def test_a_dry_run_changes_nothing_and_an_import_is_taken_back_but_for_what_a_person_moved(load):
    first, second = shop("12 Elm St"), shop("14 Elm St")
    rows = ['12 Elm St,"(41.1, -87.1)"', '14 Elm St,"(41.2, -87.2)"']
    assert load("Address,Where", *rows, dry_run=True).placed == 2
    assert placed() == []
    batch = ImportBatch.objects.get(pk=load("Address,Where", *rows).batch)
    services.update_business(business=first, actor=None, latitude=41.9, longitude=-87.9)
    done = take_back(batch=batch, actor=None)
    assert (done.restored, done.stayed) == (2, 1)
    assert placed() == [("12 Elm St", 41.9, -87.9)]
    second.refresh_from_db()
    assert second.longitude is None


def test_the_next_license_file_does_not_take_the_position_away(load, tmp_path):
    licenses = tmp_path / "licenses.csv"
    licenses.write_text("Name,Address,Lat,Lon\nCorner Bean,12 Elm St,,\n")
    columns = {"name": "Name", "street": "Address", "latitude": "Lat", "longitude": "Lon"}
    preset = preset_of({"columns": columns}, "city", "city")
    import_businesses(licenses, preset, actor=None)
    load("Address,Where", '12 Elm St,"(41.1, -87.1)"')
    assert import_businesses(licenses, preset, actor=None).updated == 0
    assert placed() == [("12 Elm St", 41.1, -87.1)]


def test_a_file_with_neither_names_nor_positions_is_refused():
    with pytest.raises(ImportRefusedError, match="which column holds the name"):
        preset_of({"columns": {"address": "Address"}}, "where", "where")


def test_few_statements_whatever_the_length(load, django_assert_max_num_queries):
    for n in range(1, 30):
        shop(f"{n} Elm St")
    with django_assert_max_num_queries(45):
        assert load("Address,Where", *(f'{n} Elm St,"(41.1, -87.1)"' for n in range(1, 30))).placed == 29
