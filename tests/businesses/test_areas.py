"""Areas come from GeoJSON, have effective dates, and places move with a redraw."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from core import clock
from partnerships.businesses import services
from partnerships.businesses.geography import Locator
from partnerships.businesses.models import Area, Business, DistrictAssignment
from tests.factories.accounts import UserFactory
from tests.factories.businesses import BusinessFactory, square

from .files import BEATS, DISTRICTS

pytestmark = pytest.mark.django_db
OLD, NEW = date(2008, 1, 1), date(2012, 12, 1)


@pytest.fixture
def draw(tmp_path):
    """Import areas given as code → (parent, square)."""

    def run(kind, areas, valid_from=OLD, **options):
        features = [
            {"type": "Feature", "properties": {"NUM": code, "DIST": parent}, "geometry": geometry}
            for code, (parent, geometry) in areas.items()
        ]
        path = tmp_path / "areas.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        if kind == "beat":
            options["parent_field"] = "DIST"
        report = tmp_path / "areas.json"
        call_command(
            "import_areas",
            path,
            kind=kind,
            name_field="NUM",
            valid_from=valid_from.isoformat(),
            report=report,
            verbosity=0,
            **options,
        )
        return json.loads(report.read_text())

    return run


@pytest.fixture
def drawn(draw):
    draw("district", {"1": ("", square(0, 0, 2)), "2": ("", square(2, 0, 2))})
    draw("beat", {"11": ("1", square(0, 0, 2)), "21": ("2", square(2, 0, 2))})


def test_the_shipped_beats_and_districts_load_and_belong_to_each_other():
    call_command("import_areas", DISTRICTS, kind="district", name_field="DIST_NUM", valid_from="2008-01-01")
    call_command(
        "import_areas",
        BEATS,
        kind="beat",
        name_field="BEAT_NUM",
        parent_field="DISTRICT",
        valid_from="2008-01-01",
    )
    assert (Area.objects.districts().count(), Area.objects.beats().count()) == (23, 275)
    assert not Area.objects.beats().filter(parent=None).exists()
    city_hall = Area.objects.get(pk=Locator().locate_one(41.8838, -87.6323))
    assert city_hall.in_full == "District 1, beat 0122"
    assert Locator().locate_one(0.0, 0.0) is None


def test_the_same_file_again_changes_nothing(draw, drawn):
    again = draw("beat", {"11": ("1", square(0, 0, 2)), "21": ("2", square(2, 0, 2))}, valid_from=NEW)
    assert (again["unchanged"], again["created"], again["redrawn"], again["ended"]) == (2, 0, 0, 0)


def test_a_redraw_closes_the_old_areas_and_moves_the_places(draw, drawn):
    shop = BusinessFactory(name="Corner", latitude=1.0, longitude=3.0)
    services.update_business(business=shop, actor=None, latitude=1.0, longitude=2.5)
    shop.refresh_from_db()
    assert shop.area.code == "21"
    report = draw("beat", {"11": ("1", square(0, 0, 2.8)), "22": ("2", square(2.8, 0, 1.2))}, valid_from=NEW)
    assert (report["redrawn"], report["created"], report["ended"], report["moved"]) == (1, 1, 1, 1)
    shop.refresh_from_db()
    assert (shop.area.code, shop.area.valid_from) == ("11", NEW)
    assert Area.objects.get(code="21").valid_until == NEW
    assert set(Area.objects.current(on=OLD).beats().values_list("code", flat=True)) == {"11", "21"}
    assert set(Area.objects.current().beats().values_list("code", flat=True)) == {"11", "22"}


def test_whoever_covers_a_district_covers_its_redrawn_successor(draw, drawn):
    officer = UserFactory(role="officer")
    services.assign_district(user=officer, area=Area.objects.get(code="1"), actor=None, starts_on=OLD)
    shop = services.add_business(actor=None, name="Corner", latitude=1.0, longitude=1.0)
    draw("district", {"1": ("", square(0, 0, 3)), "2": ("", square(3, 0, 1))}, valid_from=NEW)
    old, new = DistrictAssignment.objects.order_by("pk")
    assert (old.ends_on, new.starts_on, new.area.valid_from) == (NEW, NEW, NEW)
    assert shop in Business.objects.visible_to(officer)


def test_leading_zeros_of_a_district_number_do_not_matter(draw):
    draw("district", {"01": ("", square(0, 0, 2))})
    draw("beat", {"111": ("1", square(0, 0, 2))})
    assert Area.objects.beats().get().parent.code == "01"


def test_a_position_on_a_border_belongs_to_the_lower_code(draw, drawn):
    for _again in range(3):
        assert Area.objects.get(pk=Locator().locate_one(1.0, 2.0)).code == "11"


def test_the_lower_code_is_the_lower_number(draw):
    draw("district", {"10": ("", square(0, 0, 2)), "2": ("", square(2, 0, 2))})
    assert Area.objects.get(pk=Locator().locate_one(1.0, 2.0)).code == "2"


def test_a_place_where_no_beat_is_drawn_belongs_to_the_district(draw):
    draw("district", {"1": ("", square(0, 0, 2))})
    assert (
        services.add_business(actor=None, name="Far", latitude=1.0, longitude=1.0).area.in_full
        == "District 1"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("not json", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("{}", "not a GeoJSON FeatureCollection"),
        ('{"features": []}', "not a GeoJSON FeatureCollection"),
        ('{"features": [{"properties": {"X": 1}}]}', "no property “NUM”. It has: X"),
        ('{"features": [{"properties": {"NUM": "1"}}]}', "not a polygon"),
        ('{"features": [{"properties": {"NUM": ""}}]}', "1 to 20 characters"),
        (json.dumps({"features": [{"properties": {"NUM": "\u200b\u200b"}}]}), "a letter or a digit"),
        (
            '{"features": [{"properties": {"NUM": "1"}, "geometry": {"type": "Polygon", "coordinates": 1}}]}',
            "coordinates can't be read",
        ),
        (
            json.dumps({"features": [{"properties": {"NUM": "1"}, "geometry": square(500, 0)}]}),
            "not degrees of longitude",
        ),
    ],
)
def test_a_file_that_is_not_of_areas_is_refused_in_one_line(tmp_path, content, message):
    path = tmp_path / "a.geojson"
    path.write_text(content)
    with pytest.raises(CommandError, match=message) as caught:
        call_command("import_areas", path, kind="district", name_field="NUM", valid_from="2008-01-01")
    assert "\n" not in str(caught.value)
    assert not Area.objects.exists()


def test_beats_of_a_district_that_is_not_here_are_refused_as_a_whole(draw):
    draw("district", {"1": ("", square(0, 0, 2))})
    with pytest.raises(CommandError, match="Import the districts first"):
        draw("beat", {"11": ("1", square(0, 0, 2)), "99": ("9", square(5, 5, 2))})
    assert not Area.objects.beats().exists()


def test_borders_of_the_future_and_older_ones_than_here_are_refused(draw, drawn):
    with pytest.raises(CommandError, match="still to come"):
        draw("district", {"1": ("", square(0, 0, 3))}, valid_from=clock.today() + timedelta(days=1))
    with pytest.raises(CommandError, match="Give a later --valid-from"):
        draw("district", {"1": ("", square(0, 0, 3))}, valid_from=OLD - timedelta(days=1))


def test_a_dry_run_changes_nothing(draw):
    assert draw("district", {"1": ("", square(0, 0, 2))}, dry_run=True)["created"] == 1
    assert not Area.objects.exists()


def test_the_area_follows_the_position_when_a_place_is_edited(city):
    shop = services.add_business(actor=None, name="Mover", latitude=41.95, longitude=-87.65)
    assert shop.area == city.west_beat
    shop = services.update_business(business=shop, actor=None, longitude=-87.55)
    assert shop.area == city.east_beat
    shop = services.update_business(business=shop, actor=None, area=city.west_beat)
    assert shop.area == city.east_beat, "with a position, the area can't be chosen"
    shop = services.update_business(business=shop, actor=None, latitude=None, longitude=None)
    assert shop.area is None
    assert services.update_business(business=shop, actor=None, area=city.west_beat).area == city.west_beat


def test_industries_are_there_after_migrate_and_know_what_they_are_part_of():
    from partnerships.businesses.industries import load_industries
    from partnerships.businesses.models import Industry

    assert load_industries() == Industry.objects.count() == 2125
    tavern = Industry.objects.get(code="722410")
    chain = []
    while tavern:
        chain.append(tavern.code)
        tavern = tavern.parent
    assert chain == ["722410", "72241", "7224", "722", "72"]
    assert Industry.objects.get(code="445").parent.code == "44-45"
