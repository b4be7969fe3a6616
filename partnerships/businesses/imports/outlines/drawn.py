"""The areas of a file as they would be stored: number, name, what they are part of, outline in degrees."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from core import names
from partnerships.businesses.imports.errors import ImportRefusedError
from partnerships.businesses.models import Area

from .layers import Feature, Layer, outlined, why
from .mending import Beside, beside, mended
from .systems import System, in_degrees, settle

LONGEST_CODE: int = Area._meta.get_field("code").max_length or 0
LONGEST_NAME: int = Area._meta.get_field("name").max_length or 0


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What the properties and the numbers of a file mean.

    Args:
        name_field: the property with the area's number or name.
        label_field: the property with the name that people use, beside the number; "" for none.
        parent_field: the property with the number of what it is part of; "" for none.
        code: the EPSG code of the coordinates, where the file does not say it; 0 for none.
        swapped: latitude stands before longitude.
    """

    name_field: str
    label_field: str = ""
    parent_field: str = ""
    code: int = 0
    swapped: bool = False


@dataclass(frozen=True)
class Drawn:
    """One area as the file draws it."""

    code: str
    name: str
    parent_code: str
    outline: BaseGeometry


@dataclass(frozen=True)
class Drawing:
    """All areas of a file.

    Args:
        areas: at least one.
        system: its coordinates.
        merged: features that are a further piece of an area.
        left_out: features without an outline: what they are called, and why.
        mended: the numbers of those whose outline crossed itself.
        lie: how they lie to each other.
    """

    areas: list[Drawn]
    system: System
    merged: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    lie: Beside = field(default_factory=Beside)


def drawing_of(layer: Layer, meaning: Meaning, name: str) -> Drawing:
    """The areas of a file, by what its properties mean.

    Args:
        layer: as it was read.
        meaning: of its properties and numbers.
        name: what people call the file.

    Raises:
        ImportRefusedError: a property is missing, an area has no number, or it is not on earth.
    """
    codes = [_code(each, meaning, name) for each in layer.features]
    kept = outlined(layer, name)
    outlines: list[BaseGeometry] = [each.outline for each in kept if each.outline is not None]
    system = settle(outlines, layer.system, meaning.code, name)
    placed = in_degrees(outlines, system, name, swapped=meaning.swapped)
    found: dict[str, Drawn] = {}
    pieces: dict[str, list[BaseGeometry]] = {}
    put_right: list[str] = []
    by_place = dict(zip((each.place for each in layer.features), codes, strict=True))
    for feature, outline in zip(kept, placed, strict=True):
        code = by_place[feature.place]
        whole = mended(outline)
        if whole is None:
            raise ImportRefusedError(
                _("%(file)s, area %(n)s (%(code)s): its outline has no inside.")
                % {"file": name, "n": feature.place, "code": code}
            )
        if whole is not outline and code not in put_right:
            put_right.append(code)
        drawn = Drawn(code, _name(feature, code, meaning), _parent(feature, meaning), whole)
        _same_area(found.setdefault(code, drawn), drawn, meaning, name)
        pieces.setdefault(code, []).append(whole)
    areas = [_whole(each, pieces[each.code]) for each in found.values()]
    left = [(by_place[each.place], why(each)) for each in layer.features if each.outline is None]
    lie = beside({each.code: each.outline for each in areas})
    return Drawing(areas, system, len(kept) - len(areas), left, put_right, lie)


def _code(feature: Feature, meaning: Meaning, name: str) -> str:
    where = {"file": name, "n": feature.place}
    for needed in filter(None, (meaning.name_field, meaning.label_field, meaning.parent_field)):
        if needed not in feature.properties:
            known = ", ".join(sorted(feature.properties)[:12]) or "–"
            raise ImportRefusedError(
                _("%(file)s, area %(n)s: it has no property “%(name)s”. It has: %(known)s.")
                % {**where, "name": needed, "known": known}
            )
    code = feature.properties[meaning.name_field]
    if not names.is_readable(code) or len(code) > LONGEST_CODE:
        raise ImportRefusedError(
            _(
                "%(file)s, area %(n)s: “%(name)s” has to have 1 to %(most)s characters, "
                "a letter or a digit among them."
            )
            % {**where, "name": meaning.name_field, "most": LONGEST_CODE}
        )
    return code


def _name(feature: Feature, code: str, meaning: Meaning) -> str:
    """What people call it; a number alone is no name."""
    if meaning.label_field:
        told = feature.properties[meaning.label_field][:LONGEST_NAME].strip()
        return told if names.is_readable(told) and told != code else ""
    return "" if any(each.isdigit() for each in code) else code


def _parent(feature: Feature, meaning: Meaning) -> str:
    return feature.properties[meaning.parent_field] if meaning.parent_field else ""


def _same_area(first: Drawn, further: Drawn, meaning: Meaning, name: str) -> None:
    """An area that is drawn in several pieces says the same of each."""
    if (first.name, first.parent_code) != (further.name, further.parent_code):
        raise ImportRefusedError(
            _(
                "%(file)s has “%(code)s” as “%(name)s” more than once, and not as one area: the rest that "
                "it says of them differs. Choose a property that is another for each area."
            )
            % {"file": name, "code": first.code, "name": meaning.name_field}
        )


def _whole(each: Drawn, pieces: Sequence[BaseGeometry]) -> Drawn:
    """An area that the file draws in several pieces is one area."""
    if len(pieces) == 1:
        return each
    return Drawn(each.code, each.name, each.parent_code, shapely.union_all(pieces))
