"""GeoJSON, and what looks like it and is not."""

import json
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape

from partnerships.businesses.imports.errors import ImportRefusedError
from partnerships.businesses.imports.text import MARKS, OLD_WINDOWS

from .layers import NO_OUTLINE, NO_POLYGON, Feature, Layer, polygons_of, properties_of


def read(content: bytes, name: str) -> Layer:
    """Read a GeoJSON FeatureCollection, or one Feature.

    Args:
        content: the file.
        name: what people call it.

    Raises:
        ImportRefusedError: it is no GeoJSON, or its coordinates can't be read.
    """
    text, encoding = _text(content)
    document = _parsed(text, name)
    if isinstance(document, dict) and document.get("type") == "Feature":
        document = {**document, "features": [document]}
    features = document.get("features") if isinstance(document, dict) else None
    if isinstance(document, dict):
        _refuse_others(document, features, name)
    if not isinstance(features, list) or not features:
        raise ImportRefusedError(
            _("%(file)s is not a GeoJSON FeatureCollection with areas in it.") % {"file": name}
        )
    return Layer(
        format="GeoJSON",
        features=[_feature(each, place, name) for place, each in enumerate(features, start=1)],
        system=_system(document.get("crs")),
        encoding=encoding,
    )


def _text(content: bytes) -> tuple[str, str]:
    encoding = next((each for mark, each in MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding), encoding.removesuffix("-sig")
    except UnicodeDecodeError:
        return content.decode(OLD_WINDOWS, errors="replace"), OLD_WINDOWS


def _parsed(text: str, name: str) -> Any:
    def refuse(constant: str) -> NoReturn:
        raise ValueError(constant)  # NaN and Infinity are no JSON, and no coordinates

    if not text.strip():
        raise ImportRefusedError(_("%(file)s is empty.") % {"file": name})
    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise ImportRefusedError(
            _("%(file)s is not JSON. It may be cut off: save or download it again.") % {"file": name}
        ) from None


def _refuse_others(document: dict[str, Any], features: Any, name: str) -> None:
    if document.get("type") == "Topology":
        raise ImportRefusedError(
            _(
                "%(file)s is TopoJSON, where areas share their borders. "
                "Save it as GeoJSON (in QGIS, or at mapshaper.org), and take that."
            )
            % {"file": name}
        )
    first = features[0] if isinstance(features, list) and features else None
    if "geometryType" in document or (isinstance(first, dict) and "attributes" in first):
        raise ImportRefusedError(
            _("%(file)s is JSON of Esri. Download it as GeoJSON (f=geojson) or as a shapefile.")
            % {"file": name}
        )


def _feature(told: Any, place: int, name: str) -> Feature:
    properties = told.get("properties") if isinstance(told, dict) else None
    if not isinstance(properties, dict):
        raise ImportRefusedError(
            _("%(file)s, area %(n)s: it has no properties.") % {"file": name, "n": place}
        )
    read = properties_of(properties)
    geometry = told.get("geometry")
    if not isinstance(geometry, dict):
        return Feature(place, read, None, NO_POLYGON if geometry else NO_OUTLINE)
    try:
        drawn = shape(geometry)
        found = polygons_of(drawn)
    # shapely raises many kinds for broken coordinates
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        raise ImportRefusedError(
            _("%(file)s, area %(n)s (%(what)s): its coordinates can't be read.")
            % {"file": name, "n": place, "what": next(filter(None, read.values()), "–")}
        ) from None
    if found is None:
        return Feature(place, read, None, NO_OUTLINE if drawn.is_empty else NO_POLYGON)
    return Feature(place, read, found)


def _system(crs: Any) -> str:
    """What a `crs` of the older GeoJSON (2008) names; without one they are degrees (RFC 7946)."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    named = properties.get("name") if isinstance(properties, dict) else None
    return str(named)[:200] if isinstance(named, str | int) else ""
