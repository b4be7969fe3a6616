"""Whose work a page shows: one's own, that of one's districts, or all; one switch for every such page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.pages.components import Segment
from core.pages.list_page import Switch
from core.pages.story import Whose

from .models import Area
from .services import districts_of


def choose(
    user: Any, wanted: str, addresses: Mapping[Whose, str], *, otherwise: Whose, label: Any
) -> tuple[Whose, Switch]:
    """What is shown, and the switch.

    Args:
        user: the signed-in person. Who has no district is not offered one.
        wanted: a value of `Whose` as it stands in the address; an unknown or missing one means `otherwise`.
        addresses: where each choice leads.
        otherwise: what is shown when nothing was chosen.
        label: what the switch chooses, for screen readers.
    """
    districts = list(districts_of(user))
    known = [each for each in Whose if each != Whose.DISTRICT or districts]
    whose = Whose(wanted) if wanted in known else otherwise
    labels = {Whose.MINE: _("Mine"), Whose.DISTRICT: in_words(districts), Whose.ALL: _("All")}
    return whose, Switch(label, [Segment(labels[each], addresses[each], each == whose) for each in known])


def in_words(districts: list[Area]) -> str:
    """ "District 19" or "My districts"; for who has none, what they see instead."""
    if not districts:
        return _("Mine and unplaced")
    return str(districts[0]) if len(districts) == 1 else _("My districts")
