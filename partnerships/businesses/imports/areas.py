"""A file of districts, beats or neighborhoods into the registry, all of it or nothing.

A redraw does not overwrite: the old area ends on the day the new one takes effect, whoever covered the old
district covers its successor, and places of business move to the area they lie in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import shape

from core import audit, clock, locks, words
from core.access import check
from core.progress import Progress
from partnerships.businesses.models import Area, AreaShape, ImportBatch

from . import LOCK, moving, redraw
from .errors import ImportRefusedError
from .outlines.drawn import Drawing, Drawn, Meaning, drawing_of
from .outlines.maps import Shown, map_of
from .outlines.opening import read_layer

BY_OUTLINE = "*"  # in place of a property: each is part of the district that it lies in
MOST_CHANGES = 1_000  # areas of a report


@dataclass
class AreaReport:
    """What came of a file of areas.

    Attributes:
        rows: areas of the file.
        merged: features that are a further piece of an area.
        stay: areas that the file does not have and that began on the same day.
        elsewhere: areas whose number stands for another part of the city from now on.
        in_force: areas of the kind that were in effect before.
        moved: places of business that are in another area now, or in another edition of it.
        across: of them those that are in an area of another number, or in none.
        beats_behind: beats of a district that ends or gets another border, while the beats stay as they are.
        outside: places with a position that are in no area.
        orphans: numbers of areas that are part of no district.
        cover_ended: assignments to districts that end without a successor.
        without_cover: names of those who cover no district from then on.
        left_out: what the file names without drawing it, each with the reason.
        mended: numbers of areas whose outline crossed itself.
        overlaps: two numbers each, and by how many square miles.
        gaps: the size of spots between the areas that belong to none, in square miles.
        far: numbers of areas far away from all others.
        changes: what becomes of each area that does not stay as it is.
        map: what a map is drawn from.
    """

    file: str
    kind: str
    dry_run: bool
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    redrawn: int = 0
    ended: int = 0
    stay: int = 0
    elsewhere: int = 0
    in_force: int = 0
    moved: int = 0
    across: int = 0
    outside: int = 0
    beats_behind: int = 0
    merged: int = 0
    system: str = ""
    orphans: list[str] = field(default_factory=list)
    cover_ended: int = 0
    without_cover: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    overlaps: list[tuple[str, str, float]] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    far: list[str] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    map: dict[str, Any] = field(default_factory=dict)

    @property
    def ends_many(self) -> bool:
        """Whether so many areas end, or lie elsewhere, that a wrong or cut file is likely."""
        return ends_many(self.ended + self.elsewhere, self.in_force)


def ends_many(ended: int, in_force: int) -> bool:
    """Whether an edition ends more than a fifth of the areas in effect, and more than one."""
    return ended > 1 and ended * 5 > in_force


class _DryRunError(Exception):
    """Ends the transaction of a dry run."""


def import_areas(
    path: Path,
    *,
    kind: str,
    name_field: str,
    valid_from: date,
    label_field: str = "",
    parent_field: str = "",
    code: int = 0,
    swapped: bool = False,
    actor: Any,
    name: str = "",
    dry_run: bool = False,
    end_many: bool = False,
    progress: Progress | None = None,
) -> AreaReport:
    """Read areas into the registry.

    Args:
        path: GeoJSON, a shapefile in a zip, KML or KMZ.
        kind: a value of `Area.Kind`.
        name_field: the property with the area's number or name.
        valid_from: the first day these borders count; not in the future.
        label_field: the property with the name that people use beside the number.
        parent_field: for beats and neighborhoods, the property with the district's number, or `BY_OUTLINE`.
            Without one, an area that is here already stays part of what it is part of.
        code: the EPSG code of the coordinates, where the file does not say what they are.
        swapped: latitude stands before longitude.
        actor: who imports, an admin or a supervisor; `None` for the system.
        name: what people call the file; its path by default.
        dry_run: find out what would happen, and change nothing.
        end_many: also when it ends more than a fifth of the areas in effect.
        progress: told the places of business that were looked at. When it raises, nothing is changed.

    Raises:
        ImportRefusedError: it is not a file of this kind, names an unknown district, is older than what is
            here, or ends many areas.
        Refused: the actor may not.
    """
    check(actor, "businesses.import_files")
    called = name or str(path)
    _refuse_early(kind, valid_from, parent_field)
    by_property = "" if parent_field == BY_OUTLINE else parent_field
    meaning = Meaning(
        name_field=name_field,
        label_field=label_field,
        parent_field=by_property,
        code=code,
        swapped=swapped,
    )
    drawing = drawing_of(read_layer(path, called), meaning, called)
    report = AreaReport(file=name or path.name, kind=kind, dry_run=dry_run)
    try:
        with transaction.atomic():
            locks.one_at_a_time(LOCK)
            moving.take_turns()
            parents = _parents(drawing.areas, parent_field, called)
            steps = redraw.plan(drawing.areas, kind, valid_from, parents)
            _count(report, drawing, steps)
            _refuse_many(report, dry_run=dry_run, end_many=end_many)
            _write(steps, valid_from, report, progress)
            _record(report, actor)
            if dry_run:
                raise _DryRunError
    except _DryRunError:
        pass
    return report


def _refuse_early(kind: str, valid_from: date, parent_field: str) -> None:
    if valid_from > clock.today():
        raise ImportRefusedError(
            _("The areas would take effect on %(day)s, which is still to come. Import them on that day.")
            % {"day": words.day(valid_from)}
        )
    if parent_field and kind == Area.Kind.DISTRICT:
        raise ImportRefusedError(_("A district is part of no other area. Leave out what it is part of."))


def _refuse_many(report: AreaReport, *, dry_run: bool, end_many: bool) -> None:
    if report.ends_many and not (dry_run or end_many):
        raise ImportRefusedError(
            _(
                "%(file)s ends %(ended)s of the %(all)s areas in effect, or puts them elsewhere. "
                "See whether it is whole and read rightly; then say that it may end them."
            )
            % {
                "file": report.file,
                "ended": words.number(report.ended + report.elsewhere),
                "all": words.number(report.in_force),
            }
        )


def _count(report: AreaReport, drawing: Drawing, steps: Sequence[redraw.Step]) -> None:
    def counted(what: str) -> int:
        return sum(each.what == what for each in steps)

    report.rows, report.merged, report.system = len(drawing.areas), drawing.merged, drawing.system.name
    report.created, report.redrawn = counted(redraw.NEW), counted(redraw.REDRAWN)
    report.updated, report.unchanged = counted(redraw.UPDATED), counted(redraw.UNCHANGED)
    report.ended, report.stay = counted(redraw.ENDED), counted(redraw.STAYS)
    report.elsewhere = sum(each.is_elsewhere for each in steps)
    report.in_force = Area.objects.filter(kind=report.kind, valid_until=None).count()
    report.left_out, report.mended = drawing.left_out, drawing.mended
    report.overlaps, report.gaps, report.far = drawing.lie.overlaps, drawing.lie.gaps, drawing.lie.far
    if report.kind == Area.Kind.DISTRICT:
        moved = [each.old.pk for each in steps if each.old is not None and each.moves]
        report.beats_behind = Area.objects.beats().filter(parent__in=moved, valid_until=None).count()
    else:
        report.orphans = [each.code for each in steps if each.drawn is not None and each.parent is None]
    report.map = map_of([Shown(each.code, each.what, each.before, each.after) for each in steps], report.far)


def _write(
    steps: Sequence[redraw.Step], valid_from: date, report: AreaReport, progress: Progress | None
) -> None:
    redraw.write(steps, report.kind, valid_from)
    cover = redraw.hand_over(steps, valid_from)
    successors = redraw.successors(steps)
    moves = moving.follow(successors, progress)
    across = moving.across(moves, successors)
    report.moved, report.across = len(moves), sum(across.values())
    report.outside = moving.outside()
    report.cover_ended, report.without_cover = sum(cover.ended.values()), cover.without
    gone, come = moving.by_area(across)
    for each in steps:
        if each.what == redraw.UNCHANGED or len(report.changes) == MOST_CHANGES:
            continue
        rows = {row.pk for row in (each.old, each.row) if row is not None}
        report.changes.append(
            {
                **redraw.told(each),
                "gone": sum(gone[row] for row in rows),
                "come": sum(come[row] for row in rows),
                "cover": cover.ended.get(each.code, 0),
            }
        )


def _record(report: AreaReport, actor: Any) -> None:
    told = {key: value for key, value in report.__dict__.items() if key not in ("map", "changes")}
    batch = ImportBatch.objects.create(
        kind=f"areas: {report.kind}",
        file_name=report.file[:255],
        sha256="",
        by_name=str(getattr(actor, "display_name", actor) or "")[:200],
        report=told,
    )
    audit.record("businesses.areas_imported", batch, actor=actor, detail=report.kind)


def _parents(drawn: Sequence[Drawn], parent_field: str, file: str) -> Mapping[str, Area | None] | None:
    """The district of each area by its number; `None` where nothing says it."""
    if not parent_field:
        return None
    districts = list(Area.objects.districts().filter(valid_until=None).order_by("code_key", "pk"))
    if parent_field == BY_OUTLINE:
        return _parents_around(drawn, districts, file)
    by_number = {redraw.number(area.code): area for area in districts}
    found: dict[str, Area | None] = {}
    for each in drawn:
        found[each.code] = by_number.get(redraw.number(each.parent_code))
        if found[each.code] is None:
            raise ImportRefusedError(
                _(
                    "%(file)s: area %(code)s is part of district “%(district)s”, which is not here. "
                    "Import the districts first."
                )
                % {"file": file, "code": each.code, "district": each.parent_code}
            )
    return found


def _parents_around(
    drawn: Sequence[Drawn], districts: Sequence[Area], file: str
) -> Mapping[str, Area | None]:
    """The district in which most of each area lies; one that lies mostly in none is part of none."""
    rows = dict(AreaShape.objects.filter(area__in=districts).values_list("area_id", "geometry"))
    around = [area for area in districts if area.pk in rows]
    shapes = [shape(rows[area.pk]) for area in around]
    tree = shapely.STRtree(shapes)
    found: dict[str, Area | None] = {}
    for each in drawn:
        shares = {
            at: shapely.intersection(shapes[at], each.outline).area
            for at in sorted(tree.query(each.outline, predicate="intersects").tolist())
        }
        most = max(shares, key=lambda at: shares[at], default=None)
        enough = most is not None and shares[most] * 2 > each.outline.area
        found[each.code] = around[most] if most is not None and enough else None
    if not any(found.values()):
        raise ImportRefusedError(
            _("The areas of %(file)s lie in no district that is here. Import the districts first.")
            % {"file": file}
        )
    return found
