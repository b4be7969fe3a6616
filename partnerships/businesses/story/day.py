"""The day: claims to verify; for those who only read, the districts in figures."""

from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access import refusal, visible
from core.pages.story import (
    Card,
    Day,
    Tile,
    Whose,
    first_of,
)
from partnerships.businesses.models import Area, Business, Claim, DuplicatePair

COUNTED = ("businesses", "applicants", "partners", "suspended")


def day(user: Any, whose: Whose) -> Day:
    """The claims to verify, and for supervisors the possible duplicates; a query each.

    A claim is nobody's in particular: whoever sees the place may check it, whosever work is shown.
    """
    claims: Any = visible(Claim, user)
    waiting = claims.waiting().select_related("user", "business__area__parent").order_by("created_at", "pk")
    lines, total = first_of(waiting)
    url = reverse("desk:claims")
    card = Card(
        "claims",
        _("Claims to verify"),
        "businesses/story/claims.html",
        lines,
        total,
        url,
        _("All claims"),
        order=60,
        aside=True,
        empty=(_("Nobody is waiting"), _("When an owner claims a business, you check it here.")),
    )
    words = ngettext("claim to verify", "claims to verify", total)
    return Day([card], [Tile(total, words, "warn" if total else "good", url, order=30), *_duplicates(user)])


def _duplicates(user: Any) -> list[Tile]:
    """How many pairs may be one, for those who merge them; one query."""
    if refusal(user, "businesses.merge_records") is not None:
        return []
    pairs: Any = visible(DuplicatePair, user)
    total = pairs.open().count()
    words = ngettext("possible duplicate", "possible duplicates", total)
    return [Tile(total, words, "info" if total else "good", reverse("desk:duplicates"), order=70)]


def city(user: Any) -> Day:
    """Partners in all, and how many places of each standing every district in effect has; two queries."""
    rows = _by_district(user)
    partners = sum(row["partners"] for row in rows)
    return Day(
        [
            Card(
                "districts",
                _("Districts"),
                "businesses/story/districts.html",
                rows,
                order=10,
                empty=(_("The registry is empty"), _("An administrator imports areas and a license file.")),
            )
        ],
        [
            Tile(
                partners,
                ngettext("partner business", "partner businesses", partners),
                "info",
                f"{reverse('desk:businesses')}?standing=partner",
                order=10,
            )
        ],
    )


def _by_district(user: Any) -> list[dict[str, Any]]:
    """One mapping per district: `name`, `businesses`, `applicants`, `partners`, `suspended`.

    The last one counts places without a district in effect, when there are any, so that the columns add up.
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
        for each in areas.current().districts().order_by("code_key")
        if each.pk in rows
    ]
    if rows:
        rest = {key: sum(row[key] for row in rows.values()) for key in COUNTED}
        found.append({**rest, "name": _("No district: outside the city or not placed")})
    return found
