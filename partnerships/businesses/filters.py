"""Filters of the registry's lists."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.access import visible
from core.pages.lists import PER_PAGE, ListPage

from . import search
from .models import Area, Business, Industry, Standing


def _districts(request: Any) -> QuerySet[Area]:
    rows: Any = visible(Area, getattr(request, "user", None))
    found: QuerySet[Area] = rows.current().districts().order_by("code")
    return found


def _subsectors(request: Any) -> QuerySet[Industry]:
    rows: Any = visible(Industry, getattr(request, "user", None))
    found: QuerySet[Industry] = rows.subsectors().order_by("title")
    return found


class PublicBusinessFilter(django_filters.FilterSet):
    """The public directory: search, industry, area."""

    q = django_filters.CharFilter(
        label=_("Search"), method="find", widget=forms.SearchInput(attrs={"placeholder": _("Name or street")})
    )
    industry = django_filters.ModelChoiceFilter(
        label=_("Industry"), queryset=_subsectors, method="by_industry", empty_label=_("All industries")
    )
    district = django_filters.ModelChoiceFilter(
        label=_("District"), queryset=_districts, method="by_district", empty_label=_("All districts")
    )

    words: list[search.Word] = []

    class Meta:
        model = Business
        fields: list[str] = []

    def find(self, rows: Any, name: str, value: str) -> Any:
        """Search, and remember which words were corrected."""
        self.words = search.read_words(value)
        found = rows.search(value, words=self.words)
        return found if self.data.get("sort") else found.best_first(value)

    def by_industry(self, rows: Any, name: str, value: Industry) -> Any:
        """A subsector and everything in it."""
        within = Industry.objects.filter(code__startswith=value.code).order_by().values("pk")
        return rows.filter(industry__in=within)

    def by_district(self, rows: Any, name: str, value: Area) -> Any:
        """A district and its beats."""
        within = Area.objects.under([value.pk]).order_by().values("pk")
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
    lead = django_filters.ChoiceFilter(
        label=_("Lead officer"),
        method="by_lead",
        choices=[("me", _("I lead")), ("none", _("Nobody yet"))],
        empty_label=_("Anyone"),
    )

    class Meta:
        model = Business
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user
        areas: Any = visible(Area, user)
        self.districts = list(areas.current().districts().covered_by(user).order_by("code"))
        choices = [(area.code, str(area)) for area in self.districts]
        self.filters["district"].extra["choices"] = [*choices, ("none", _("No district"))]

    def by_district_code(self, rows: Any, name: str, value: str) -> Any:
        """A district and its beats, or what is in none."""
        if value == "none":
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

    def by_lead(self, rows: Any, name: str, value: str) -> Any:
        """Organizations the user leads, or that nobody leads."""
        return rows.filter(organization__lead_officer=self.request.user if value == "me" else None)
