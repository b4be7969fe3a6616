"""Whose work the desk's home shows: one's own, that of one's districts, or all."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.pages.components import Segment
from core.pages.story import Whose
from partnerships.businesses.models import Area
from partnerships.businesses.services import districts_of


def choose(user: Any, wanted: str = "") -> tuple[Whose, list[Segment]]:
    """What is shown, and the switch.

    Args:
        user: the signed-in person.
        wanted: a value of `Whose`; an unknown or missing one means the person's own work for an officer,
            everything for a supervisor. Who has no district is not offered one.
    """
    districts = list(districts_of(user))
    known = {Whose.MINE, Whose.ALL} | ({Whose.DISTRICT} if districts else set())
    whose = Whose(wanted) if wanted in known else Whose.ALL if user.is_supervisor else Whose.MINE
    home = reverse("desk:home")
    labels = {Whose.MINE: _("Mine"), Whose.DISTRICT: _district_label(districts), Whose.ALL: _("All")}
    return whose, [
        Segment(label, f"{home}?scope={key}", current=key == whose)
        for key, label in labels.items()
        if key in known
    ]


def _district_label(districts: list[Area]) -> str:
    return str(districts[0]) if len(districts) == 1 else _("My districts")
