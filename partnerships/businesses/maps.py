"""The list of businesses on a map: counted by area, and clustered by the database for what is in sight.

No answer grows with the registry: a map of the city is some hundred cells of a grid with how many places lie
in each, and names come along only where few are in sight. See docs/decisions/0100.
"""

import json
from dataclasses import dataclass
from math import cos, isfinite, radians
from typing import Any, Self
from urllib.parse import urlsplit

import shapely
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Avg, Count, F, FloatField, Max, Min, QuerySet
from django.db.models.functions import Floor
from shapely.geometry import mapping, shape

from core import clock

from .models import Area, AreaShape, Business

CLOSEST = 18  # zoom; there each place stands alone, however many there are
CELL = 70  # pixels of a cell of the grid
CLUSTER, PLACE = 48, 26  # pixels between two marks at least, where one of them is a cluster or none
MOST_CELLS = 40  # along a side, however far the box is asked for
NAMED = 100  # places in sight at most that are all named
MOST_NAMED = 300  # even where nothing is closer
DEGREES = 5  # digits of a position: a meter
SIMPLER = 0.0003  # degrees that a border may be moved by: 30 meters
KEPT = 24 * 60 * 60  # seconds
FARTHEST = 85.0  # degrees of latitude, where maps of this kind end


@dataclass(frozen=True)
class Box:
    """What of the world is in sight, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def read(cls, text: str) -> Self | None:
        """ "west,south,east,north"; `None` where it says nothing of the kind."""
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            return None
        if not (-180 <= west < east <= 180 and -FARTHEST <= south < north <= FARTHEST):
            return None
        return cls(west, south, east, north)


def read_zoom(text: str) -> float:
    """A zoom, within what there is; 0 where it says none."""
    try:
        zoom = float(text)
    except ValueError:
        return 0.0
    return min(max(zoom, 0.0), float(CLOSEST)) if isfinite(zoom) else 0.0


@dataclass(frozen=True)
class Counted:
    """An area of the table below the map.

    Args:
        area: `None` for places that lie in none.
        count: how many of the listed places lie in it.
    """

    area: Area | None
    count: int


def by_area(rows: QuerySet[Business], *, beats: bool) -> list[Counted]:
    """How many of the listed places lie in each area that has some, those in none last.

    Args:
        rows: of the list, filters applied.
        beats: each beat by itself; else each district with its beats.
    """
    numbers = list(rows.order_by().values("area").annotate(n=Count("*")).values_list("area", "n"))
    found = {area: n for area, n in numbers if area is not None}
    outside = sum(n for area, n in numbers if area is None)
    counted: dict[Area, int] = {}
    for area in Area.objects.filter(pk__in=found).select_related("parent").order_by():
        shown = area if beats or area.parent is None else area.parent
        counted[shown] = counted.get(shown, 0) + found[area.pk]
    order = sorted(counted.items(), key=lambda pair: (pair[0].code_key, pair[0].pk))
    return [*(Counted(area, n) for area, n in order), *([Counted(None, outside)] if outside else [])]


def edition() -> str:
    """What tells the borders of today from those of another day; changes whenever one of them is written."""
    areas = Area.objects.current().order_by().values("pk")
    query, values = areas.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(string_agg(concat_ws(':', a.id, a.xmin, a.ctid, s.xmin, s.ctid), ',' ORDER BY a.id)) "  # noqa: S608  (Django's own)
            "FROM businesses_area a JOIN businesses_areashape s ON s.area_id = a.id "
            f"WHERE a.id IN ({query})",
            values,
        )
        return cursor.fetchone()[0] or "none"


def borders(*, beats: bool) -> str:
    """The districts of today as GeoJSON, simplified, neighbors alike; kept by their edition.

    Args:
        beats: their beats too.
    """
    key = f"businesses.borders:{'beats' if beats else 'districts'}:{edition()}"
    kept: str | None = cache.get(key)
    if kept is None:
        kinds = (Area.Kind.DISTRICT, Area.Kind.BEAT) if beats else (Area.Kind.DISTRICT,)
        features = [each for kind in kinds for each in _features(kind)]
        kept = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
        cache.set(key, kept, KEPT)
    return kept


def _features(kind: Area.Kind) -> list[dict[str, Any]]:
    current = Area.objects.current(clock.today()).filter(kind=kind)
    rows = list(AreaShape.objects.filter(area__in=current).select_related("area__parent").order_by("area"))
    whole = shapely.make_valid([shape(row.geometry) for row in rows])
    simpler = shapely.coverage_simplify(whole, SIMPLER) if rows else []
    return [
        {
            "type": "Feature",
            "properties": {"id": row.area_id, "kind": kind.value, "name": row.area.in_full},
            "geometry": mapping(shapely.set_precision(each, 10**-DEGREES)),
        }
        for row, each in zip(rows, simpler, strict=True)
    ]


@dataclass
class Mark:
    """One mark on the map.

    Args:
        at: latitude and longitude.
        count: how many places of business it stands for.
        rows: these, where all of them are named.
    """

    at: tuple[float, float]
    count: int
    rows: list[Business]

    @property
    def is_cluster(self) -> bool:
        """Whether it only says how many there are."""
        return len(self.rows) < self.count


@dataclass(frozen=True)
class Sight:
    """What of the list is in sight.

    Args:
        count: places of business.
        marks: so far from each other that a finger meets one of them.
        box: what holds them all, south, west, north and east, where all was asked for.
    """

    count: int
    marks: list[Mark]
    box: tuple[float, float, float, float] | None


def in_sight(rows: QuerySet[Business], zoom: float, box: Box | None) -> Sight:
    """The listed places in a box, clustered; two statements, however many there are, three for all.

    Args:
        rows: of the list, filters applied.
        zoom: of the map, 0 to `CLOSEST`.
        box: what is in sight; `None` for all there is.
    """
    placed = rows.order_by().filter(latitude__range=(-FARTHEST, FARTHEST))
    if box is not None:
        placed = placed.filter(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))
    wide, high = _cell(zoom, box)
    cells = list(
        placed.annotate(
            column=Floor(F("longitude") / wide, output_field=FloatField()),
            line=Floor(F("latitude") / high, output_field=FloatField()),
        )
        .values("column", "line")
        .annotate(n=Count("*"), lat=Avg("latitude"), lon=Avg("longitude"), one=Min("pk"))
        .values_list("n", "lat", "lon", "one")
    )
    count = sum(n for n, _lat, _lon, _one in cells)
    every = count <= NAMED or zoom >= CLOSEST
    alone = [one for n, _lat, _lon, one in cells if n == 1]
    marks = [] if every else [Mark((lat, lon), n, []) for n, lat, lon, _one in cells if n > 1]
    if every or alone:
        marks += _named(placed if every else placed.filter(pk__in=alone))
    marks.sort(key=lambda mark: -mark.count)
    around = None if box is not None else _around(placed)
    return Sight(count, _apart(marks, wide / CELL, high / CELL), around)


def _cell(zoom: float, box: Box | None) -> tuple[float, float]:
    """The width and height of a cell in degrees; its height stays the same while the map is moved."""
    wide = 360 / 2**zoom / 256 * CELL
    middle = (box.south + box.north) / 2 if box is not None else 40.0
    high = wide * cos(radians(min(abs(round(middle / 5) * 5), 80)))
    if box is not None:
        wide = max(wide, (box.east - box.west) / MOST_CELLS)
        high = max(high, (box.north - box.south) / MOST_CELLS)
    return wide, high


def _around(placed: QuerySet[Business]) -> tuple[float, float, float, float] | None:
    edges = placed.aggregate(
        south=Min("latitude"), west=Min("longitude"), north=Max("latitude"), east=Max("longitude")
    )
    south, west, north, east = (edges[side] for side in ("south", "west", "north", "east"))
    return None if south is None else (south, west, north, east)


def _named(rows: QuerySet[Business]) -> list[Mark]:
    names = rows.order_by("name_key", "pk").only("name", "street", "slug", "latitude", "longitude")
    return [
        Mark((row.latitude or 0.0, row.longitude or 0.0), 1, [row])
        for row in names.select_related(None)[:MOST_NAMED]
    ]


def _apart(marks: list[Mark], wide: float, high: float) -> list[Mark]:
    """The marks without those that stand too near to a larger one, which counts them.

    Args:
        marks: the largest first.
        wide: degrees of longitude of a pixel.
        high: degrees of latitude of a pixel.
    """
    kept: dict[tuple[int, int], list[tuple[float, float, Mark]]] = {}
    for mark in marks:
        x, y = mark.at[1] / wide, mark.at[0] / high
        column, line = int(x // CLUSTER), int(y // CLUSTER)
        near = (
            other
            for i in (column - 1, column, column + 1)
            for j in (line - 1, line, line + 1)
            for left, down, other in kept.get((i, j), ())
            if max(abs(left - x), abs(down - y)) < (CLUSTER if mark.is_cluster or other.is_cluster else PLACE)
        )
        met = next(near, None)
        if met is None:
            kept.setdefault((column, line), []).append((x, y, mark))
        else:
            met.rows = [] if met.is_cluster or mark.is_cluster else [*met.rows, *mark.rows]
            met.count += mark.count
    return [mark for some in kept.values() for _x, _y, mark in some]


@dataclass(frozen=True)
class Tiles:
    """A server of tiles that the department chose.

    Args:
        url: with {z}, {x} and {y}; {s} stands for a part of its name.
        attribution: who is to be named for them.
        source: what the content security policy lets pictures come from.
    """

    url: str
    attribution: str
    source: str


def tiles() -> Tiles | None:
    """The chosen server; none by default: then no other computer hears what an officer looks at."""
    url: str = settings.MAP_TILES
    if not url:
        return None
    parts = urlsplit(url)
    host = parts.netloc.replace("{s}", "*")
    return Tiles(url, settings.MAP_ATTRIBUTION, f"{parts.scheme}://{host}")
