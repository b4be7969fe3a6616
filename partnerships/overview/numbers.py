"""The desk's home for viewers: totals of the whole city, never a name, a contact or a single application."""

from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.access import visible
from events.models import Event
from partnerships.businesses.models import Area, Business
from partnerships.vetting.models import Application

from .today import SHOWN, Tile

COUNTED = ("businesses", "applicants", "partners", "suspended")


def city_tiles(user: Any) -> list[Tile]:
    """Partners, open applications and how many are late, and the week's events."""
    places: Any = visible(Business, user)
    partners = places.partners().count()
    # Viewers see no application, but how many there are: totals only.
    open_ones = Application.objects.open().exclude(status="draft").count()
    late = Application.objects.late(clock.today()).count()
    events: Any = visible(Event, user)
    week = events.this_week().count()
    return [
        Tile(
            partners,
            ngettext("partner business", "partner businesses", partners),
            "info",
            f"{reverse('desk:businesses')}?standing=partner",
        ),
        Tile(open_ones, ngettext("application is open", "applications are open", open_ones), "neutral"),
        Tile(
            late,
            ngettext("application past the promise", "applications past the promise", late),
            "bad" if late else "good",
        ),
        Tile(week, ngettext("event this week", "events this week", week), "info" if week else "neutral"),
    ]


def week_of(user: Any) -> list[Any]:
    """The first events of the next seven days that exist for `user`, with their numbers."""
    events: Any = visible(Event, user)
    return list(events.this_week().with_numbers()[:SHOWN])


def by_district(user: Any) -> list[dict[str, Any]]:
    """How many places of business of each standing there are in every district in effect.

    Returns:
        One mapping per district: `name`, `businesses`, `applicants`, `partners`, `suspended`; the last one
        counts places without a district in effect, when there are any. So the column adds up to all of them.
    """
    counted = (
        visible(Business, user)
        .order_by()
        .annotate(district=Coalesce("area__parent_id", "area_id"))
        .values("district")
        .annotate(
            businesses=Count("pk"),
            applicants=Count("pk", filter=Q(standing="applicant")),
            partners=Count("pk", filter=Q(standing="partner")),
            suspended=Count("pk", filter=Q(standing="suspended")),
        )
    )
    rows: dict[Any, dict[str, Any]] = {row["district"]: dict(row) for row in counted}
    areas: Any = visible(Area, user)
    found = [
        {**rows.pop(each.pk), "name": str(each)}
        for each in areas.current().districts().order_by("code")
        if each.pk in rows
    ]
    if rows:
        rest = {key: sum(row[key] for row in rows.values()) for key in COUNTED}
        found.append({**rest, "name": _("No district: outside the city or not placed")})
    return found
