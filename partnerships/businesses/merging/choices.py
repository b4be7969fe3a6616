"""What the record that stays says, once two are one."""

from collections.abc import Mapping
from typing import Any

from partnerships.businesses.duplicates.side_by_side import CHOICES
from partnerships.businesses.models import Business, Organization

THEIRS = "merged"  # the choice of what the record given up says
# What the file told goes over where the record that stays came from no file.
FROM_FILE = ("imported", "license_kinds", "license_until", "license_issued", "batch_id")
OF_ORGANIZATION = ("legal_name", "lead_officer_id")


def of_place(kept: Business, gone: Business, chosen: Mapping[str, str]) -> dict[str, Any]:
    """What changes on the place that stays, by column.

    Args:
        kept, gone: the places.
        chosen: by the name of a choice (`side_by_side.CHOICES`): "kept" or "merged". What is not chosen is
            taken from the record given up where the other one is silent.
    """
    found: dict[str, Any] = {}
    for name, columns in CHOICES.items():
        ours, theirs = ([getattr(place, _column(each)) for each in columns] for place in (kept, gone))
        silent = not any(_told(each) for each in ours)
        takes = chosen.get(name) == THEIRS or (name not in chosen and silent)
        if takes and any(_told(each) for each in theirs):
            found |= {_column(each): value for each, value in zip(columns, theirs, strict=True)}
    if not kept.imported and gone.imported:
        found |= {name: getattr(gone, name) for name in FROM_FILE}
    # Two choices that can't stand together: what stays, stays.
    opened, closed = (found.get(name, getattr(kept, name)) for name in ("opened_on", "closed_on"))
    if opened and closed and closed < opened:
        found.pop("opened_on", None)
        found.pop("closed_on", None)
    return {name: value for name, value in found.items() if getattr(kept, name) != value}


def of_organization(kept: Organization, gone: Organization) -> dict[str, Any]:
    """What the organization that stays takes over, where it is silent."""
    return {
        name: getattr(gone, name)
        for name in OF_ORGANIZATION
        if not getattr(kept, name) and getattr(gone, name)
    }


def _column(name: str) -> str:
    return {"area": "area_id", "industry": "industry_id"}.get(name, name)


def _told(value: Any) -> bool:
    return value is not None and value != ""
