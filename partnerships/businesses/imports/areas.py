"""A GeoJSON file of districts, beats or neighborhoods into the registry, all of it or nothing.

A redraw does not overwrite: the old area ends on the day the new one takes effect, whoever covered the old
district covers its successor, and places of business move to the area they lie in.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from django.db import connection, transaction
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from core import audit, clock, locks, names
from core.access import check
from partnerships.businesses.geography import Locator, relocate
from partnerships.businesses.models import Area, AreaShape, Business, DistrictAssignment, ImportBatch

from . import LOCK
from .errors import ImportRefusedError

LARGEST = 200 * 1024 * 1024  # bytes
CHUNK = 5_000


@dataclass
class AreaReport:
    """What came of a file of areas. `moved` counts places of business that are in another area now."""

    file: str
    kind: str
    dry_run: bool
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    redrawn: int = 0
    ended: int = 0
    moved: int = 0


@dataclass(frozen=True)
class Drawn:
    """One area as the file draws it."""

    code: str
    name: str
    parent_code: str
    geometry: dict[str, Any] = field(hash=False)


class _DryRunError(Exception):
    """Ends the transaction of a dry run."""


def import_areas(
    path: Path,
    *,
    kind: str,
    name_field: str,
    valid_from: date,
    parent_field: str = "",
    actor: Any,
    dry_run: bool = False,
) -> AreaReport:
    """Read areas into the registry.

    Args:
        path: a GeoJSON FeatureCollection of polygons in degrees (WGS 84).
        kind: a value of `Area.Kind`.
        name_field: the property with the area's number or name.
        valid_from: the first day these borders count; not in the future.
        parent_field: for beats, the property with the district's number.
        actor: who imports, an admin or a supervisor; `None` for the system.
        dry_run: find out what would happen, and change nothing.

    Raises:
        ImportRefusedError: it is not a file of this kind, names an unknown district, or is older than
            what is here.
        Refused: the actor may not.
    """
    check(actor, "businesses.import_files")
    if valid_from > clock.today():
        raise ImportRefusedError(
            f"The areas would take effect on {valid_from}, which is still to come. Import them on that day."
        )
    drawn = _read(path, name_field, parent_field)
    report = AreaReport(file=path.name, kind=kind, dry_run=dry_run, rows=len(drawn))
    try:
        with transaction.atomic():
            locks.one_at_a_time(LOCK)
            _write(drawn, kind, valid_from, parent_field, report, path)
            report.moved = relocate_all()
            batch = ImportBatch.objects.create(
                kind=f"areas: {kind}",
                file_name=path.name[:255],
                sha256="",
                by_name=str(getattr(actor, "display_name", actor) or "")[:200],
                report=report.__dict__.copy(),
            )
            audit.record("businesses.areas_imported", batch, actor=actor, detail=kind)
            if dry_run:
                raise _DryRunError
    except _DryRunError:
        pass
    return report


def relocate_all() -> int:
    """Put every place of business with a position into the area it lies in today; answer how many moved."""
    locator = Locator()
    moved = 0
    rows = Business.objects.filter(latitude__isnull=False).order_by("pk")
    last = 0
    while True:
        chunk = list(rows.filter(pk__gt=last).values_list("pk", "latitude", "longitude", "area_id")[:CHUNK])
        if not chunk:
            return moved
        last = chunk[-1][0]
        changes = relocate(chunk, locator)
        if changes:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE businesses_business b SET area_id = n.area_id "
                    "FROM unnest(%s::bigint[], %s::bigint[]) AS n (id, area_id) WHERE b.id = n.id",
                    [list(changes), list(changes.values())],
                )
            moved += len(changes)


def _write(
    drawn: list[Drawn], kind: str, valid_from: date, parent_field: str, report: AreaReport, path: Path
) -> None:
    present = {area.code: area for area in Area.objects.filter(kind=kind, valid_until=None)}
    shapes = dict(AreaShape.objects.filter(area__in=present.values()).values_list("area_id", "geometry"))
    parents = _parents(drawn, parent_field, path)
    successors: dict[int, Area | None] = {}
    for each in drawn:
        parent = parents.get(each.parent_code)
        old = present.pop(each.code, None)
        if old is None:
            _create(each, kind, parent, valid_from)
            report.created += 1
            continue
        same = (
            shapes.get(old.pk) == each.geometry
            and old.name == each.name
            and (not parent_field or old.parent_id == (parent.pk if parent else None))
        )
        if same:
            report.unchanged += 1
        elif valid_from == old.valid_from:
            old.name, old.parent = each.name, parent if parent_field else old.parent
            old.save(update_fields=["name", "parent"])
            AreaShape.objects.update_or_create(area=old, defaults={"geometry": each.geometry})
            report.updated += 1
        elif valid_from > old.valid_from:
            _end(old, valid_from)
            new = _create(each, kind, parent if parent_field else old.parent, valid_from)
            successors[old.pk] = new
            report.redrawn += 1
        else:
            raise ImportRefusedError(
                f"{kind.capitalize()} {each.code} in {path} is from {valid_from}, "
                f"but the registry already has it as of {old.valid_from}. Give a later --valid-from."
            )
    # What a redraw leaves out ends with it; a file that changes nothing ends nothing.
    for gone in present.values():
        if gone.valid_from < valid_from and (report.created or report.redrawn):
            _end(gone, valid_from)
            successors[gone.pk] = None
            report.ended += 1
    _hand_over(successors, valid_from)


def _create(each: Drawn, kind: str, parent: Area | None, valid_from: date) -> Area:
    area = Area.objects.create(
        kind=kind, code=each.code, name=each.name, parent=parent, valid_from=valid_from
    )
    AreaShape.objects.create(area=area, geometry=each.geometry)
    return area


def _end(area: Area, day: date) -> None:
    area.valid_until = day
    area.save(update_fields=["valid_until"])


def _hand_over(successors: dict[int, Area | None], day: date) -> None:
    """Beats and assignments of an area that ended go to its successor of the same number."""
    for old, new in successors.items():
        if new is not None:
            Area.objects.filter(parent_id=old, valid_until=None).update(parent=new)
        for assignment in DistrictAssignment.objects.filter(area_id=old, ends_on=None):
            assignment.ends_on = max(day, assignment.starts_on)
            assignment.save(update_fields=["ends_on"])
            if new is not None:
                DistrictAssignment.objects.get_or_create(
                    user_id=assignment.user_id, area=new, ends_on=None, defaults={"starts_on": day}
                )


def _parents(drawn: Iterable[Drawn], parent_field: str, path: Path) -> dict[str, Area]:
    if not parent_field:
        return {}
    districts = {_number(area.code): area for area in Area.objects.districts().filter(valid_until=None)}
    found = {}
    for each in drawn:
        district = districts.get(_number(each.parent_code))
        if district is None:
            raise ImportRefusedError(
                f"{path}: area {each.code} is part of district “{each.parent_code}”, "
                "which is not here. Import the districts first."
            )
        found[each.parent_code] = district
    return found


def _number(code: str) -> str:
    """A code to compare by: leading zeros come and go from file to file."""
    return code.lstrip("0") or code


def _read(path: Path, name_field: str, parent_field: str) -> list[Drawn]:
    try:
        if path.stat().st_size > LARGEST:
            raise ImportRefusedError(f"{path} is larger than {LARGEST // 1024 // 1024} MB.")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ImportRefusedError(f"{path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ImportRefusedError(f"{path} is not UTF-8 text.") from None
    if not text.strip():
        raise ImportRefusedError(f"{path} is empty.")
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise ImportRefusedError(f"{path} is not JSON.") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise ImportRefusedError(f"{path} is not a GeoJSON FeatureCollection with areas in it.")
    drawn: dict[str, Drawn] = {}
    parts: dict[str, list[BaseGeometry]] = {}
    for place, feature in enumerate(features, start=1):
        each = _feature(feature, place, path, name_field, parent_field)
        parts.setdefault(each.code, []).append(shape(each.geometry))
        drawn[each.code] = each
    return [_whole(each, parts[each.code]) for each in drawn.values()]


def _whole(each: Drawn, parts: list[BaseGeometry]) -> Drawn:
    """An area that the file draws in several pieces is one area."""
    if len(parts) == 1:
        return each
    return Drawn(
        each.code, each.name, each.parent_code, json.loads(shapely.to_geojson(shapely.union_all(parts)))
    )


def _feature(feature: Any, place: int, path: Path, name_field: str, parent_field: str) -> Drawn:
    where = f"{path}, area {place}"
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise ImportRefusedError(f"{where}: it has no properties.")
    for needed in filter(None, (name_field, parent_field)):
        if needed not in properties:
            known = ", ".join(sorted(properties)[:12])
            raise ImportRefusedError(f"{where}: it has no property “{needed}”. It has: {known}.")
    code = names.tidy(str(properties[name_field] if properties[name_field] is not None else ""))
    if not names.is_readable(code) or len(code) > 20:
        raise ImportRefusedError(
            f"{where}: “{name_field}” has to have 1 to 20 characters, a letter or a digit among them."
        )
    geometry = feature.get("geometry")
    problem = _problem(geometry)
    if problem:
        raise ImportRefusedError(f"{where} ({code}): {problem}")
    name = "" if any(each.isdigit() for each in code) else code
    parent = names.tidy(str(properties[parent_field] or "")) if parent_field else ""
    return Drawn(code, name, parent, {"type": geometry["type"], "coordinates": geometry["coordinates"]})


def _problem(geometry: Any) -> str:
    """What is wrong with a polygon, or nothing."""
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        return "it is not a polygon."
    try:
        polygon = shape(geometry)
    except Exception:  # shapely raises many kinds for broken coordinates
        return "its coordinates can't be read."
    if polygon.is_empty:
        return "its polygon is empty."
    left, bottom, right, top = polygon.bounds
    if left < -180 or right > 180 or bottom < -90 or top > 90:
        return "its coordinates are not degrees of longitude and latitude."
    return ""
