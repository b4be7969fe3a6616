"""What the registry's lists show."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.pages.columns import Column
from core.pages.marks import ago
from core.roles import administer

from .imports.errors import sentence
from .models import Business, Claim


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
        sub=_address,
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


def _admin_page(row: Business) -> str:
    return reverse("admin:businesses_business_change", args=[row.pk])


LEFT_OUT = [
    Column("line", _("Line"), numeric=True),
    Column("column", _("Column")),
    Column("reason", _("Why"), value=sentence),
]
