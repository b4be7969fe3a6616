"""What every file of areas comes down to: features with properties and an outline."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from core import names, words
from partnerships.businesses.imports.errors import ImportRefusedError

MOST_AREAS = 5_000  # more are parcels or blocks
MOST_PROPERTIES = 60
LONGEST = 300  # characters of a property that anyone needs to see

NO_OUTLINE = "no outline"
NO_POLYGON = "no polygon"


@dataclass(frozen=True)
class Feature:
    """One thing that a file draws.

    Args:
        place: its number in the file, from 1.
        properties: texts by the property's name.
        outline: its polygons in the coordinates of the file, without heights; `None` where it has none.
        lacks: why it has none: `NO_OUTLINE` or `NO_POLYGON`.
    """

    place: int
    properties: Mapping[str, str]
    outline: BaseGeometry | None
    lacks: str = ""


@dataclass(frozen=True)
class Layer:
    """The features of a file.

    Args:
        format: what the file is, for people.
        features: at least one.
        system: what the file says of its coordinates: a code or a text (WKT); "" where it says nothing.
        encoding: what its texts are written in.
    """

    format: str
    features: list[Feature]
    system: str = ""
    encoding: str = ""

    @property
    def properties(self) -> list[str]:
        """The names of all properties, in the order in which they come."""
        return list(dict.fromkeys(name for each in self.features for name in each.properties))[
            :MOST_PROPERTIES
        ]


def text_of(value: Any) -> str:
    """A property as text: a number that is whole loses its zero, what is composed of others says nothing."""
    if value is None or isinstance(value, dict | list | bytes):
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        value = int(value) if value.is_integer() else value
    if isinstance(value, date):
        return value.isoformat()
    return names.tidy(str(value))[:LONGEST]


def properties_of(told: Mapping[str, Any]) -> dict[str, str]:
    """Properties as texts by names that can be read; what has no name is left out."""
    read = ((names.tidy(str(name))[:60], value) for name, value in told.items())
    return {name: text_of(value) for name, value in read if name and not isinstance(value, dict | list)}


def polygons_of(geometry: BaseGeometry) -> BaseGeometry | None:
    """The polygons of a geometry, flat; `None` where it has none or they are empty."""
    parts = [each for each in _single(geometry) if each.geom_type == "Polygon" and not each.is_empty]
    if not parts:
        return None
    whole = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return shapely.force_2d(whole)


def _single(geometry: BaseGeometry) -> Iterable[BaseGeometry]:
    left = [geometry]
    while left:
        each = left.pop()
        if hasattr(each, "geoms"):
            left += reversed(list(each.geoms))
        else:
            yield each


def checked(layer: Layer, name: str) -> Layer:
    """The layer itself, once it is certain that it may be one of areas.

    Args:
        layer: as it was read.
        name: what people call the file.

    Raises:
        ImportRefusedError: it has no features, or too many.
    """
    if not layer.features:
        raise ImportRefusedError(_("%(file)s has no areas in it.") % {"file": name})
    if len(layer.features) > MOST_AREAS:
        raise ImportRefusedError(
            _(
                "%(file)s draws %(n)s things, more than %(most)s. "
                "Take the file of districts, beats or neighborhoods, not one of blocks or parcels."
            )
            % {
                "file": name,
                "n": words.number(len(layer.features)),
                "most": words.number(MOST_AREAS),
            }
        )
    return layer


def outlined(layer: Layer, name: str) -> list[Feature]:
    """The features that have an outline.

    Args:
        layer: as it was read.
        name: what people call the file.

    Raises:
        ImportRefusedError: not one has.
    """
    found = [each for each in layer.features if each.outline is not None]
    if not found:
        first = layer.features[0]
        raise ImportRefusedError(
            _("%(file)s, area %(n)s: %(why)s") % {"file": name, "n": first.place, "why": why(first)}
        )
    return found


def why(feature: Feature) -> str:
    """Why a feature has no outline, in a sentence."""
    if feature.lacks == NO_POLYGON:
        return _("it is not a polygon.")
    return _("it is not a polygon: it has no outline.")
