"""A new edition of areas: what becomes of each, and its writing, in a few statements for any number."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from core import words
from core.folding import in_order
from partnerships.businesses.models import Area, AreaShape, DistrictAssignment

from .errors import ImportRefusedError
from .outlines.drawn import Drawn
from .outlines.mending import is_same, square_miles

NEW, REDRAWN, UPDATED, UNCHANGED = "new", "redrawn", "updated", "unchanged"
ENDED, STAYS = "ended", "stays"


class OlderEditionError(ImportRefusedError):
    """The registry already has a later edition. Whoever hears of it adds how a later day is given."""


@dataclass
class Step:
    """What becomes of one area.

    Args:
        what: `NEW`, `REDRAWN` (a further edition), `UPDATED` (of the same day), `UNCHANGED`, `ENDED`, or
            `STAYS`: the file does not have it, and it began that same day.
        code: its number here.
        old: as it is in effect.
        before: its outline until now.
        drawn: as the file draws it.
        parent: what it is part of from now on.
        moves: whether its border does.
        row: of the registry, once it is written.
    """

    what: str
    code: str
    old: Area | None = None
    before: BaseGeometry | None = None
    drawn: Drawn | None = None
    parent: Area | None = None
    moves: bool = False
    row: Area | None = None

    @property
    def name(self) -> str:
        """What people call it; one that someone wrote here stands where the file has none."""
        told = self.drawn.name if self.drawn is not None else ""
        return told or (self.old.name if self.old is not None else "")

    @property
    def after(self) -> BaseGeometry | None:
        """Its outline from now on."""
        if self.what == ENDED:
            return None
        return self.drawn.outline if self.drawn is not None else self.before

    @property
    def is_elsewhere(self) -> bool:
        """Whether an area of this number lies in another place from now on."""
        if self.before is None or self.drawn is None:
            return False
        return not shapely.intersects(self.before, self.drawn.outline)


def number(code: str) -> str:
    """A code to compare by: leading zeros come and go from file to file."""
    return code.lstrip("0") or code


def _keys(*sets: Sequence[str]) -> Mapping[str, str]:
    """By what codes of two editions are the same: their numbers, unless these would make two areas one."""
    short = {code: number(code).casefold() for codes in sets for code in codes}
    if all(len({short[code] for code in codes}) == len(codes) for codes in sets):
        return short
    return {code: code for code in short}


def plan(
    drawn: Sequence[Drawn],
    kind: str,
    valid_from: date,
    parents: Mapping[str, Area | None] | None,
) -> list[Step]:
    """What becomes of each area of a kind; nothing is written.

    Args:
        drawn: the new edition.
        kind: a value of `Area.Kind`.
        valid_from: the first day of the edition.
        parents: what each is part of, by its number in the file; `None` leaves that as it is.

    Raises:
        OlderEditionError: an area that changes began later than that day.
    """
    present = list(Area.objects.filter(kind=kind, valid_until=None).select_related("parent"))
    shapes = {
        area: shape(geometry)
        for area, geometry in AreaShape.objects.filter(area__in=present).values_list("area_id", "geometry")
    }
    keys = _keys([area.code for area in present], [each.code for each in drawn])
    left = {keys[area.code]: area for area in present}
    steps: list[Step] = []
    for each in drawn:
        old = left.pop(keys[each.code], None)
        parent = parents[each.code] if parents is not None else old.parent if old is not None else None
        if old is None:
            steps.append(Step(NEW, each.code, drawn=each, parent=parent, moves=True))
            continue
        step = Step(UNCHANGED, old.code, old, shapes.get(old.pk), each, parent)
        step.moves = step.before is None or not is_same(step.before, each.outline)
        if step.moves or old.name != step.name or old.parent_id != (parent.pk if parent else None):
            step.what = UPDATED if valid_from == old.valid_from else REDRAWN
        if step.what == REDRAWN and valid_from < old.valid_from:
            raise OlderEditionError(
                _("%(area)s is from %(day)s in this file, but the registry already has it as of %(since)s.")
                % {"area": old, "day": words.day(valid_from), "since": words.day(old.valid_from)}
            )
        steps.append(step)
    # What a redraw leaves out ends with it; a file that changes nothing ends nothing.
    if any(each.what in (NEW, REDRAWN) for each in steps):
        for gone in left.values():
            if gone.valid_from <= valid_from:
                what = ENDED if gone.valid_from < valid_from else STAYS
                steps.append(Step(what, gone.code, gone, shapes.get(gone.pk), moves=what == ENDED))
    return steps


def write(steps: Sequence[Step], kind: str, valid_from: date) -> None:
    """Write an edition, and let those who covered an area cover the one that follows it."""
    over = [each.old.pk for each in steps if each.old is not None and each.what in (REDRAWN, ENDED)]
    Area.objects.filter(pk__in=over).update(valid_until=valid_from)
    fresh = [each for each in steps if each.what in (NEW, REDRAWN)]
    rows = Area.objects.bulk_create(
        Area(kind=kind, code=each.code, name=each.name, parent=each.parent, valid_from=valid_from)
        for each in fresh
    )
    for each, row in zip(fresh, rows, strict=True):
        each.row = row
    put_right = [each for each in steps if each.what == UPDATED]
    for each in put_right:
        each.row = each.old
        if each.old is not None:
            each.old.name, each.old.parent = each.name, each.parent
    Area.objects.bulk_update([each.old for each in put_right if each.old is not None], ["name", "parent"])
    AreaShape.objects.bulk_create(
        [
            AreaShape(area=each.row, geometry=_geometry(each.drawn.outline))
            for each in (*fresh, *put_right)
            if each.row is not None and each.drawn is not None
        ],
        update_conflicts=True,
        unique_fields=["area"],
        update_fields=["geometry"],
    )


def _geometry(outline: BaseGeometry) -> dict[str, object]:
    return {**mapping(outline)}


def successors(steps: Iterable[Step]) -> dict[int, int | None]:
    """What follows each area that ends: the edition of the same number, or nothing."""
    return {
        each.old.pk: each.row.pk if each.row is not None else None
        for each in steps
        if each.old is not None and each.what in (REDRAWN, ENDED)
    }


@dataclass(frozen=True)
class Cover:
    """What an edition means for those who cover districts.

    Args:
        ended: by the number of a district that ends, how many cover it.
        without: names of those who cover none from then on.
    """

    ended: Mapping[str, int]
    without: list[str]


def hand_over(steps: Sequence[Step], day: date) -> Cover:
    """Beats and assignments of an area that ended go to its successor of the same number."""
    follow = successors(steps)
    into = {old: new for old, new in follow.items() if new is not None}
    if into:
        parts = [When(parent=old, then=Value(new)) for old, new in into.items()]
        Area.objects.filter(parent__in=into, valid_until=None).update(parent=Case(*parts))
    codes = {each.old.pk: each.code for each in steps if each.old is not None}
    held = DistrictAssignment.objects.filter(area__in=follow).filter(Q(ends_on=None) | Q(ends_on__gt=day))
    found = list(held.select_related("user").order_by(in_order("user__full_name"), "pk"))
    held.update(ends_on=Greatest(Value(day), F("starts_on")))
    DistrictAssignment.objects.bulk_create(
        DistrictAssignment(
            user=each.user,
            area_id=into[each.area_id],
            starts_on=max(day, each.starts_on),
            ends_on=each.ends_on,
        )
        for each in found
        if each.area_id in into
    )
    lost = [each for each in found if each.area_id not in into]
    covering = set(
        DistrictAssignment.objects.current(day)
        .filter(user__in={each.user_id for each in lost})
        .order_by()
        .values_list("user", flat=True)
    )
    without = dict.fromkeys(each.user.display_name for each in lost if each.user_id not in covering)
    return Cover(Counter(codes[each.area_id] for each in lost), list(without))


def told(step: Step) -> dict[str, object]:
    """A step for the report: what JSON can hold."""
    return {
        "code": step.code,
        "what": step.what,
        "moves": step.moves,
        "before": round(square_miles(step.before), 2) if step.before is not None else None,
        "after": round(square_miles(step.after), 2) if step.after is not None else None,
    }
