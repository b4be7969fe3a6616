"""What lists of events can be narrowed by."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from .choices import Audience, EventStatus, Kind
from .models import Event


class PublicEventFilter(django_filters.FilterSet):
    """The public list: words and kind."""

    q = django_filters.CharFilter(method="by_words", label=_("Search"))
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"), empty_label=_("Any kind"))

    class Meta:
        model = Event
        fields: list[str] = []

    def by_words(self, rows: Any, name: str, text: str) -> QuerySet[Event]:
        """Words in title, summary or place."""
        found: QuerySet[Event] = rows.search(text)
        return found


class DeskEventFilter(PublicEventFilter):
    """The desk's list: also status and audience."""

    status = django_filters.ChoiceFilter(
        choices=EventStatus.choices, label=_("Status"), empty_label=_("Any status")
    )
    audience = django_filters.ChoiceFilter(
        choices=Audience.choices, label=_("For whom"), empty_label=_("Anyone")
    )
    when = django_filters.ChoiceFilter(
        choices=[("week", _("Next seven days"))],
        label=_("When"),
        method="by_week",
        empty_label=_("Any time"),
    )

    def by_week(self, rows: Any, name: str, value: str) -> QuerySet[Event]:
        """What takes place within seven days."""
        found: QuerySet[Event] = rows.this_week()
        return found
