"""The public home: how long an answer takes."""

from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.models import Department
from core.pages.story import Figure
from partnerships.vetting.models import Application

ENOUGH_DECISIONS = 5  # fewer say nothing about what is typical, and would point at single applicants

TYPICAL_OF = timedelta(days=365)
LATEST = (
    300  # of the year's decisions: enough for a median, and the front page does not grow with the registry
)


def figures() -> Iterator[Figure]:
    """How long an answer typically takes, from a year's latest decisions; nothing where they are too few."""
    decided: list[tuple[Any, Any]] = list(
        Application.objects.filter(decided_at__gte=clock.now() - TYPICAL_OF, first_submitted_at__isnull=False)
        .order_by("-decided_at")
        .values_list("first_submitted_at", "decided_at")[:LATEST]
    )
    if len(decided) < ENOUGH_DECISIONS:
        return
    days = Department.current().working_days
    typical = round(
        median(
            days.between(timezone.localdate(asked), timezone.localdate(answered))
            for asked, answered in decided
        )
    )
    yield Figure(
        ngettext("%(n)s working day", "%(n)s working days", typical) % {"n": typical},
        _("from application to answer, typically"),
        order=30,
    )
