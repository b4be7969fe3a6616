"""Files of areas that are damaged, hostile or of another kind, each with what is said of it."""

import struct
from typing import Any

from .area_files import TWO, WEST, geojson_file, kml, shapefile_zip, shapes, square, zipped


def one(geometry: Any, told: Any = None) -> bytes:
    """A GeoJSON file of one area."""
    return geojson_file([(told or {"NUM": "1"}, geometry)])


def rings(*coordinates: Any) -> Any:
    return {"type": "Polygon", "coordinates": list(coordinates)}


BOMB = zipped({"beats.kml": b"<kml>" + b" " * 2_000_000})
ENTITY = '<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def locked(content: bytes) -> bytes:
    """A zip whose files say that they need a password."""
    return content.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )


def cut(part: str, at: int):
    return lambda parts: parts.update({part: parts[part][:at]})


def many_points(parts):
    """A shape that says it has two billion points."""
    spoiled = bytearray(parts["shp"])
    struct.pack_into("<i", spoiled, 100 + 8 + 4 + 32 + 4, 2_000_000_000)
    parts["shp"] = bytes(spoiled)


BAD = {
    "nothing": (b"", "is empty"),
    "blanks": (b"  \n ", "is empty"),
    "a paper": (b"%PDF-1.7", "is not JSON"),
    "half of a file": (geojson_file()[:200], "is not JSON. It may be cut off"),
    "brackets without end": (b"[" * 100_000, "is not JSON"),
    "a number without end": (b'{"features": [' + b"9" * 5_000 + b"]}", "is not JSON"),
    "no number": (geojson_file().replace(b"-87.7,", b"NaN,"), "is not JSON"),
    "no collection": (b"{}", "is not a GeoJSON FeatureCollection"),
    "a list": (b"[1, 2]", "is not a GeoJSON FeatureCollection"),
    "no features": (geojson_file([]), "is not a GeoJSON FeatureCollection"),
    "features that are none": (b'{"features": [1, null, "x"]}', "it has no properties"),
    "TopoJSON": (b'{"type": "Topology", "objects": {}, "arcs": []}', "is TopoJSON.*Save it as GeoJSON"),
    "JSON of Esri": (
        b'{"geometryType": "esriGeometryPolygon", "features": [{"attributes": {}}]}',
        "is JSON of Esri. Download it as GeoJSON",
    ),
    "only points": (one({"type": "Point", "coordinates": [1, 2]}), "not a polygon"),
    "no outlines": (one(None), "not a polygon"),
    "a ring of two": (
        one(rings(*[[[0, 0], [1, 1]]])),
        "coordinates can't be read",
    ),
    "a ring on itself": (
        one(rings(*[[[0, 0], [1, 1], [0, 0]]])),
        "can't be read|has no inside",
    ),
    "a line as a polygon": (
        one(rings(*[[[0, 0], [1, 1], [2, 2], [0, 0]]])),
        "has no inside",
    ),
    "words as coordinates": (
        one(rings(*[[["a", "b"]] * 4])),
        "coordinates can't be read",
    ),
    "coordinates too deep": (
        one(rings(*[[[[1]]]])),
        "coordinates can't be read",
    ),
    "numbers beyond all": (one(square(1e300, 1e300, 1e299)), "not degrees of longitude"),
    "another name of the number": (one(WEST, {"OTHER": "1"}), "no property “NUM”. It has: OTHER"),
    "no number of one": (one(WEST, {"NUM": ""}), "1 to 20 characters"),
    "a long number": (one(WEST, {"NUM": "x" * 21}), "1 to 20 characters"),
    "a composed number": (one(WEST, {"NUM": {"a": 1}}), "no property “NUM”"),
    "thousands": (geojson_file([({"NUM": "1"}, None)] * 5_001), "5,001 things, more than 5,000"),
    "an empty zip": (zipped({}), "holds no areas that can be read"),
    "a zip of pictures": (zipped({"a.png": b"x"}), "holds no areas that can be read"),
    "half of a zip": (shapefile_zip()[:300], "damaged zip"),
    "a zip with a false sum": (
        shapefile_zip().replace(b"PK\x01\x02", b"PK\x01\x03"), "damaged zip",
    ),
    "a zip with a password": (locked(shapefile_zip()), "locked by a password"),
    "a zip of very many files": (zipped({f"{n}.txt": b"" for n in range(2_001)}), "holds too many files"),
    "a zip that grows": (BOMB, "Unpacked, beats.zip is larger than 1 MB"),
    "two layers": (
        zipped({f"{name}.{end}": part for name in "ab" for end, part in shapes().items()}),
        "several layers: a.shp, b.shp",
    ),
    "no .dbf": (shapefile_zip(without=["dbf"]), "has no .dbf"),
    "no .shp": (shapefile_zip(without=["shp"]), "holds no areas that can be read"),
    "a .shp alone": (shapes()["shp"], "one part of a shapefile"),
    "half of a .shp": (shapefile_zip(change=cut("shp", 180)), "damaged or not whole"),
    "a .shp of nothing": (shapefile_zip(change=cut("shp", 0)), "damaged or not whole"),
    "half of a .dbf": (shapefile_zip(change=cut("dbf", 40)), "damaged or not whole"),
    "a .dbf of another layer": (
        shapefile_zip(change=lambda parts: parts.update(dbf=shapes(TWO[:1])["dbf"])), "damaged or not whole",
    ),
    "a .shp that lies of its points": (shapefile_zip(change=many_points), "damaged or not whole"),
    "a page": (b"<!doctype html><html></html>", "declares names of its own|is not whole"),
    "other XML": (b"<gpx><wpt/></gpx>", "is not KML"),
    "half of a KML": (kml()[:300], "is not whole"),
    "KML of links": (
        b"<kml><NetworkLink><Link><href>https://example.org</href></Link></NetworkLink></kml>",
        "only links to a map",
    ),
    "KML of words": (kml().replace(b"-87.7,", b"west,"), "Area 1 of the KML: its coordinates"),
    "KML of one number": (
        b"<kml><Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>1 2 3 4</coordinates>"
        b"</LinearRing></outerBoundaryIs></Polygon></Placemark></kml>",
        "Area 1 of the KML: its coordinates",
    ),
    "KML that multiplies": (kml(head=ENTITY), "declares names of its own"),
    "KML that opens files": (kml(head=OUTSIDE), "declares names of its own"),
    "KML in letters nobody knows": (kml().replace(b"UTF-8", b"x-none"), "is not whole"),
    "KML without end": (b"<kml>" + b"<a>" * 5_000, "declares names of its own"),
}  # fmt: skip
