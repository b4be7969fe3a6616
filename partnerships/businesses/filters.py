"""Filters of the registry's lists."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access import visible
from core.folding import has_words
from core.pages.lists import PER_PAGE, ListPage

from . import kinds, search
from .forms import KindFilterField
from .models import Area, Business, Claim, Industry, Standing

NO_DISTRICT = "none"


def _districts(user: Any) -> list[Area]:
    """Those in effect today, by their code: a list asks for them each time it is drawn."""
    areas: Any = visible(Area, user)
    return list(areas.current().districts().order_by("code_key", "pk"))


class KindFilter(django_filters.CharFilter):
    """An industry group by everyday words, its title or a code."""

    field_class = KindFilterField


def district_choices(user: Any) -> list[tuple[Any, Any]]:
    """The districts in effect today, to choose one: number and words."""
    areas: Any = visible(Area, user)
    return [(each.pk, str(each)) for each in areas.current().districts().order_by("code_key")]


class PublicBusinessFilter(django_filters.FilterSet):
    """The public directory: search, kind of business, area."""

    q = django_filters.CharFilter(
        label=_("Search"), method="find", widget=forms.SearchInput(attrs={"placeholder": _("Name or street")})
    )
    industry = KindFilter(label=_("Kind of business"), method="by_industry")
    district = django_filters.ChoiceFilter(
        label=_("District"), method="by_district", empty_label=_("All districts")
    )

    # Whether a street finds a business that is run from a home: the directory does not tell where that is.
    finds_homes = False
    words: list[search.Word] = []
    partly = False  # whether what was found has most of the words, not all

    class Meta:
        model = Business
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        districts = _districts(getattr(self.request, "user", None))
        self.filters["district"].extra["choices"] = self.district_choices(districts)

    def district_choices(self, districts: list[Area]) -> list[tuple[Any, Any]]:
        """What can be chosen: value and words."""
        return [(each.pk, str(each)) for each in districts]

    def find(self, rows: Any, name: str, value: str) -> Any:
        """Search, and remember which words were corrected."""
        self.words = search.read_words(value)
        found = rows.search(value, words=self.words)
        if not self.finds_homes:
            named = has_words(value, "organization__search_text") | has_words(value, "name")
            found = found.exclude(Q(home_based=True) & ~named)
        self.partly = found.lacks_words
        return found if self.data.get("sort") else found.best_first(value)

    def by_industry(self, rows: Any, name: str, value: kinds.Kind) -> Any:
        """A group and everything in it; nothing where the words mean no kind."""
        if not value.code:
            return rows.none()
        within = Industry.objects.filter(code__startswith=value.code).order_by().values("pk")
        return rows.filter(industry__in=within)

    def by_district(self, rows: Any, name: str, value: str) -> Any:
        """A district and its beats."""
        within = Area.objects.under([int(value)]).order_by().values("pk")
        return rows.filter(area__in=within)


def corrections(page: ListPage) -> list[search.Correction]:
    """Typed words that no business has, with the words of the first results in their place."""
    rows = page.queryset  # runs the filters, which look the words up
    words: list[search.Word] = getattr(page.filterset, "words", [])
    if not any(word.corrected for word in words):
        return []
    return search.corrections(words, rows.values_list("search_text", flat=True)[:PER_PAGE])


class BusinessFilter(PublicBusinessFilter):
    """The desk's list."""

    finds_homes = True
    standing = django_filters.ChoiceFilter(
        label=_("Standing"), choices=Standing.choices, empty_label=_("Any standing")
    )
    district = django_filters.ChoiceFilter(
        label=_("District"),
        method="by_district_code",
        empty_label=_("All districts"),
    )
    beat = django_filters.CharFilter(
        label=_("Beat"), method="by_beat", widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6})
    )
    listed = django_filters.ChoiceFilter(
        label=_("In the directory"),
        method="by_listing",
        choices=[("yes", _("Listed")), ("no", _("Not listed"))],
        empty_label=_("Listed or not"),
    )
    where = django_filters.ChoiceFilter(
        label=_("Home or shop"),
        method="by_where",
        choices=[
            ("home", _("Run from a home")),
            ("shop", _("Not from a home")),
            ("away", _("Outside the city")),
        ],
        empty_label=_("Anywhere"),
    )
    lead = django_filters.ChoiceFilter(
        label=_("Lead officer"),
        method="by_lead",
        choices=[("me", _("I lead")), ("none", _("Nobody yet"))],
        empty_label=_("Anyone"),
    )

    class Meta:
        model = Business
        fields: list[str] = []

    def district_choices(self, districts: list[Area]) -> list[tuple[Any, Any]]:
        """By their code, which outlives a change of borders."""
        return [*((each.code, str(each)) for each in districts), (NO_DISTRICT, _("No district"))]

    def by_district_code(self, rows: Any, name: str, value: str) -> Any:
        """A district and its beats, or what is in none."""
        if value == NO_DISTRICT:
            return rows.unplaced()
        districts = Area.objects.current().districts().filter(code=value).order_by().values("pk")
        within = Area.objects.under(districts).order_by().values("pk")
        return rows.filter(area__in=within)

    def by_beat(self, rows: Any, name: str, value: str) -> Any:
        """One beat by its number; leading zeros don't matter."""
        number = value.strip()
        codes = {number, number.lstrip("0"), number.zfill(4)}
        beats = Area.objects.beats().filter(Q(code__in=codes)).order_by().values("pk")
        return rows.filter(area__in=beats)

    def by_listing(self, rows: Any, name: str, value: str) -> Any:
        """Whether the owner agreed to be in the public directory."""
        return rows.filter(listed=value == "yes")

    def by_where(self, rows: Any, name: str, value: str) -> Any:
        """Run from a home or not, or outside the city."""
        return rows.filter(out_of_town=True) if value == "away" else rows.filter(home_based=value == "home")

    def by_lead(self, rows: Any, name: str, value: str) -> Any:
        """Organizations the user leads, or that nobody leads."""
        return rows.filter(organization__lead_officer=self.request.user if value == "me" else None)


class ClaimFilter(django_filters.FilterSet):
    """Claims by the business or by who claims it."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="find",
        widget=forms.SearchInput(attrs={"placeholder": _("Business or claimant")}),
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    def find(self, rows: Any, name: str, value: str) -> Any:
        """Each word is of the business, its address or the claimant."""
        return rows.filter(has_words(value, "business__search_text", "user__search_text"))
