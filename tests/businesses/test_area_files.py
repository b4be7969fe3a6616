"""Files of areas are read however they are written; what can't be is refused in a sentence."""

import json
import random
import zipfile
from contextlib import suppress
from types import SimpleNamespace

import pytest
import shapefile
import shapely
from shapely.geometry import shape

from partnerships.businesses.imports.errors import ImportRefusedError
from partnerships.businesses.imports.outlines import kml as kml_reader
from partnerships.businesses.imports.outlines import opening, zips
from partnerships.businesses.imports.outlines.drawn import Meaning, drawing_of
from partnerships.businesses.imports.outlines.looking import look_at
from partnerships.businesses.imports.outlines.maps import Shown, map_of
from partnerships.businesses.imports.outlines.mending import A_STEP, is_same

from .area_files import (
    BOWTIE,
    EAST,
    FEET,
    HOLED,
    TWO,
    WEST,
    esri,
    geojson,
    geojson_file,
    in_feet,
    kml,
    projected,
    shapefile_zip,
    shapes,
    square,
    zipped,
)
from .bad_area_files import BAD, ENTITY

HERE = (41.95, -87.62)
NUMBERS = Meaning(name_field="NUM")


@pytest.fixture
def read(tmp_path):
    """The layer of a file of this content."""

    def run(content):
        path = tmp_path / "beats"
        path.write_bytes(content)
        return opening.read_layer(path, "beats.zip")

    return run


@pytest.fixture
def drawn(read):
    """The areas of a file of this content."""
    return lambda content, meaning=NUMBERS: drawing_of(read(content), meaning, "beats.zip")


def with_label(**more):
    return Meaning(name_field="NUM", label_field="NAME", **more)


GOOD = {
    "GeoJSON": geojson_file(),
    "GeoJSON with a mark in front": b"\xef\xbb\xbf" + geojson_file(),
    "GeoJSON in UTF-16": json.dumps(geojson(), ensure_ascii=False).encode("utf-16"),
    "GeoJSON in old Windows": json.dumps(geojson(), ensure_ascii=False).encode("cp1252"),
    "GeoJSON in a zip": zipped({"beats.geojson": geojson_file()}),
    "GeoJSON in feet that says so": geojson_file(
        in_feet(), crs={"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{FEET}"}}
    ),
    "GeoJSON with heights": geojson_file(
        [(told, shapely.geometry.mapping(shapely.force_3d(shape(each), 180.0))) for told, each in TWO]
    ),
    "GeoJSON whose rings do not close": geojson_file(
        [(told, {**each, "coordinates": [each["coordinates"][0][:-1]]}) for told, each in TWO]
    ),
    "shapefile": shapefile_zip(prj=esri(4269)),
    "shapefile in feet": shapefile_zip(in_feet(), prj=esri()),
    "shapefile in meters": shapefile_zip(
        [(told, projected(each, 26916)) for told, each in TWO], prj=esri(26916)
    ),
    "shapefile on a web map": shapefile_zip(
        [(told, projected(each, 3857)) for told, each in TWO], prj=esri(3857)
    ),
    "shapefile without .shx and .prj": shapefile_zip(without=["shx"]),
    "shapefile in a folder": shapefile_zip(folder="Beats 2012/"),
    "shapefile with heights": shapefile_zip(kind=shapefile.POLYGONZ),
    "shapefile in UTF-8 that says so": shapefile_zip(encoding="utf-8", cpg="UTF-8"),
    "shapefile in UTF-8 that says nothing": shapefile_zip(encoding="utf-8"),
    "shapefile that says 1252": shapefile_zip(cpg="1252"),
    "shapefile that says ANSI 1252": shapefile_zip(cpg="ANSI 1252"),
    "shapefile that says UTF-8 and is not": shapefile_zip(cpg="UTF-8"),
    "shapefile that says nonsense": shapefile_zip(cpg="\0\0what"),
    "KML": kml(),
    "KML by a schema": kml(schema=True),
    "KML in Latin-1": kml(encoding="ISO-8859-1"),
    "KML in old Windows": kml(encoding="windows-1252"),
    "KML that says UTF-8 and is old Windows": kml().decode().encode("cp1252"),
    "KMZ": zipped({"doc.kml": kml(), "files/icon.png": b"\x89PNG"}),
}


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD.keys())
def test_a_file_is_read_however_it_is_written(drawn, content):
    found = drawn(content, with_label())
    assert [(each.code, each.name) for each in found.areas] == [("1", "Río Norte"), ("2", "Señor Peñón")]
    for each, (_told, outline) in zip(found.areas, TWO, strict=True):
        assert not each.outline.has_z
        assert is_same(each.outline, shape(outline))
    assert (found.left_out, found.mended, found.lie.overlaps, found.lie.far) == ([], [], [], [])


def test_holes_and_parts_are_kept_in_every_kind_of_file(drawn):
    coordinates = [EAST["coordinates"], square(-87.4, 41.9, 0.05)["coordinates"]]
    parts = {"type": "MultiPolygon", "coordinates": coordinates}
    areas = [({"NUM": "1"}, HOLED), ({"NUM": "2"}, parts)]
    for content in (geojson_file(areas), shapefile_zip(areas), kml(areas)):
        holed, double = drawn(content).areas
        assert is_same(holed.outline, shape(HOLED))
        assert len(holed.outline.interiors) == 1
        assert len(double.outline.geoms) == 2


def test_pieces_of_one_area_are_one_and_are_told(drawn):
    areas = [({"NUM": "1"}, WEST), ({"NUM": "1"}, EAST), ({"NUM": "2"}, square(-87.5, 41.9, 0.1))]
    found = drawn(geojson_file(areas))
    assert [each.code for each in found.areas] == ["1", "2"]
    assert found.merged == 1
    assert found.areas[0].outline.area == pytest.approx(0.02)


def test_what_has_no_outline_beside_what_has_is_left_out_and_told(drawn):
    point = {"type": "Point", "coordinates": [-87.65, 41.95]}
    empty = {"type": "Polygon", "coordinates": []}
    areas = [*TWO, ({"NUM": "label"}, point), ({"NUM": "none"}, None), ({"NUM": "empty"}, empty)]
    found = drawn(geojson_file(areas))
    assert [each.code for each in found.areas] == ["1", "2"]
    assert [code for code, _why in found.left_out] == ["label", "none", "empty"]
    found = drawn(shapefile_zip([*TWO, ({"NUM": "3", "NAME": ""}, None)]))
    assert [code for code, _why in found.left_out] == ["3"]


def test_polygons_are_taken_out_of_a_collection(drawn):
    line = {"type": "LineString", "coordinates": [[-87.7, 41.9], [-87.6, 41.9]]}
    both = {"type": "GeometryCollection", "geometries": [line, WEST]}
    assert is_same(drawn(geojson_file([({"NUM": "1"}, both)])).areas[0].outline, shape(WEST))


def test_an_outline_that_crosses_itself_is_put_right_and_told(drawn):
    found = drawn(geojson_file([({"NUM": "1"}, BOWTIE), ({"NUM": "2"}, square(-87.5, 41.9, 0.1))]))
    assert found.mended == ["1"]
    assert found.areas[0].outline.is_valid
    assert found.areas[0].outline.area == pytest.approx(0.005)


def test_overlaps_gaps_and_strays_are_told(drawn):
    ring = [
        square(-87.9 + 0.1 * x, 41.7 + 0.1 * y, 0.1) for x in range(3) for y in range(3) if (x, y) != (1, 1)
    ]
    areas = [({"NUM": str(n)}, each) for n, each in enumerate(ring)]
    lie = drawn(geojson_file(areas)).lie
    assert lie.overlaps == []
    assert len(lie.gaps) == 1
    assert lie.gaps[0] == pytest.approx(35.4, rel=0.01)
    assert lie.far == []
    wide = [*areas, ({"NUM": "over"}, square(-87.85, 41.75, 0.02)), ({"NUM": "sea"}, square(0, 0, 0.1))]
    lie = drawn(geojson_file(wide)).lie
    assert [(one, other) for one, other, _size in lie.overlaps] == [("0", "over")]
    assert lie.far == ["sea"]


def test_a_border_that_moves_by_less_than_a_step_is_the_same():
    one = shape(WEST)
    assert is_same(one, shapely.transform(one, lambda places: places + A_STEP / 3))
    assert not is_same(one, shapely.transform(one, lambda places: places + A_STEP * 3))
    assert not is_same(one, shape(HOLED))
    notch = one.difference(shape(square(-87.70, 41.95, 0.0005)))
    assert not is_same(one, notch), "a block that moves is no small change of the whole"


def test_degrees_that_stand_the_other_way_round_are_noticed_and_turned(read, drawn):
    turned = [
        (told, {**each, "coordinates": [[place[::-1] for place in each["coordinates"][0]]]})
        for told, each in TWO
    ]
    look = look_at(read(geojson_file(turned)), "beats.geojson", HERE)
    assert look["swapped"]
    assert look_at(read(geojson_file(turned)), "beats.geojson", None)["swapped"]
    assert not look_at(read(geojson_file()), "beats.geojson", HERE)["swapped"]
    assert not look_at(read(geojson_file()), "beats.geojson", None)["swapped"]
    found = drawn(geojson_file(turned), Meaning(name_field="NUM", swapped=True))
    assert is_same(found.areas[0].outline, shape(WEST))


def test_coordinates_that_nobody_names_are_asked_for(read, drawn):
    for content in (
        geojson_file(in_feet()),
        shapefile_zip(in_feet()),
        shapefile_zip(in_feet(), prj="no words of a surveyor"),
        shapefile_zip(in_feet(), prj='LOCAL_CS["mine"]'),
        geojson_file(in_feet(), crs={"type": "link", "properties": {"href": "https://example.org"}}),
        shapefile_zip(in_feet(), prj=esri(4326)),
    ):
        assert look_at(read(content), "beats.zip", HERE)["system"] == ""
        with pytest.raises(ImportRefusedError, match="Say their EPSG code"):
            drawn(content)
        found = drawn(content, Meaning(name_field="NUM", code=FEET))
        assert found.system.name == "NAD83 / Illinois East (ftUS)"
        assert is_same(found.areas[0].outline, shape(WEST))


def test_numbers_that_are_degrees_are_read_as_such_whatever_the_file_says(drawn):
    assert is_same(drawn(shapefile_zip(prj=esri())).areas[0].outline, shape(WEST))


def test_a_look_tells_properties_and_what_they_probably_mean(read):
    beats = [
        ({"OBJECTID": n, "BEAT_NUM": f"{n:04}", "DISTRICT": str(n % 2), "Shape_Area": 0.125 + n}, each)
        for n, (_told, each) in enumerate([*TWO, *TWO, *TWO], start=1)
    ]
    look = look_at(read(geojson_file(beats)), "CPD beats.geojson", HERE)
    assert look["proposal"] == {
        "kind": "beat",
        "name_field": "BEAT_NUM",
        "label_field": "",
        "parent_field": "DISTRICT",
    }
    number = next(each for each in look["properties"] if each["name"] == "BEAT_NUM")
    assert (number["examples"], number["different"]) == (["0001", "0002", "0003"], 6)
    two = look_at(read(shapefile_zip()), "Districts.zip", HERE)
    assert two["proposal"] == {
        "kind": "district",
        "name_field": "NUM",
        "label_field": "NAME",
        "parent_field": "",
    }
    assert (two["format"], two["encoding"], two["outlined"]) == ("Shapefile", "cp1252", 2)


def test_a_number_that_a_table_keeps_with_decimals_is_that_number(drawn):
    found = drawn(geojson_file([({"NUM": 1.0}, WEST), ({"NUM": 2}, EAST)]))
    assert [each.code for each in found.areas] == ["1", "2"]


def test_texts_that_no_database_takes_are_taken_out(read):
    layer = read(geojson_file([({"NUM": "1\0\ud800", "A\0B": "x"}, WEST)]))
    assert layer.features[0].properties == {"NUM": "1", "A B": "x"}


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(zips, "MOST_UNPACKED", 1024 * 1024)


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_in_one_line(drawn, small, content, words):
    with pytest.raises(ImportRefusedError, match=words) as caught:
        drawn(content)
    assert "\n" not in str(caught.value)


def spoiled(content, chance):
    """The same with some bytes changed, taken out or put in."""
    found = bytearray(content)
    for _each in range(chance.choice([1, 2, 8])):
        at = chance.randrange(len(found))
        found[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
    return bytes(found)


@pytest.mark.parametrize("kind", ["GeoJSON", "shapefile in feet", "KML by a schema", "KMZ"])
def test_a_file_spoiled_anywhere_is_read_or_refused(drawn, kind):
    chance = random.Random(kind)

    def spoil(parts):
        parts.update({name: spoiled(content, chance) for name, content in parts.items()})

    for _each in range(10):
        whole = kind.startswith("shapefile")
        content = shapefile_zip(prj=esri(), change=spoil) if whole else spoiled(GOOD[kind], chance)
        with suppress(ImportRefusedError):
            assert drawn(content).areas


def test_a_number_that_stands_for_different_areas_is_refused(drawn):
    areas = [({"NUM": "Harbor", "D": "1"}, WEST), ({"NUM": "Harbor", "D": "2"}, EAST)]
    with pytest.raises(ImportRefusedError, match="“Harbor” as “NUM” more than once"):
        drawn(geojson_file(areas), Meaning(name_field="NUM", parent_field="D"))
    assert drawn(geojson_file(areas)).merged == 1


@pytest.mark.parametrize("code", [5703, 99_999])
def test_a_code_of_no_map_is_refused(drawn, code):
    with pytest.raises(ImportRefusedError, match="no coordinates of a map with the EPSG code"):
        drawn(geojson_file(in_feet()), Meaning(name_field="NUM", code=code))


def test_a_code_that_puts_the_city_off_the_earth_is_refused(drawn):
    with pytest.raises(ImportRefusedError, match="nowhere on earth"):
        drawn(geojson_file([({"NUM": "1"}, square(1e9, 1e9, 1e6))]), Meaning(name_field="NUM", code=FEET))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "LARGEST", 1024)
    path = tmp_path / "a"
    path.write_bytes(b" " * 1025)
    monkeypatch.setattr(type(path), "read_bytes", None)
    with pytest.raises(ImportRefusedError, match="is larger than"):
        opening.read_layer(path, "a.geojson")


def test_paths_in_a_zip_lead_nowhere(read, tmp_path):
    """Nothing is unpacked onto the disk: what a path says does not matter."""
    before = set(tmp_path.rglob("*"))
    layer = read(zipped({f"../../../{tmp_path}/x.{end}": part for end, part in shapes().items()}))
    assert len(layer.features) == 2
    assert set(tmp_path.rglob("*")) - before == {tmp_path / "beats"}


def test_what_a_mac_puts_beside_a_file_is_no_layer(read):
    parts = {f"beats.{end}": part for end, part in shapes().items()}
    assert len(read(zipped({**parts, "__MACOSX/._beats.shp": b"x", "._beats.dbf": b"x"})).features) == 2


def test_the_document_of_a_kmz_is_read_not_what_it_links_to(read):
    other = kml([({"NUM": "9"}, WEST)])
    assert len(read(zipped({"a/other.kml": other, "doc.kml": kml()})).features) == 2


def test_with_entities_a_kml_would_multiply(monkeypatch):
    """The guard matters: without it the reader takes what the file declares."""
    monkeypatch.setattr(kml_reader, "_no_document_type", lambda *told: None)
    text = kml([({"NUM": "&b;"}, WEST)], head=ENTITY)
    assert len(kml_reader.read(text, "a.kml").features[0].properties["NUM"]) == 80


def test_a_zip_of_many_files_is_refused_before_its_list_is_read(monkeypatch):
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(ImportRefusedError, match="holds too many files"):
        zips.Unpacked(zipped_before, "a.zip")


zipped_before = zipped({f"{n}.txt": b"" for n in range(2_001)})


def test_a_map_shows_what_moves_and_leaves_off_what_lies_far_away():
    wide = shape(square(-87.70, 41.90, 0.1)).union(shape(square(-87.60, 41.90, 0.05)))
    areas = [
        Shown("1", "redrawn", shape(WEST), wide),
        Shown("2", "unchanged", shape(EAST), shape(EAST)),
        Shown("3", "ended", shape(square(-87.5, 41.9, 0.1)), None),
        Shown("9", "new", None, shape(square(0, 0, 1))),
    ]
    found = map_of(areas, far=["9"])
    first, second, third = (SimpleNamespace(**each) for each in found["areas"])
    assert (bool(first.d), bool(first.old)) == (True, True)
    assert (bool(second.d), bool(second.old)) == (True, False)
    assert (bool(third.d), bool(third.old)) == (False, True)
    assert found["moved"].startswith("M")
    # What one area gives another one gets: it is striped once.
    east = shape(EAST).difference(wide)
    both = [Shown("1", "redrawn", shape(WEST), wide), Shown("2", "redrawn", shape(EAST), east)]
    assert map_of(both)["moved"].count("M") == 1
    assert found["width"] == 1000
    numbers = [int(each) for each in first.d.replace("M", " ").replace("Z", " ").split()]
    assert min(numbers) >= 0
    assert max(numbers) <= 1000


def test_a_map_of_very_fine_outlines_is_drawn_coarser(monkeypatch):
    fine = shapely.Point(-87.6, 41.9).buffer(0.2, quad_segs=50_000)
    found = map_of([Shown("1", "new", None, fine)])
    assert len(found["areas"][0]["d"]) < 5_000
