"""Outlines put right where that can be done, and told where it can't: crossings, overlaps, gaps, strays."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from .layers import polygons_of

A_LITTLE = 0.01  # square miles; narrower slivers come of two people drawing one border
A_STEP = 1e-5  # degrees, some 3 feet: a border that moves less is the same border
GRID = 1e-7  # degrees; a crack between two neighbors is no way out of a gap
MOST_TOLD = 50  # of a kind
FAR = 20  # times as far as most others
SQUARE_MILES = 0.3861  # of a square kilometer
DEGREE = (111.32, 110.57)  # kilometers east at the equator, and north


@dataclass(frozen=True)
class Beside:
    """How areas lie to each other.

    Args:
        overlaps: two numbers, and how much in square miles.
        gaps: the size of each spot that areas lie around and none covers, in square miles.
        far: numbers of those far away from all others.
    """

    overlaps: list[tuple[str, str, float]] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    far: list[str] = field(default_factory=list)


def mended(outline: BaseGeometry) -> BaseGeometry | None:
    """An outline that does not cross itself, holes and parts kept; `None` where nothing is left of it."""
    if outline.is_valid:
        return outline if outline.area else None
    whole = polygons_of(shapely.make_valid(outline, method="structure", keep_collapsed=False))
    return whole if whole is not None and whole.area else None


def square_miles(outline: BaseGeometry | None) -> float:
    """How large an outline in degrees is, to a few in a thousand."""
    if outline is None or outline.is_empty:
        return 0.0
    north = math.cos(math.radians(outline.centroid.y))
    return float(outline.area * DEGREE[0] * DEGREE[1] * north * SQUARE_MILES)


def is_same(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two outlines are one border, however it was written down."""
    if shapely.equals_exact(one, other, tolerance=1e-9):
        return True
    if any(abs(a - b) > A_STEP for a, b in zip(one.bounds, other.bounds, strict=True)):
        return False
    first, second = one.boundary, other.boundary
    return bool(first.buffer(A_STEP).covers(second) and second.buffer(A_STEP).covers(first))


def beside(outlines: Mapping[str, BaseGeometry]) -> Beside:
    """How areas lie to each other.

    Args:
        outlines: by number, in degrees, none crossing itself.
    """
    codes, shapes = list(outlines), list(outlines.values())
    return Beside(_overlaps(codes, shapes), _gaps(shapes), _far(codes, shapes))


def _overlaps(codes: Sequence[str], shapes: Sequence[BaseGeometry]) -> list[tuple[str, str, float]]:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    found = []
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        if a < b:
            size = square_miles(polygons_of(shapely.intersection(shapes[a], shapes[b])))
            if size >= A_LITTLE:
                found.append((codes[a], codes[b], round(size, 2)))
    return sorted(found, key=lambda each: -each[2])[:MOST_TOLD]


def _gaps(shapes: Sequence[BaseGeometry]) -> list[float]:
    whole = polygons_of(shapely.union_all(shapes, grid_size=GRID))
    if whole is None:
        return []
    inner = [shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]
    sizes = sorted((square_miles(each) for each in inner), reverse=True)
    return [round(each, 2) for each in sizes if each >= A_LITTLE][:MOST_TOLD]


def _far(codes: Sequence[str], shapes: Sequence[BaseGeometry]) -> list[str]:
    """Those much farther from the middle than most, and farther than all of these reach."""
    if len(shapes) < 3:
        return []
    middles = [each.centroid for each in shapes]
    east = sorted(each.x for each in middles)[len(middles) // 2]
    north = sorted(each.y for each in middles)[len(middles) // 2]
    away = [math.hypot(each.x - east, each.y - north) for each in middles]
    usual = sorted(away)[len(away) // 2]
    reach = max(usual, sorted(math.sqrt(each.area) for each in shapes)[len(shapes) // 2])
    return [code for code, distance in zip(codes, away, strict=True) if distance > FAR * reach]
