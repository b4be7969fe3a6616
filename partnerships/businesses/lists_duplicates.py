"""The desk's lists of possible duplicates, declared."""

from typing import Any

import django_filters
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.access import visible
from core.pages.components import Segment
from core.pages.list_page import Empty, File, Listing, Switch, WayOn

from . import columns_duplicates as columns
from .duplicates.reasons import TELLING, WORDS
from .filters import district_choices
from .models import Area, DuplicatePair, Merge

RELATIONS = ("one__organization", "other__organization")
HEAVY = ("search_text", "imported", "description", "listing_wording", "organization__imported")
FIND = WayOn(_("Look for more"), "desk:duplicates_find", "businesses.find_duplicates")


class PairFilter(django_filters.FilterSet):
    """Pairs by how likely they are, where they lie, why, and when they were noticed."""

    score = django_filters.ChoiceFilter(
        label=_("How likely"),
        method="by_score",
        choices=[("95", _("Very likely")), ("70", _("Likely"))],
        empty_label=_("Any"),
    )
    district = django_filters.ChoiceFilter(
        label=_("District"), method="by_district", empty_label=_("All districts")
    )
    because = django_filters.ChoiceFilter(
        label=_("Because"),
        method="by_reason",
        choices=[(code, WORDS[code]) for code in TELLING],
        empty_label=_("Any reason"),
    )
    found = django_filters.ChoiceFilter(
        label=_("Noticed"),
        field_name="found_by",
        choices=DuplicatePair.Found.choices,
        empty_label=_("Any time"),
    )

    class Meta:
        model = DuplicatePair
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["district"].extra["choices"] = district_choices(getattr(self.request, "user", None))

    def by_score(self, rows: Any, name: str, value: str) -> Any:
        """From 95 on, or below."""
        sure = Q(score__gte=columns.SURE)
        return rows.filter(sure if value == "95" else ~sure)

    def by_district(self, rows: Any, name: str, value: str) -> Any:
        """Where one of the two lies in a district or its beats."""
        within = Area.objects.under([int(value)]).order_by().values("pk")
        return rows.filter(Q(one__area__in=within) | Q(other__area__in=within))

    def by_reason(self, rows: Any, name: str, value: str) -> Any:
        """Those of which it speaks for or against."""
        return rows.filter(reasons__contains=[[value]])


def _rows(request: HttpRequest) -> Any:
    heavy = [f"{side}__{field}" for side in ("one", "other") for field in HEAVY]
    rows: Any = visible(DuplicatePair, request.user)
    return rows.select_related(*RELATIONS).defer(*heavy)


def pair_of(request: HttpRequest, pk: int) -> DuplicatePair:
    """A pair with all that its pages show, as far as it exists for the person."""
    shown = [
        f"{side}__{name}"
        for side in ("one", "other")
        for name in ("organization", "area__parent", "industry")
    ]
    rows: Any = visible(DuplicatePair, request.user).select_related(*shown, "settled_by")
    pair: DuplicatePair = get_object_or_404(rows, pk=pk)
    return pair


def _switches(request: HttpRequest) -> list[Switch]:
    here, settled = reverse("desk:duplicates"), request.GET.get("show") == "settled"
    merged = request.resolver_match is not None and request.resolver_match.url_name == "merges"
    waiting: Any = visible(DuplicatePair, request.user)
    return [
        Switch(
            _("Which pairs"),
            [
                Segment(
                    _t("To be looked at"),
                    here,
                    current=not (settled or merged),
                    count=waiting.open().count(),
                ),
                Segment(_t("Not duplicates"), f"{here}?show=settled", current=settled),
                Segment(_t("Merged"), reverse("desk:merges"), current=merged),
            ],
        )
    ]


def _pairs(settled: bool) -> Listing:
    return Listing(
        title=_("Possible duplicates"),
        subheading=_(
            "Places that may stand in the registry twice. Nothing is merged unless somebody says so."
        ),
        parent=(_("Businesses"), "desk:businesses"),
        rows=(
            (lambda request: _rows(request).filter(status=DuplicatePair.Status.DISMISSED))
            if settled
            else (lambda request: _rows(request).open())
        ),
        columns=columns.SETTLED if settled else columns.OPEN,
        filters=None if settled else PairFilter,
        default_sort="-score",
        noun=(_("pair"), _("pairs")),
        empty=Empty(
            _("No pair is settled yet") if settled else _("No possible duplicates"),
            _("The registry is looked through every night, and whenever a place is added."),
            WayOn(_("To the businesses"), "desk:businesses"),
        ),
        switches=_switches,
        steps=(FIND,),
        file=File("possible-duplicates"),
    )


OPEN, SETTLED = _pairs(settled=False), _pairs(settled=True)

MERGES = Listing(
    title=_("Merged records"),
    subheading=_("Each can be taken apart again."),
    parent=(_("Possible duplicates"), "desk:duplicates"),
    rows=lambda request: visible(Merge, request.user).select_related(
        "kept", "merged", "kept_organization", "merged_organization"
    ),
    columns=columns.MERGES,
    default_sort="-at",
    noun=(_("merge"), _("merges")),
    empty=Empty(
        _("Nothing was merged yet"), _("What is merged, and what is taken apart again, stands here.")
    ),
    switches=_switches,
)
