"""Why two places may be one, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "same_name": _("The same name"),
    "alike_name": _("Names that are almost the same"),
    "crossed_names": _("One goes by the legal name of the other"),
    "other_name": _("Different names"),
    "other_store_number": _("Different store numbers"),
    "same_legal_name": _("The same legal name"),
    "other_legal_name": _("Different legal names"),
    "same_address": _("The same address"),
    "alike_address": _("Almost the same address"),
    "other_unit": _("The same building, another unit"),
    "unit_missing": _("The same building; the unit of one is not known"),
    "number_mistyped": _("House numbers that differ in one digit"),
    "other_address": _("Different addresses"),
    "address_missing": _("The address of one is not known"),
    "other_zip": _("Different ZIP codes"),
    "other_town": _("Different towns"),
    "same_position": _("The same point on the map"),
    "some_way_apart": _("More than 500 meters apart"),
    "far_apart": _("More than 3 kilometers apart"),
    "same_phone": _("The same phone"),
    "other_phone": _("Different phones"),
    "same_email": _("The same email on record"),
    "other_email": _("Different emails on record"),
    "same_website": _("The same website"),
}
# By which a list can be narrowed.
TELLING = ("crossed_names", "alike_name", "other_unit", "unit_missing", "same_phone", "address_missing")
SHOWN = 3


@dataclass(frozen=True)
class Said:
    """A reason for the page.

    Attributes:
        words: what it is.
        speaks_for: whether it speaks for one place rather than two.
    """

    words: Any
    speaks_for: bool


def said(reasons: Iterable[tuple[str, float]]) -> list[Said]:
    """The reasons of a pair in words, what counts most first; a code of another version is left out."""
    return [Said(WORDS[code], points >= 0) for code, points in reasons if code in WORDS]


def in_short(reasons: Iterable[tuple[str, float]]) -> str:
    """What speaks for it, in one line: "The same name · The same phone"."""
    return " · ".join(str(each.words) for each in said(reasons)[:SHOWN] if each.speaks_for)
