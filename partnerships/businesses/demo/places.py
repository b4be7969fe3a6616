"""Positions for invented businesses: inside a real beat, at no real address."""

import random
from typing import Any

from shapely import Point, from_geojson
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

EDGE = 0.001  # degrees, about 100 m: keeps a business off the border of its beat


def point_in(geometry: dict[str, Any] | str, key: str) -> tuple[float, float]:
    """A position well inside an area, the same for the same key on every run.

    Args:
        geometry: GeoJSON polygon or multipolygon in degrees (WGS 84), as a mapping or as text.
        key: what stands there; it seeds the choice.

    Returns:
        Latitude and longitude in degrees, five decimals (about 1 m).
    """
    whole: BaseGeometry = from_geojson(geometry) if isinstance(geometry, str) else shape(geometry)
    inner = whole.buffer(-EDGE)
    area = whole if inner.is_empty else inner
    west, south, east, north = area.bounds
    chance = random.Random(key)  # noqa: S311 - a place on a demonstration map, not a secret
    for _try in range(1_000):
        longitude, latitude = chance.uniform(west, east), chance.uniform(south, north)
        if area.contains(Point(longitude, latitude)):
            return round(latitude, 5), round(longitude, 5)
    middle = area.representative_point()
    return round(middle.y, 5), round(middle.x, 5)
