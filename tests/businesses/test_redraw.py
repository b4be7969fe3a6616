"""A new edition of areas: what follows what, who covers it then, where places go, and what is asked first."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from partnerships.businesses import services
from partnerships.businesses.imports.areas import BY_OUTLINE, import_areas
from partnerships.businesses.imports.errors import ImportRefusedError
from partnerships.businesses.models import Area, Business, DistrictAssignment, ImportBatch
from tests.factories.accounts import OfficerFactory
from tests.factories.businesses import AreaFactory, BusinessFactory, DistrictAssignmentFactory, square

from .area_files import geojson_file

pytestmark = pytest.mark.django_db
OLD, NEW = date(2008, 1, 1), date(2012, 12, 1)


def row(count, *, first=0, size=0.1):
    """Districts side by side from west to east, numbered from 1."""
    return {str(n + 1): square(-88 + size * n, 41.9, size) for n in range(first, first + count)}


@pytest.fixture
def take(tmp_path):
    """Import areas given as number → outline."""

    def run(areas, kind="district", valid_from=OLD, **options):
        path = tmp_path / "areas.geojson"
        told = [({"NUM": code, "NAME": f"Area {code}"}, each) for code, each in areas.items()]
        path.write_bytes(geojson_file(told))
        what = {"kind": kind, "name_field": "NUM", "valid_from": valid_from, "actor": None}
        return import_areas(path, name=path.name, **what, **options)

    return run


def current(kind="district"):
    return set(Area.objects.filter(kind=kind).current().values_list("code", flat=True))


def test_an_edition_that_ends_more_than_a_fifth_asks_first(take):
    take(row(10))
    report = take(row(7), valid_from=NEW)
    assert report.unchanged == 7, "a file that changes nothing ends nothing"
    assert current() == set(map(str, range(1, 11)))
    moved = {**row(7), "1": square(-88, 41.85, 0.15)}
    dry = take(moved, valid_from=NEW, dry_run=True)
    assert (dry.ended, dry.in_force, dry.ends_many) == (3, 10, True)
    with pytest.raises(ImportRefusedError, match="ends 3 of the 10 areas in effect"):
        take(moved, valid_from=NEW)
    assert current() == set(map(str, range(1, 11)))
    assert not Area.objects.exclude(valid_until=None).exists()
    assert take(moved, valid_from=NEW, end_many=True).ended == 3
    assert len(current()) == 7


def test_an_edition_that_ends_a_fifth_does_not_ask(take):
    take(row(10))
    assert take({**row(8), "1": square(-88, 41.85, 0.15)}, valid_from=NEW).ended == 2


def test_the_districts_of_another_city_do_not_slip_in_by_their_numbers(take):
    take(row(10))
    elsewhere = {code: square(-118 + 0.1 * n, 34.0, 0.1) for n, code in enumerate(row(10))}
    report = take(elsewhere, valid_from=NEW, dry_run=True)
    assert (report.ended, report.elsewhere, report.ends_many) == (0, 10, True)
    with pytest.raises(ImportRefusedError, match="or puts them elsewhere"):
        take(elsewhere, valid_from=NEW)


def test_the_command_asks_first_as_well(take, tmp_path):
    take(row(10))
    path = tmp_path / "new.geojson"
    path.write_bytes(geojson_file([({"NUM": "1"}, square(-88, 41.8, 0.2))]))
    options = {"kind": "district", "name_field": "NUM", "valid_from": "2012-12-01", "verbosity": 0}
    with pytest.raises(CommandError, match="ends 9 of the 10"):
        call_command("import_areas", path, **options)
    assert len(current()) == 10
    call_command("import_areas", path, end_many=True, **options)
    assert current() == {"1"}


def test_leading_zeros_make_no_new_area(take):
    take({f"{int(code):02}": each for code, each in row(5).items()})
    report = take(row(5), valid_from=NEW)
    assert (report.unchanged, report.created, report.ended) == (5, 0, 0)
    report = take({**row(5), "1": square(-88, 41.85, 0.15)}, valid_from=NEW)
    assert (report.redrawn, report.created, report.ended) == (1, 0, 0)
    assert current() == {"01", "02", "03", "04", "05"}


def test_numbers_that_only_differ_by_zeros_stay_two_areas(take):
    both = {"1": square(-88, 41.9), "01": square(-87.9, 41.9)}
    assert take(both).created == 2
    assert take(both, valid_from=NEW).unchanged == 2


def test_a_name_that_someone_wrote_here_stands_where_the_file_has_none(take):
    take(row(2))
    Area.objects.filter(code="1").update(name="Harbor")
    assert take(row(2), valid_from=NEW).unchanged == 2
    take({**row(2), "1": square(-88, 41.85, 0.15)}, valid_from=NEW)
    assert Area.objects.current().get(code="1").name == "Harbor"


def test_names_of_the_file_are_taken_where_it_is_said_which(take):
    take(row(2))
    assert take(row(2), valid_from=NEW, label_field="NAME").redrawn == 2
    assert str(Area.objects.current().get(code="1")) == "Area 1"


def test_beats_are_part_of_the_district_that_they_lie_in(take):
    take(row(2))
    beats = {"11": square(-88, 41.9, 0.05), "12": square(-87.91, 41.9, 0.05), "99": square(-80, 41.9, 0.05)}
    report = take(beats, "beat", parent_field=BY_OUTLINE)
    parents = dict(Area.objects.beats().values_list("code", "parent__code"))
    assert parents == {"11": "1", "12": "2", "99": None}
    assert report.orphans == ["99"]
    with pytest.raises(ImportRefusedError, match="lie in no district that is here"):
        take({"99": square(-70, 41.9, 0.05)}, "beat", parent_field=BY_OUTLINE, valid_from=NEW)


def test_beats_of_a_district_that_changes_are_asked_for(take):
    take(row(2))
    take({"11": square(-88, 41.9, 0.05), "21": square(-87.89, 41.9, 0.05)}, "beat", parent_field=BY_OUTLINE)
    assert take({**row(2), "1": square(-88, 41.85, 0.15)}, valid_from=NEW).beats_behind == 1


def test_a_district_is_part_of_nothing(take):
    with pytest.raises(ImportRefusedError, match="part of no other area"):
        take(row(2), parent_field=BY_OUTLINE)


def test_whoever_covers_a_district_that_ends_is_named_and_who_covers_another_is_not(take):
    take(row(6))
    first, last = (Area.objects.get(code=code) for code in "16")
    lost, kept = OfficerFactory(full_name="Lee Lost"), OfficerFactory()
    for user, area in ((lost, last), (kept, last), (kept, first)):
        DistrictAssignmentFactory(user=user, area=area, starts_on=OLD)
    report = take({**row(5), "1": square(-88, 41.85, 0.15)}, valid_from=NEW)
    assert report.cover_ended == 2
    assert report.without_cover == [lost.display_name]
    assert next(each for each in report.changes if each["code"] == "6")["cover"] == 2
    covered = DistrictAssignment.objects.current().values_list("user", "area__code", "starts_on")
    assert list(covered) == [(kept.pk, "1", NEW)]


def test_cover_that_begins_or_ends_later_keeps_its_days(take):
    take(row(5))
    area, today = Area.objects.get(code="1"), clock.today()
    soon, until = today + timedelta(days=3), today + timedelta(days=9)
    DistrictAssignmentFactory(user=OfficerFactory(), area=area, starts_on=soon)
    DistrictAssignmentFactory(user=OfficerFactory(), area=area, starts_on=OLD, ends_on=until)
    DistrictAssignmentFactory(user=OfficerFactory(), area=area, starts_on=OLD, ends_on=date(2010, 1, 1))
    take({**row(5), "1": square(-88, 41.85, 0.15)}, valid_from=today)
    new = DistrictAssignment.objects.filter(area=Area.objects.current().get(code="1"))
    assert set(new.values_list("starts_on", "ends_on")) == {(soon, None), (today, until)}
    assert set(DistrictAssignment.objects.filter(area=area).values_list("ends_on", flat=True)) == {
        soon, today, date(2010, 1, 1),
    }  # fmt: skip


def test_places_that_change_their_area_are_told_apart_from_those_whose_area_has_a_new_edition(take):
    take(row(5))
    places = [(41.95, -87.99), (41.95, -87.91), (41.95, -87.89), (41.95, -80.0)]
    for latitude, longitude in places:
        services.add_business(actor=None, name="Corner", latitude=latitude, longitude=longitude)
    report = take({**row(5), "1": square(-88, 41.9, 0.08)}, valid_from=NEW)
    assert (report.moved, report.across, report.outside) == (2, 1, 2)
    change = next(each for each in report.changes if each["code"] == "1")
    assert (change["gone"], change["come"]) == (1, 0)
    back = take(row(5), valid_from=NEW + timedelta(days=1))
    assert (back.moved, back.across, back.outside) == (2, 1, 1)
    change = next(each for each in back.changes if each["code"] == "1")
    assert (change["gone"], change["come"]) == (0, 1)
    assert change["before"] < change["after"]


def test_a_place_without_a_position_goes_where_its_area_goes(take):
    take(row(10))
    stays, ends = (Area.objects.get(code=code) for code in ("1", "10"))
    placed, lost = BusinessFactory(area=stays), BusinessFactory(area=ends)
    take({**row(9), "1": square(-88, 41.85, 0.15)}, valid_from=NEW)
    placed.refresh_from_db()
    lost.refresh_from_db()
    assert placed.area == Area.objects.current().get(code="1") != stays
    assert lost.area is None, "every officer sees it until it is placed"


def test_an_area_of_the_same_day_that_the_file_does_not_have_stays_and_is_told(take):
    take(row(2))
    report = take({"3": square(-88, 41.9, 0.1)})
    assert (report.created, report.ended, report.stay) == (1, 0, 2)
    assert current() == {"1", "2", "3"}


def test_a_dry_run_tells_the_same_as_the_import_and_writes_nothing(take):
    take(row(5))
    services.add_business(actor=None, name="Corner", latitude=41.95, longitude=-87.91)
    edition = {**row(5), "1": square(-88, 41.9, 0.08)}
    before = list(Area.objects.order_by("pk").values())
    dry = take(edition, valid_from=NEW, dry_run=True)
    assert list(Area.objects.order_by("pk").values()) == before
    assert ImportBatch.objects.count() == 1
    real = take(edition, valid_from=NEW)
    assert {**dry.__dict__, "dry_run": False} == real.__dict__


@pytest.mark.parametrize("change", [False, True])
def test_the_statements_do_not_grow_with_the_areas(take, change):
    counts = []
    for size in (5, 40):
        Business.objects.all().delete()
        DistrictAssignment.objects.all().delete()
        Area.objects.all().delete()
        take(row(size))
        for area in Area.objects.all():
            DistrictAssignmentFactory(user=OfficerFactory(), area=area, starts_on=OLD)
        north = 41.85 if change else 41.9
        edition = {code: square(-88 + 0.1 * n, north, 0.1) for n, code in enumerate(row(size))}
        with CaptureQueriesContext(
            connection,
        ) as found:
            report = take(edition, valid_from=NEW)
        assert report.redrawn == (size if change else 0)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 30


def test_a_negative_control_the_places_of_a_redraw_are_locked_before_anything_of_them(take):
    """See decision 0093: without the turn first, a redraw and an edit could wait for each other crosswise."""
    take(row(5))
    services.add_business(actor=None, name="Corner", latitude=41.95, longitude=-87.91)
    with CaptureQueriesContext(connection) as found:
        take({**row(5), "1": square(-88, 41.9, 0.08)}, valid_from=NEW)
    said = [each["sql"] for each in found]
    turn = next(at for at, sql in enumerate(said) if "FOR UPDATE" in sql and "businesses_organization" in sql)
    written = [at for at, sql in enumerate(said) if sql.lstrip().startswith(("UPDATE", "INSERT"))]
    assert written
    assert turn < min(written)


def test_neighborhoods_of_an_area_code_longer_than_a_number(take):
    report = take({"Back of the Yards": square(-88, 41.9, 0.1)}, "neighborhood")
    assert report.created == 1
    assert str(Area.objects.get()) == "Back of the Yards"
    assert AreaFactory(code="7").code == "7"
