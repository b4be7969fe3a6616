"""What the registry's lists show."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.db.models import DateField
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import words
from core.pages.columns import Column
from core.pages.marks import ago
from core.roles import administer

from .imports.errors import sentence
from .models import Business, Claim, ImportChange


def _desk_page(row: Business) -> str:
    return reverse("desk:business", args=[row.pk])


def _standing(row: Business) -> tuple[str, str]:
    return row.get_standing_display(), row.tone


def _area(row: Business) -> str:
    if row.area is None:
        return str(_("No position") if not row.has_position else _("Outside the city"))
    return str(row.area)


def _district(row: Business) -> str:
    district = row.area.district if row.area else None
    return str(district) if district and district != row.area else ""


def _industry(row: Business) -> str:
    return row.industry.group_title if row.industry else ""


def _naics(row: Business) -> str:
    return row.industry.code if row.industry else ""


def _officer(row: Business) -> str:
    officer = row.organization.lead_officer
    return officer.display_name if officer else ""


def _public_address(row: Business) -> str:
    return row.public_address or str(_("Address withheld"))


def _address(row: Business) -> str:
    return row.address or str(_("Address withheld"))


BUSINESS = Column(
    "name", _("Business"), sort=("name_key", "pk"), link=_desk_page, sub=_address, below=_("Address")
)
STANDING = Column("standing", _("Standing"), sort=("standing", "name_key"), tag=_standing)
INDUSTRY = Column("industry", _("Kind of business"), value=_industry, hide_on_phone=True)
NAICS = Column("naics", _("NAICS code"), value=_naics, on_page=False)
AREA = Column(
    "area",
    _("Area"),
    sort=("area_code", "name_key"),
    value=_area,
    sub=_district,
    below=_("District"),
    one_line=True,
)

DESK = (
    BUSINESS,
    STANDING,
    INDUSTRY,
    AREA,
    Column("officer", _("Lead officer"), value=_officer, hide_on_phone=True),
    Column(
        "updated",
        _("Record changed"),
        sort="updated_at",
        value=lambda row: ago(row.updated_at),
        file=lambda row: row.updated_at,
    ),
    NAICS,
)

# What the public directory shows, for a look beyond one's own districts.
CITY = (
    Column(
        "name",
        _("Business"),
        sort=("name_key", "pk"),
        link=lambda row: row.get_absolute_url(),
        sub=_public_address,
        below=_("Address"),
    ),
    INDUSTRY,
    AREA,
    Column("phone", _("Phone")),
    NAICS,
)


def _claim_page(row: Claim) -> str:
    return reverse("desk:claim", args=[row.pk])


CLAIMS = (
    Column(
        "business.name",
        _("Business"),
        sort=("business__name_key", "pk"),
        link=_claim_page,
        sub=lambda row: row.business.address,
    ),
    Column("user.display_name", _("Claimant"), sub=lambda row: row.user.email if row.user.full_name else ""),
    Column(
        "status",
        _("Status"),
        tag=lambda row: (row.get_status_display(), row.tone),
    ),
    Column("created_at", _("Made"), sort="created_at", value=lambda row: ago(row.created_at)),
)

# Settled claims only become more, and the names stand on other rows: no index could give that order.
SETTLED_CLAIMS = (replace(CLAIMS[0], sort=None), *CLAIMS[1:])


def imported(user: Any) -> tuple[Column, ...]:
    """Of the businesses that an import added; an admin, who has no desk, finds each in the administration."""
    if administer(user) is None:
        return (replace(BUSINESS, link=_admin_page), STANDING, INDUSTRY, AREA)
    return (BUSINESS, STANDING, INDUSTRY, AREA)


_NUMBER = Column("number", _("Number"), sort="pk", value=lambda row: row.pk, numeric=True, hide_on_phone=True)


def changed(user: Any) -> tuple[Column, ...]:
    """Of the businesses that an import changed."""
    return (_of_change(user), _NUMBER, Column("changes", _("What became what"), value=_became))


def stayed(user: Any) -> tuple[Column, ...]:
    """Of the businesses that stayed as they are when an import was taken back."""
    return (_of_change(user), _NUMBER, Column("stays", _("Why"), value=lambda row: row.get_stays_display()))


def _of_change(user: Any) -> Column:
    page = _admin_page if administer(user) is None else _desk_page
    return Column(
        "name",
        _("Business"),
        value=lambda row: row.business.name,
        link=lambda row: page(row.business),
        sub=lambda row: _address(row.business),
        below=_("Address"),
    )


# What an import keeps of a place that says nothing to people, or nothing that could be read in a line.
_UNTOLD = frozenset({"imported", "license_issued", "latitude", "longitude"})
_NUMBERED = frozenset({"area_id", "industry_id"})


def _became(row: ImportChange) -> str:
    """ "phone: – → (312) 555-0134; position" """
    told = []
    for name in sorted(set(row.before) - _UNTOLD):
        was, became = (_in_words(name, side.get(name)) for side in (row.before, row.after))
        if was != became:
            label = _label(Business, name.removesuffix("_id"))
            told.append(str(label) if name in _NUMBERED else f"{label}: {was or '–'} → {became or '–'}")
    if any(row.before.get(name) != row.after.get(name) for name in ("latitude", "longitude")):
        told.append(str(_("position")))
    return "; ".join(told) or str(_("Only what the file says: what a person changed here stands."))


def _label(model: Any, name: str) -> str:
    """What people call a column."""
    return str(model._meta.get_field(name).verbose_name)


def _in_words(name: str, value: Any) -> str:
    if value and isinstance(Business._meta.get_field(name), DateField):
        return words.day(date.fromisoformat(value), "short")
    return str(value or "")


MAPPINGS = (
    Column(
        "label",
        _("Name"),
        sort=("key",),  # made of the name
        link=lambda row: reverse("desk:mapping", args=[row.pk]),
    ),
    Column("updated", _("Said"), value=lambda row: ago(row.updated_at)),
    Column("by", _("By"), value=lambda row: row.updated_by_name),
)


def _admin_page(row: Business) -> str:
    return reverse("admin:businesses_business_change", args=[row.pk])


def left_out(heads: Sequence[str]) -> list[Column]:
    """Of the rows that an import left out, with the columns of its own file behind.

    Args:
        heads: of the file; none where it is not kept any more.
    """
    return [
        Column("line", _("Line"), numeric=True),
        Column("column", _("Column")),
        Column("reason", _("Why"), value=sentence),
        *(Column(f"cell-{at}", head, value=partial(_cell, at)) for at, head in enumerate(heads)),
    ]


def _cell(at: int, row: dict[str, Any]) -> str:
    cells: list[str] = row["cells"]
    return cells[at] if at < len(cells) else ""
