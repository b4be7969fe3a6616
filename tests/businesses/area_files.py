"""Files of invented areas, as people make them: GeoJSON, shapefiles in a zip, KML and KMZ."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import shapefile
import shapely
from pyproj import CRS, Transformer
from shapely.geometry import mapping, shape

from tests.factories.businesses import square

Ring = Sequence[Sequence[float]]
WEST, EAST = square(-87.70, 41.90, 0.1), square(-87.60, 41.90, 0.1)
# Two districts side by side; the second has a name with accents, which few encodings write alike.
TWO = [({"NUM": "1", "NAME": "Río Norte"}, WEST), ({"NUM": "2", "NAME": "Señor Peñón"}, EAST)]
HOLED = {
    "type": "Polygon",
    "coordinates": [WEST["coordinates"][0], square(-87.66, 41.94, 0.02)["coordinates"][0][::-1]],
}
BOWTIE = {"type": "Polygon", "coordinates": [[[-87.7, 41.9], [-87.6, 42.0], [-87.6, 41.9], [-87.7, 42.0]]]}
FEET = 3435  # NAD83 / Illinois East (ftUS)

Areas = Sequence[tuple[Mapping[str, Any], Any]]


def geojson(areas: Areas = TWO, **top: Any) -> dict[str, Any]:
    """A FeatureCollection; `top` is said beside the features."""
    features = [{"type": "Feature", "properties": dict(told), "geometry": each} for told, each in areas]
    return {"type": "FeatureCollection", **top, "features": features}


def geojson_file(areas: Areas = TWO, **top: Any) -> bytes:
    return json.dumps(geojson(areas, **top)).encode()


def projected(geometry: Any, code: int = FEET) -> Any:
    """A geometry in other coordinates, as surveyors draw it."""
    move = Transformer.from_crs(4326, code, always_xy=True).transform
    moved = shapely.transform(
        shape(geometry), lambda places: np.column_stack(move(places[:, 0], places[:, 1]))
    )
    return mapping(moved)


def in_feet(areas: Areas = TWO) -> Areas:
    return [(told, projected(each)) for told, each in areas]


def shapes(areas: Areas = TWO, encoding: str = "cp1252", kind: int = shapefile.POLYGON) -> dict[str, bytes]:
    """The parts of a shapefile, by their endings."""
    parts = {name: io.BytesIO() for name in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, encoding=encoding, shapeType=kind) as writer:
        for name in areas[0][0]:
            writer.field(name, "C", size=40)
        for told, each in areas:
            rings = [] if each is None else _rings(each)
            if not rings:
                writer.null()
            elif kind == shapefile.POLYGONZ:
                writer.polyz([[[*corner[:2], 180.0] for corner in ring] for ring in rings])
            else:
                writer.poly(rings)
            writer.record(*told.values())
    return {name: content.getvalue() for name, content in parts.items()}


def _rings(geometry: Any) -> list[Ring]:
    """Outer rings clockwise, holes the other way, as a shapefile has them."""
    found: list[Ring] = []
    for part in shapely.get_parts(shape(geometry)):
        turned = shapely.geometry.polygon.orient(part, -1)
        found += [list(map(list, ring.coords)) for ring in (turned.exterior, *turned.interiors)]
    return found


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def shapefile_zip(
    areas: Areas = TWO,
    *,
    without: Sequence[str] = (),
    prj: str | None = None,
    cpg: str | None = None,
    folder: str = "",
    change: Callable[[dict[str, bytes]], None] = lambda parts: None,
    **more: Any,
) -> bytes:
    """A zipped shapefile.

    Args:
        areas: what it draws.
        without: endings of parts that are missing.
        prj: what it says of its coordinates.
        cpg: what it says of its letters.
        folder: where in the zip it lies.
        change: spoils its parts.
        more: for `shapes`.
    """
    parts = shapes(areas, **more)
    change(parts)
    files: dict[str, bytes | str] = {
        f"{folder}beats.{ending}": content for ending, content in parts.items() if ending not in without
    }
    files |= {f"{folder}beats.{ending}": said for ending, said in (("prj", prj), ("cpg", cpg)) if said}
    return zipped(files)


def esri(code: int = FEET) -> str:
    """A .prj as Esri's programs write it."""
    return CRS.from_epsg(code).to_wkt("WKT1_ESRI")


def kml(areas: Areas = TWO, *, schema: bool = False, head: str = "", encoding: str = "UTF-8") -> bytes:
    """A KML file; its properties stand in `ExtendedData`, one by one or by a schema."""
    places = []
    for told, each in areas:
        if schema:
            data = "".join(f'<SimpleData name="{name}">{said}</SimpleData>' for name, said in told.items())
            data = f'<SchemaData schemaUrl="#s">{data}</SchemaData>'
        else:
            data = "".join(f'<Data name="{name}"><value>{said}</value></Data>' for name, said in told.items())
        polygons = "".join(_kml_polygon(part) for part in shapely.get_parts(shape(each)))
        places.append(
            f"<Placemark><name>{next(iter(told.values()))}</name><ExtendedData>{data}</ExtendedData>"
            f"<MultiGeometry>{polygons}</MultiGeometry></Placemark>"
        )
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document><Folder>{''.join(places)}</Folder></Document></kml>"
    )
    return text.encode(encoding)


def _kml_polygon(part: Any) -> str:
    def ring(name: str, corners: Any) -> str:
        said = " ".join(f"{x},{y},0" for x, y in corners.coords)
        return f"<{name}><LinearRing><coordinates>\n {said}\n</coordinates></LinearRing></{name}>"

    inner = "".join(ring("innerBoundaryIs", each) for each in part.interiors)
    return f"<Polygon>{ring('outerBoundaryIs', part.exterior)}{inner}</Polygon>"
