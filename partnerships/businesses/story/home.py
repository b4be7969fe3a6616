"""The owner's home: places of business, claims that are being checked, invitations."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import words
from core.access import visible
from core.pages.story import (
    LINES,
    Card,
    Home,
    Need,
)
from partnerships.businesses.models import (
    Business,
    Claim,
    Invitation,
)
from partnerships.businesses.services import invitation_token
from partnerships.businesses.workflow import CLAIM

WIDE = ("search_text", "imported")


def home(user: Any) -> Home:
    """The member's places of business, claims that are being checked, and invitations; three queries."""
    places: Any = visible(Business, user)
    businesses: list[Any] = list(
        places.with_unlisted(user)
        .annotate(unlisted_in_all=Window(Count("pk", filter=Q(unlisted=True))))
        .select_related("organization__lead_officer", "area__parent")
        .defer(*WIDE)
        .order_by("organization__name_key", "pk")[: LINES * 2]
    )
    claims: Any = visible(Claim, user)
    waiting = list(claims.waiting().select_related("business")[:LINES])
    invited = list(_invitations(user))
    cards = []
    if waiting:
        names = {"name": waiting[0].business.name, "n": len(waiting)}
        title = ngettext(
            "We are checking that you speak for %(name)s",
            "We are checking that you speak for %(n)d businesses",
            len(waiting),
        )
        cards.append(
            Card(
                "claims",
                title % names,
                "businesses/story/claimed.html",
                waiting,
                order=10,
                facts={"told": CLAIM.tells(waiting[0])},
                tone="info",
            )
        )
    if businesses:
        cards.append(
            Card(
                "businesses",
                _("Your businesses"),
                "businesses/story/businesses.html",
                businesses,
                url=reverse("portal:businesses"),
                link_text=_("All"),
                order=10,
                aside=True,
            )
        )
    area = next((each.area for each in businesses if each.area), None)
    return Home(
        needs=[*invited, *_suggestions(businesses)],
        cards=cards,
        known=bool(businesses or waiting or invited),
        officer=next(
            (each.organization.lead_officer for each in businesses if each.organization.lead_officer), None
        ),
        area=area.district if area else None,
    )


def _invitations(user: Any) -> Iterator[Need]:
    """Open invitations to the member's own address: a reminder leads here, not to the secret link."""
    rows = Invitation.objects.open().addressed_to(user).select_related("organization", "invited_by")
    for row in rows.order_by("expires_at", "pk")[:LINES]:
        names = {
            "name": row.organization.name,
            "who": row.invited_by.display_name,
            "day": words.day(row.expires_at),
        }
        yield Need(
            _("You are invited to act for %(name)s") % names,
            _("%(who)s asked you to join. The invitation is open until %(day)s.") % names,
            reverse("portal:invitation", args=[invitation_token(row)]),
            _("See the invitation"),
            tone="info",
            order=10,
        )


def _suggestions(businesses: list[Any]) -> Iterator[Need]:
    unlisted = [each for each in businesses if each.unlisted]
    several = bool(businesses) and businesses[0].unlisted_in_all > 1
    if several:
        yield Need(
            _("Be found in the public directory"),
            _("%(n)s of your places are partners, but not listed. You decide for each; it can leave again.")
            % {"n": words.number(businesses[0].unlisted_in_all)},
            reverse("portal:businesses"),
            _("See them and choose"),
            tuple(each.name for each in unlisted[:LINES]),
            tone="info",
            order=90,
        )
    elif unlisted:
        yield Need(
            _("Be found in the public directory"),
            _("%(name)s is a partner, but not listed. You decide; you can leave the list at any time.")
            % {"name": unlisted[0].name},
            reverse("portal:business_listing", args=[unlisted[0].pk]),
            _("Read and choose"),
            tone="info",
            order=90,
        )
