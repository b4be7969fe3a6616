"""Which area a position lies in, by geometry. The number printed in a file is never believed."""

from collections.abc import Iterable, Sequence
from datetime import date

import shapely
from shapely.geometry import shape

from .models import Area, AreaShape

Position = tuple[float, float]  # latitude, longitude in degrees


class Locator:
    """Finds the beat of many positions at once; where there is no beat, the district.

    Args:
        on: the day whose areas count, today by default.
    """

    def __init__(self, on: date | None = None) -> None:
        self._layers: list[tuple[list[int], shapely.STRtree]] = []
        self.codes: dict[int, str] = {}
        for kind in (Area.Kind.BEAT, Area.Kind.DISTRICT):
            rows = list(
                AreaShape.objects.filter(area__in=Area.objects.current(on).filter(kind=kind))
                .order_by("area__code_key", "area_id")
                .values_list("area_id", "area__code", "geometry")
            )
            if rows:
                self.codes |= {pk: code for pk, code, _geometry in rows}
                polygons = [shape(geometry) for _pk, _code, geometry in rows]
                self._layers.append(([pk for pk, _code, _geometry in rows], shapely.STRtree(polygons)))

    def locate(self, positions: Sequence[Position | None]) -> list[int | None]:
        """The area id of each position, `None` for what is outside or has no position.

        A position on a border belongs to the area with the lower number, so that the answer never wavers.
        """
        found: list[int | None] = [None] * len(positions)
        for ids, tree in self._layers:
            open_places = [
                (i, where) for i, where in enumerate(positions) if where is not None and found[i] is None
            ]
            if not open_places:
                break
            points = shapely.points([(where[1], where[0]) for _i, where in open_places])
            places, polygons = tree.query(points, predicate="intersects")
            for place, polygon in sorted(zip(places.tolist(), polygons.tolist(), strict=True)):
                i = open_places[place][0]
                if found[i] is None:
                    found[i] = ids[polygon]
        return found

    def locate_one(self, latitude: float | None, longitude: float | None) -> int | None:
        """The area id of one position."""
        return self.locate([None if latitude is None or longitude is None else (latitude, longitude)])[0]


def relocate(
    businesses: Iterable[tuple[int, float | None, float | None, int | None]], locator: Locator
) -> dict[int, int | None]:
    """The places of business that lie in another area than the one they are in.

    Args:
        businesses: (id, latitude, longitude, present area id).
        locator: the areas that count.

    Returns:
        The new area id by business id, only where it differs.
    """
    rows = list(businesses)
    positions = [
        None if latitude is None or longitude is None else (latitude, longitude)
        for _pk, latitude, longitude, _area in rows
    ]
    found = locator.locate(positions)
    return {pk: new for (pk, _latitude, _longitude, old), new in zip(rows, found, strict=True) if new != old}
