"""Figures that everybody may read: counted from the rows, and left out where there is nothing to count."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.models import Department
from events.models import Event
from partnerships.businesses.models import Business
from partnerships.vetting.models import Application

TYPICAL_OF = timedelta(days=365)
ENOUGH_DECISIONS = 5  # fewer say nothing about what is typical, and would point at single applicants


@dataclass(frozen=True)
class Figure:
    """One figure of the public home, with the words that say what it counts."""

    figure: str
    words: str


def public_figures() -> list[Figure]:
    """What the public home counts: partners, this year's events, and the usual time to an answer."""
    found = [_partners(), _events_of(clock.today().year), _time_to_answer()]
    return [each for each in found if each is not None]


def _partners() -> Figure | None:
    # Totals for the public: no row is shown, so no scope applies.
    counted = (
        Business.objects.partners()
        .open()
        .aggregate(
            businesses=Count("pk"),
            districts=Count(Coalesce("area__parent_id", "area_id"), distinct=True),
        )
    )
    if not counted["businesses"]:
        return None
    districts = ngettext("%(n)s district", "%(n)s districts", counted["districts"]) % {
        "n": _grouped(counted["districts"])
    }
    if not counted["districts"]:
        words = ngettext("partner business", "partner businesses", counted["businesses"])
    else:
        words = ngettext(
            "partner business in %(districts)s", "partner businesses in %(districts)s", counted["businesses"]
        ) % {"districts": districts}
    return Figure(_grouped(counted["businesses"]), words)


def _events_of(year: int) -> Figure | None:
    start = timezone.make_aware(datetime(year, 1, 1))  # noqa: DTZ001 - made aware in the department's zone
    held = Event.objects.taking_place().filter(
        audience="public", starts_at__gte=start, ends_at__lte=clock.now()
    )
    counted = held.aggregate(events=Count("pk"), heads=Sum(Coalesce("headcount", F("walk_ins"))))
    if not counted["events"]:
        return None
    registered = held.filter(headcount=None).aggregate(
        came=Sum("registrations__party_size", filter=Q(registrations__status="attended"))
    )
    people = (counted["heads"] or 0) + (registered["came"] or 0)
    words = ngettext("event so far this year", "events so far this year", counted["events"])
    if people:
        words = _("%(events)s, %(people)s people came") % {"events": words, "people": _grouped(people)}
    return Figure(_grouped(counted["events"]), words)


def _time_to_answer() -> Figure | None:
    decided: list[tuple[Any, Any]] = list(
        Application.objects.filter(
            decided_at__gte=clock.now() - TYPICAL_OF, first_submitted_at__isnull=False
        ).values_list("first_submitted_at", "decided_at")
    )
    if len(decided) < ENOUGH_DECISIONS:
        return None
    days = Department.current().working_days
    typical = round(
        median(
            days.between(timezone.localdate(asked), timezone.localdate(answered))
            for asked, answered in decided
        )
    )
    return Figure(
        ngettext("%(n)s working day", "%(n)s working days", typical) % {"n": typical},
        _("from application to answer, typically"),
    )


def _grouped(number: int) -> str:
    return str(number_format(number, use_l10n=True, force_grouping=True))
