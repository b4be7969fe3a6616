"""What the lists of possible duplicates show."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.pages.columns import Column
from core.pages.marks import ago

from .duplicates.reasons import in_short
from .models import DuplicatePair, Merge

SURE = 95


def _page(row: DuplicatePair) -> str:
    return reverse("desk:duplicate", args=[row.pk])


def _likely(row: DuplicatePair) -> tuple[Any, str]:
    words = _("very likely") if row.score >= SURE else _("likely")
    return f"{words} · {row.score}", "warn" if row.score >= SURE else "neutral"


def _address(place: Any) -> str:
    return place.address or str(_("Address withheld"))


ONE = Column("one.name", _("Business"), link=_page, sub=lambda row: _address(row.one), below=_("Address"))
OTHER = Column(
    "other.name", _("May be the same as"), sub=lambda row: _address(row.other), below=_("Its address")
)
LIKELY = Column("score", _("How likely"), sort=("score", "pk"), tag=_likely, file=lambda row: row.score)
REASONS = Column("reasons", _("Because"), value=lambda row: in_short(row.reasons))
FOUND = Column("found_by", _("Noticed"), value=lambda row: row.get_found_by_display(), hide_on_phone=True)

OPEN = (ONE, OTHER, LIKELY, REASONS, FOUND)
SETTLED = (
    ONE,
    OTHER,
    LIKELY,
    Column("status", _("What was said"), tag=lambda row: (row.get_status_display(), row.tone)),
    Column(
        "settled_at",
        _("When"),
        value=lambda row: ago(row.settled_at) if row.settled_at else "",
        file=lambda row: row.settled_at,
        sub=lambda row: row.updated_by_name,
        below=_("By"),
    ),
)


def _state(row: Merge) -> tuple[Any, str]:
    return (_("taken apart again"), "neutral") if row.is_undone else (_("merged"), "good")


MERGES = (
    Column("gone", _("Record"), link=lambda row: row.get_absolute_url(), value=lambda row: str(row.gone)),
    Column("stays", _("Is part of"), value=lambda row: str(row.stays)),
    Column("state", _("How it stands"), tag=_state),
    Column("at", _("When"), sort=("at", "pk"), value=lambda row: ago(row.at), sub=lambda row: row.by_name),
)
