"""A map of an edition, drawn by the server: paths of outlines for an SVG, before and after."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .layers import polygons_of

WIDTH = 1000
TALLEST = 1600
LARGEST = 300_000  # characters of all paths; a coarser drawing follows
EDGE = 12
MOST_LABELS = 80


@dataclass(frozen=True)
class Shown:
    """An area on the map.

    Args:
        code: its number.
        what: what becomes of it.
        before: its outline until now.
        after: its outline from now on.
    """

    code: str
    what: str
    before: BaseGeometry | None
    after: BaseGeometry | None


def map_of(areas: Sequence[Shown], far: Sequence[str] = ()) -> dict[str, Any]:
    """What a template draws a map from: `width`, `height`, `areas` with paths, and `moved`.

    Args:
        areas: in degrees.
        far: numbers of those so far away that the rest would be a dot: they are not drawn.
    """
    near = [each for each in areas if each.code not in far] or list(areas)
    drawn = [each for shown in near for each in (shown.before, shown.after) if each is not None]
    frame = _Frame.around(drawn)
    for coarse in (0.6, 1.2, 2.5, 5.0, 10.0):
        found = _drawn(near, frame, coarse)
        if sum(len(each["d"]) + len(each["old"]) for each in found["areas"]) <= LARGEST:
            break
    return {"width": frame.width, "height": frame.height, **found}


@dataclass(frozen=True)
class _Frame:
    left: float
    top: float
    across: float  # of a degree of longitude, beside one of latitude
    scale: float
    width: int
    height: int

    @classmethod
    def around(cls, drawn: Sequence[BaseGeometry]) -> "_Frame":
        left, bottom, right, top = (float(each) for each in shapely.total_bounds(list(drawn)))
        across = max(math.cos(math.radians((bottom + top) / 2)), 0.05)
        wide, high = max((right - left) * across, 1e-9), max(top - bottom, 1e-9)
        scale = min((WIDTH - 2 * EDGE) / wide, (TALLEST - 2 * EDGE) / high)
        return cls(left, top, across, scale, round(wide * scale) + 2 * EDGE, round(high * scale) + 2 * EDGE)

    def place(self, outline: BaseGeometry) -> BaseGeometry:
        def moved(places: Any) -> Any:
            x = (places[:, 0] - self.left) * self.across * self.scale + EDGE
            return np.column_stack((x, (self.top - places[:, 1]) * self.scale + EDGE))

        return shapely.transform(outline, moved)


def _drawn(areas: Sequence[Shown], frame: _Frame, coarse: float) -> dict[str, Any]:
    rows, moved = [], []
    for each in areas:
        before, after = each.before, each.after
        changes = each.what != "unchanged" and before is not None and after is not None
        if changes:
            parts = polygons_of(shapely.symmetric_difference(before, after))
            moved += [] if parts is None else [parts]
        row: dict[str, Any] = {"code": each.code, "what": each.what, "d": "", "old": ""}
        if after is not None:
            row["d"] = _path(frame.place(after), coarse)
            row |= _label(frame.place(after), each.code, len(areas))
        if before is not None and (after is None or changes):
            row["old"] = _path(frame.place(before), coarse)
        rows.append(row)
    # What one area gives another one gets: once, else two paths over each other would show nothing.
    all_of_it = polygons_of(shapely.union_all(moved)) if moved else None
    striped = "" if all_of_it is None else _path(frame.place(all_of_it), coarse / 2)
    return {"areas": rows, "moved": striped}


def _label(outline: BaseGeometry, code: str, areas: int) -> dict[str, int]:
    """Where the number stands, where there is room for it."""
    left, top, right, bottom = outline.bounds
    if areas > MOST_LABELS or right - left < 11 * len(code) + 6 or bottom - top < 20:
        return {}
    middle = outline.representative_point()
    return {"x": round(middle.x), "y": round(middle.y)}


def _path(outline: BaseGeometry, coarse: float) -> str:
    """The path of an SVG; what would be smaller than a point is left out."""
    plain = shapely.simplify(outline, coarse)
    rings = (ring for part in shapely.get_parts(plain) for ring in (part.exterior, *part.interiors))
    return "".join(_ring(shapely.get_coordinates(ring).round().astype(int).tolist()) for ring in rings)


def _ring(corners: Iterable[list[int]]) -> str:
    kept: list[str] = []
    for x, y in corners:
        if not kept or kept[-1] != f"{x} {y}":
            kept.append(f"{x} {y}")
    return f"M{' '.join(kept[:-1])}Z" if len(kept) > 3 else ""
