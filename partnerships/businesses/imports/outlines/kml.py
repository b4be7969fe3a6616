"""KML and KMZ, read step by step without entities: no file can make the reader open or multiply anything."""

import re
from typing import Any
from xml.parsers import expat  # noqa: S407  (no document type is taken, and so no entity)

import shapely
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from partnerships.businesses.imports.errors import ImportRefusedError
from partnerships.businesses.imports.text import OLD_WINDOWS

from .layers import NO_OUTLINE, NO_POLYGON, Feature, Layer, polygons_of, properties_of

DEEPEST = 200
COMMA = re.compile(r"\s*,\s*")
DEGREES = "EPSG:4326"  # KML knows no other coordinates
DRAWN = {"Point", "LineString", "LinearRing", "Track", "Model"}


class _RefusedXmlError(Exception):
    """A document type is declared, or elements stand too deep in each other."""


class _Placemarks:
    """Gathers the placemarks while a file is read."""

    def __init__(self) -> None:
        self.features: list[Feature] = []
        self.is_kml = self.links = False
        self._above: list[str] = []
        self._text: list[str] = []
        self._properties: dict[str, Any] | None = None  # of the placemark that is open
        self._key = ""
        self._rings: list[list[str]] = []  # polygons: the outer ring, then the inner ones
        self._others = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        tag = tag.rpartition(":")[2]
        if len(self._above) > DEEPEST:
            raise _RefusedXmlError
        self._above.append(tag)
        self._text = []
        self.is_kml = self.is_kml or tag == "kml"
        self.links = self.links or tag == "NetworkLink"
        if tag == "Placemark":
            self._properties, self._rings, self._others = {}, [], False
        elif tag == "Polygon":
            self._rings.append([])
        elif tag in ("Data", "SimpleData"):
            self._key = attributes.get("name", "")
        elif tag in DRAWN and "Polygon" not in self._above:
            self._others = True

    def text(self, data: str) -> None:
        """Text inside of an element."""
        self._text.append(data)

    def end(self, tag: str) -> None:
        """An element closes."""
        tag = self._above.pop()
        said, self._text = "".join(self._text).strip(), []
        if self._properties is None:
            return
        above = self._above[-1] if self._above else ""
        if tag == "name" and above == "Placemark":
            self._properties.setdefault("name", said)
        elif (tag == "value" and above == "Data") or tag == "SimpleData":
            self._properties[self._key] = said
        elif tag == "coordinates" and "Polygon" in self._above and self._rings:
            self._rings[-1].append(said)
        elif tag == "Placemark":
            self._close(self._properties)
            self._properties = None

    def _close(self, properties: dict[str, Any]) -> None:
        place = len(self.features) + 1
        try:
            polygons = [_polygon(rings) for rings in self._rings if any(rings)]
        except (ShapelyError, ValueError, IndexError):
            raise ImportRefusedError(
                _("Area %(n)s of the KML: its coordinates can't be read.") % {"n": place}
            ) from None
        found = polygons_of(shapely.GeometryCollection(polygons)) if polygons else None
        lacks = "" if found is not None else NO_POLYGON if self._others else NO_OUTLINE
        self.features.append(Feature(place, properties_of(properties), found, lacks))


def _polygon(rings: list[str]) -> BaseGeometry:
    first, *holes = [_ring(each) for each in rings if each]
    return shapely.Polygon(first, holes)


def _ring(said: str) -> list[tuple[float, float]]:
    """The corners of "longitude,latitude,height longitude,latitude,height …"."""
    corners = [each.split(",") for each in COMMA.sub(",", said).split()]
    return [(float(each[0]), float(each[1])) for each in corners]


def read(content: bytes, name: str) -> Layer:
    """Read the placemarks of a KML file.

    Args:
        content: the file.
        name: what people call it.

    Raises:
        ImportRefusedError: it is no KML, it is damaged, or it only leads to a map kept elsewhere.
    """
    found = _parsed(content, name)
    if not found.is_kml:
        raise ImportRefusedError(
            _("%(file)s is not KML. Take a KML file, GeoJSON or a zipped shapefile.") % {"file": name}
        )
    if not found.features and found.links:
        raise ImportRefusedError(
            _(
                "%(file)s holds no areas, only links to a map that is kept elsewhere. "
                "Save the places themselves as KML."
            )
            % {"file": name}
        )
    return Layer("KML", found.features, DEGREES)


def _parsed(content: bytes, name: str) -> _Placemarks:
    ways: list[str | None] = [None]
    try:
        content.decode()
    except UnicodeDecodeError:
        ways.append(OLD_WINDOWS)  # it says that it is UTF-8, and holds letters of old Windows
    for encoding in ways:
        try:
            return _read(content, encoding)
        except (expat.ExpatError, LookupError, ValueError):
            continue
        except _RefusedXmlError:
            raise ImportRefusedError(
                _(
                    "%(file)s declares names of its own (a document type), which no map needs. "
                    "Save it again as KML."
                )
                % {"file": name}
            ) from None
    raise ImportRefusedError(
        _("%(file)s is not whole: it can't be read as XML. Save or download it again.") % {"file": name}
    )


def _read(content: bytes, encoding: str | None) -> _Placemarks:
    found = _Placemarks()
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.text
    parser.StartDoctypeDeclHandler = _no_document_type
    parser.Parse(content, True)
    return found


def _no_document_type(*told: Any) -> None:
    raise _RefusedXmlError
