"""What the report of an import of areas says, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import words

from .imports import redraw
from .imports.areas import ends_many

MOST_NAMED = 12


@dataclass(frozen=True)
class Notice:
    """Something to look at before an edition is taken.

    Args:
        label: what it is about.
        text: what was found and what follows.
        tone: of the alert.
    """

    label: str
    text: str
    tone: str = "warn"


def becomes(change: Mapping[str, Any]) -> tuple[str, str]:
    """What becomes of an area, and the tone of its tag."""
    what, moves = change["what"], change.get("moves")
    if what in (redraw.REDRAWN, redraw.UPDATED):
        return (_("other border"), "info") if moves else (_("other name or district"), "neutral")
    return {
        redraw.NEW: (_("new"), "good"),
        redraw.ENDED: (_("ends"), "bad"),
        redraw.STAYS: (_("stays, not in the file"), "warn"),
    }.get(what, (_("as it is"), "neutral"))


def sums_of(result: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """How many areas became what, or would become."""
    if result.get("dry_run"):
        named = (_("would be new"), _("would change"), _("would stay as they are"), _("would end"))
    else:
        named = (_("new"), _("changed"), _("as they were"), _("ended"))
    counts = (
        result.get("created", 0),
        result.get("redrawn", 0) + result.get("updated", 0),
        result.get("unchanged", 0),
        result.get("ended", 0),
    )
    return tuple((label, words.number(count)) for label, count in zip(named, counts, strict=True))


def notices_of(result: dict[str, Any]) -> list[Notice]:
    """What is to be looked at, the gravest first."""
    return [*_of_many(result), *_of_people(result), *_of_outlines(result)]


def _of_many(result: dict[str, Any]) -> Iterator[Notice]:
    ended, elsewhere, all_areas = (result.get(each, 0) for each in ("ended", "elsewhere", "in_force"))
    if ends_many(ended + elsewhere, all_areas):
        yield Notice(
            _("Many areas end:"),
            _(
                "Of the %(all)s areas in effect, %(ended)s end and %(elsewhere)s would lie in another place. "
                "See whether the file is whole, of this city, and read by the right property."
            )
            % {
                "all": words.number(all_areas),
                "ended": words.number(ended),
                "elsewhere": words.number(elsewhere),
            },
            "bad",
        )
    if stay := result.get("stay", 0):
        yield Notice(
            _("Not in the file:"),
            ngettext(
                "%(n)s area began on the same day and stays. Import the file with a later day to end it.",
                "%(n)s areas began on the same day and stay. Import the file with a later day to end them.",
                stay,
            )
            % {"n": words.number(stay)},
        )


def _of_people(result: dict[str, Any]) -> Iterator[Notice]:
    if behind := result.get("beats_behind", 0):
        yield Notice(
            _("The beats are still to come:"),
            ngettext(
                "%(n)s beat is part of a district that changes here. Businesses follow their beat: "
                "import the beats of the same day next.",
                "%(n)s beats are part of districts that change here. Businesses follow their beat: "
                "import the beats of the same day next.",
                behind,
            )
            % {"n": words.number(behind)},
        )
    if without := result.get("without_cover"):
        yield Notice(
            _("Without a district:"),
            _(
                "%(names)s cover no district from then on, and so see few businesses. "
                "Give them one afterwards."
            )
            % {"names": _named(without)},
        )
    if orphans := result.get("orphans"):
        yield Notice(
            _("Part of no district:"),
            _("No officer sees the businesses in these areas by their district: %(areas)s.")
            % {"areas": _named(orphans)},
        )


def _of_outlines(result: dict[str, Any]) -> Iterator[Notice]:
    if far := result.get("far"):
        yield Notice(
            _("Far away:"),
            _("These lie far from all others, and are left off the map: %(areas)s.") % {"areas": _named(far)},
        )
    if left_out := result.get("left_out"):
        names = [name for name, _why in left_out]
        yield Notice(
            _("Left out:"),
            _("The file names these without drawing them: %(areas)s.") % {"areas": _named(names)},
        )
    if overlaps := result.get("overlaps"):
        pairs = [
            _("%(one)s and %(other)s (%(size)s sq mi)")
            % {"one": one, "other": other, "size": words.number(size)}
            for one, other, size in overlaps
        ]
        yield Notice(
            _("Overlaps:"),
            _("A business where two areas overlap counts in the one with the lower number: %(areas)s.")
            % {"areas": _named(pairs)},
        )
    if gaps := result.get("gaps"):
        yield Notice(
            _("Gaps:"),
            ngettext(
                "%(n)s spot between the areas belongs to none of them; it measures %(size)s sq mi.",
                "%(n)s spots between the areas belong to none of them; the largest measures %(size)s sq mi.",
                len(gaps),
            )
            % {"n": words.number(len(gaps)), "size": words.number(gaps[0])},
            "info",
        )
    if mended := result.get("mended"):
        yield Notice(
            _("Put right:"),
            _("The outlines of these crossed themselves; see on the map that they are as meant: %(areas)s.")
            % {"areas": _named(mended)},
            "info",
        )
    if merged := result.get("merged", 0):
        yield Notice(
            _("In pieces:"),
            ngettext(
                "%(n)s thing in the file is a further piece of an area of the same number.",
                "%(n)s things in the file are further pieces of areas of the same number.",
                merged,
            )
            % {"n": words.number(merged)},
            "info",
        )


def _named(names: list[str]) -> str:
    """Names with commas, and how many more there are."""
    told = ", ".join(names[:MOST_NAMED])
    if len(names) <= MOST_NAMED:
        return told
    return _("%(names)s and %(n)s more") % {"names": told, "n": words.number(len(names) - MOST_NAMED)}
