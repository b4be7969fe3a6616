"""What a file of areas holds before anyone says what its properties mean, and what they probably mean."""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import shapely

from .drawn import LONGEST_CODE
from .layers import Feature, Layer, outlined
from .mending import mended
from .systems import Position, are_degrees, settle, stands_swapped, system_of

EXAMPLES = 3
KINDS = (
    ("beat", re.compile(r"beat|zone|sector|reporting", re.IGNORECASE)),
    ("neighborhood", re.compile(r"neighbo|communit|hood|nta|ward|quarter", re.IGNORECASE)),
    ("district", re.compile(r"district|dist|precinct|division", re.IGNORECASE)),
)
NUMBERS = re.compile(r"num|no\b|nbr|code|id\b|dist|beat|prec|zone|sector|area|ward", re.IGNORECASE)
NAMES = re.compile(r"name|label|communit|neighbo|hood|title|desc", re.IGNORECASE)
DISTRICTS = re.compile(r"dist|prec|division", re.IGNORECASE)
# What programs of maps add by themselves.
OWN = re.compile(
    r"^(object_?id|fid|gid|_?socrata.*|globalid|ogc_fid|shape.*|st_.*|perimeter|area|acres|sq_?mi.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Property:
    """A property of the features that have an outline.

    Args:
        name: of it.
        examples: some of its texts.
        different: how many different ones there are.
        empty: in how many features it says nothing.
        longest: characters of its longest text.
    """

    name: str
    examples: list[str]
    different: int
    empty: int
    longest: int

    def may_number(self) -> bool:
        """Whether it may be what tells the areas apart."""
        return self.different > 0 and not self.empty and self.longest <= LONGEST_CODE


def look_at(layer: Layer, name: str, near: Position | None) -> dict[str, Any]:
    """What a file holds; what JSON can hold.

    Args:
        layer: as it was read.
        name: what people call the file.
        near: where the places of the registry lie, on the whole; `None` while there are none.

    Returns:
        `format`, `encoding`; `counted`, how many things it draws; `outlined` and `missing`, how many of them
        have an outline or none; `crossing`, how many outlines cross themselves; `properties` as `Property`
        tells them; `system`, what the coordinates are called, "" where that is to be asked; `swapped`,
        whether latitude stands first, and `proposal` with `kind`, `name_field`, `label_field` and
        `parent_field`.

    Raises:
        ImportRefusedError: nothing in it has an outline.
    """
    kept = outlined(layer, name)
    outlines = [each.outline for each in kept if each.outline is not None]
    known = system_of(layer.system)
    degrees = are_degrees(outlines)
    asked = not degrees and (known is None or known.is_degrees)
    properties = [_property(each, kept) for each in layer.properties]
    return {
        "format": layer.format,
        "encoding": layer.encoding,
        "counted": len(layer.features),
        "missing": len(layer.features) - len(kept),
        "outlined": len(kept),
        "crossing": sum(not shapely.is_valid(each) and mended(each) is not None for each in outlines),
        "properties": [each.__dict__ for each in properties],
        "system": "" if asked else settle(outlines, layer.system, 0, name).name,
        "says": known.name if known is not None else "",
        "swapped": degrees and stands_swapped(outlines, near),
        "proposal": propose(properties, name, len(kept)),
    }


def _property(name: str, features: list[Feature]) -> Property:
    texts = [each.properties.get(name, "") for each in features]
    told = dict.fromkeys(each for each in texts if each)
    return Property(
        name,
        [each[:60] for each in list(told)[:EXAMPLES]],
        len(told),
        texts.count(""),
        max(map(len, told), default=0),
    )


def propose(properties: list[Property], name: str, areas: int) -> dict[str, str]:
    """What the properties probably mean.

    Args:
        properties: of the file.
        name: what people call the file.
        areas: how many features have an outline.
    """
    number = _number(properties, areas)
    kind = _kind(name, number)
    label = next(
        (
            each.name
            for each in properties
            if each.name != number and NAMES.search(each.name) and each.different * 2 > areas
        ),
        "",
    )
    parent = next(
        (
            each.name
            for each in properties
            if each.name != number and DISTRICTS.search(each.name) and each.may_number()
            and each.different * 2 <= areas
        ),
        "*",
    )  # fmt: skip
    return {
        "kind": kind,
        "name_field": number,
        "label_field": label,
        "parent_field": parent if kind == "beat" else "",
    }


def _number(properties: list[Property], areas: int) -> str:
    """The property that tells most areas apart, by its name a number of theirs."""

    def worth(each: Property) -> tuple[bool, bool, bool, int]:
        own = OWN.match(each.name) is not None
        tells_apart = each.different * 10 >= areas * 8
        return tells_apart and not own, NUMBERS.search(each.name) is not None, not own, each.different

    fit = [each for each in properties if each.may_number()]
    return max(fit, key=worth).name if fit else ""


def _kind(name: str, number: str) -> str:
    """What the file, or else its property, is called after."""
    for said in (PurePath(name).stem, number):
        for kind, words in KINDS:
            if words.search(said):
                return kind
    return "district"
