"""In which coordinates a file is drawn, and the same outlines in degrees (WGS 84)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from partnerships.businesses.imports.errors import ImportRefusedError

# What a file may name; any other text is read as WKT, which is what a .prj holds.
NAMED = re.compile(r"(?:urn:ogc:def:crs:)?(EPSG|ESRI|OGC)(?::[\d.]*)?:(\w{1,10})\Z", re.IGNORECASE)
ADDRESS = re.compile(r"https?://www\.opengis\.net/def/crs/(EPSG|OGC)/[\d.]+/(\w{1,10})\Z", re.IGNORECASE)
AS_THEY_ARE = {"EPSG:4326", "EPSG:4269", "OGC:CRS84", "OGC:CRS83"}  # degrees that differ by less than a door
DIGITS = 7  # of a degree, about a centimeter
WGS84 = "EPSG:4326"
FAR_NORTH = 72  # degrees; no city with beats lies beyond

Position = tuple[float, float]  # latitude, longitude in degrees


@dataclass(frozen=True)
class System:
    """Coordinates that are known.

    Args:
        key: a code, or the text that describes them (WKT).
        name: what surveyors call them.
        is_degrees: longitude and latitude, not feet or meters.
    """

    key: str
    name: str
    is_degrees: bool


def system_of(said: str) -> System | None:
    """The coordinates that a file names, `None` where it says nothing or nothing that is known.

    Args:
        said: a code, a name of the OGC or a text (WKT).
    """
    found = NAMED.match(said.strip()) or ADDRESS.match(said.strip())
    if found:
        key = f"{found[1].upper()}:{found[2].upper()}"
        # Codes of Esri are often said to be of the EPSG.
        return _system(key) or _system(f"ESRI:{found[2]}")
    return _system(said) if "[" in said else None


def system_of_code(code: int) -> System:
    """The coordinates of an EPSG code.

    Raises:
        ImportRefusedError: there is none of that code, or it is not of places on a map.
    """
    found = _system(f"EPSG:{code}") or _system(f"ESRI:{code}")
    if found is None:
        raise ImportRefusedError(
            _("There are no coordinates of a map with the EPSG code %(code)s. Look it up at epsg.io.")
            % {"code": code}
        )
    return found


@lru_cache(maxsize=32)
def _system(key: str) -> System | None:
    from pyproj.exceptions import ProjError

    if key in AS_THEY_ARE:
        return System(key, "WGS 84" if key in ("EPSG:4326", "OGC:CRS84") else "NAD83", is_degrees=True)
    try:
        crs = _crs(key)
        _transformer(key)
    except (ProjError, ValueError):
        return None
    return System(key, crs.name[:100], bool(crs.is_geographic))


def _crs(key: str) -> Any:
    """The flat part of a system; one with heights draws the same borders."""
    from pyproj import CRS

    crs = CRS.from_wkt(key) if "[" in key else CRS.from_user_input(key)
    flat = next((each for each in crs.sub_crs_list if each.is_projected or each.is_geographic), crs)
    flat = flat.to_2d()
    if not (flat.is_projected or flat.is_geographic):
        raise ValueError(key)
    return flat


def _transformer(key: str) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(_crs(key), WGS84, always_xy=True)


def are_degrees(outlines: Sequence[BaseGeometry]) -> bool:
    """Whether all numbers may be degrees of longitude and latitude, in either order."""
    left, bottom, right, top = shapely.total_bounds(list(outlines))
    return bool(left >= -180 and right <= 180 and bottom >= -180 and top <= 180 and _fits(outlines))


def _fits(outlines: Sequence[BaseGeometry]) -> bool:
    left, bottom, right, top = shapely.total_bounds(list(outlines))
    return bool((bottom >= -90 and top <= 90) or (left >= -90 and right <= 90))


def settle(outlines: Sequence[BaseGeometry], said: str, code: int, name: str) -> System:
    """In which coordinates outlines are drawn.

    Args:
        outlines: as they stand in the file.
        said: what the file says of them.
        code: an EPSG code that someone gave; 0 for none.
        name: what people call the file.

    Raises:
        ImportRefusedError: nobody said it, and the numbers are no degrees.
    """
    if code:
        return system_of_code(code)
    found, degrees = system_of(said), are_degrees(outlines)
    if found is not None and found.is_degrees == degrees:
        return found
    if degrees:
        return System(WGS84, "WGS 84", is_degrees=True)  # numbers that small are no feet
    raise ImportRefusedError(
        _(
            "The coordinates of %(file)s are not degrees of longitude and latitude, and it does not say what "
            "they are. Say their EPSG code, which whoever made the file knows, or take a file in degrees."
        )
        % {"file": name}
    )


def in_degrees(
    outlines: Sequence[BaseGeometry], system: System, name: str, *, swapped: bool = False
) -> list[BaseGeometry]:
    """The same outlines in degrees, longitude first.

    Args:
        outlines: in the coordinates of `system`.
        system: of `settle`.
        name: what people call the file.
        swapped: the second number stands first.

    Raises:
        ImportRefusedError: they would lie nowhere on earth.
    """
    drawn = np.array(list(outlines), dtype=object)
    if swapped:
        drawn = shapely.transform(drawn, lambda places: places[:, ::-1])
    if system.key not in AS_THEY_ARE:
        move = _transformer(system.key).transform

        def moved(places: Any) -> Any:
            return np.column_stack(move(places[:, 0], places[:, 1])).round(DIGITS)

        drawn = shapely.transform(drawn, moved)
    left, bottom, right, top = shapely.total_bounds(drawn)
    places = shapely.get_coordinates(drawn)
    if not np.isfinite(places).all() or left < -180 or right > 180 or bottom < -90 or top > 90:
        raise ImportRefusedError(
            _(
                "Read as %(system)s, the areas of %(file)s would lie nowhere on earth: what comes of it are "
                "not degrees of longitude and latitude. See whether these are its coordinates."
            )
            % {"file": name, "system": system.name}
        )
    return list(drawn)


def stands_swapped(outlines: Sequence[BaseGeometry], near: Position | None) -> bool:
    """Whether latitude probably stands before longitude.

    Args:
        outlines: in degrees, as they stand in the file.
        near: where the places of the registry lie; `None` while there are none.
    """
    left, bottom, right, top = shapely.total_bounds(list(outlines))
    first, second = (left + right) / 2, (bottom + top) / 2
    if near is None:
        return bool(abs(second) > FAR_NORTH >= abs(first))
    as_it_is = abs(second - near[0]) + abs(first - near[1])
    turned = abs(first - near[0]) + abs(second - near[1])
    return bool(turned * 10 < as_it_is)
