"""Filters of the queue."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from partnerships.businesses.models import Business

from .choices import WITH_REVIEWERS, Status, Step, Track
from .models import Application

WAITING = [
    ("me", _("me")),
    ("owner", _("the owner")),
    ("nobody", _("someone to take it")),
    ("reviewers", _("reviewers")),
    ("decision", _("a decision")),
]

STEPS = {
    "owner": [Step.ANSWER],
    "nobody": [Step.TAKE],
    "reviewers": WITH_REVIEWERS,
    "decision": [Step.DECIDE],
}


class ApplicationFilter(django_filters.FilterSet):
    """Search by name, and narrow by stage, track, who is next, and lateness."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="by_name",
        widget=forms.SearchInput(attrs={"placeholder": _("Name or street")}),
    )
    stage = django_filters.ChoiceFilter(
        label=_("Stage"), field_name="status", choices=Status.choices, empty_label=_("All stages")
    )
    track = django_filters.ChoiceFilter(label=_("Track"), choices=Track.choices, empty_label=_("Both tracks"))
    waiting = django_filters.ChoiceFilter(
        label=_("Waiting for"), method="by_waiting", choices=WAITING, empty_label=_("Anyone")
    )
    late = django_filters.ChoiceFilter(
        label=_("Promise"), method="by_late", choices=[("yes", _("Late"))], empty_label=_("Any age")
    )

    class Meta:
        model = Application
        fields: list[str] = []

    def by_name(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Those of organizations that the registry's search finds by a name or an address."""
        found = Business.objects.search(value).order_by().values("organization")
        return rows.filter(organization__in=found)

    def by_late(self, rows: Any, name: str, value: str) -> QuerySet:
        """Beyond the promised day."""
        return rows.late(clock.today())

    def by_waiting(self, rows: Any, name: str, value: str) -> QuerySet:
        """Who owes the next step."""
        if value == "me":
            return rows.waiting_for(self.request.user)
        return rows.filter(step__in=STEPS[value])
