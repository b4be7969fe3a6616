"""People, sister sites and the place at a glance, beside a business's story."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When, Window
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.querysets import display_name
from core import words
from core.access import refusal, visible
from core.mail.consents import with_answer
from core.mail.purposes import Purpose
from core.mail.suppressions import trouble_in, with_trouble
from core.pages.story import (
    Beside,
    Card,
    Next,
)
from partnerships.businesses.models import (
    Business,
    Claim,
    Contact,
    DuplicatePair,
    Membership,
)
from partnerships.businesses.rules import Likeness
from partnerships.businesses.twins import twins_of

SITES_SHOWN = 20

WIDE = ("search_text", "imported")


def beside(place: Business, user: Any) -> Beside:
    """People to ask for, the place at a glance, its sister sites, and what the registry itself waits for.

    Args:
        place: with `organization__lead_officer`, `area__parent` and `industry` at hand.
        user: someone of the desk; viewers see no people.
    """
    figures_only = refusal(user, "businesses.see_contacts", place) is not None
    sites, total = _sites(place, user)
    cards = [
        Card(
            "glance",
            _("At a glance"),
            "businesses/story/glance.html",
            facts={"business": place, "figures_only": figures_only},
            order=80,
            aside=True,
        )
    ]
    if total > 1:
        names = {"n": words.number(total), "name": place.organization.name}
        facts = {"business": place, "organization": place.organization}
        cards.append(
            Card(
                "sites",
                _("%(n)s sites of %(name)s") % names,
                "businesses/story/sites.html",
                sites,
                total,
                facts=facts,
                order=90,
                aside=True,
            )
        )
    if figures_only:
        return Beside(cards)
    contacts, members = _people(place, user)
    cards.append(
        Card(
            "people",
            _("People"),
            "businesses/story/people.html",
            [*contacts, *members],
            facts={"contacts": contacts, "members": members},
            order=10,
            aside=True,
        )
    )
    # Once someone speaks for it, an officer has looked.
    alike = [] if members else twins_of(place, user)
    if alike:
        title = _("It looks like a business on record")
        cards.append(Card("alike", title, "businesses/story/alike.html", alike, order=5, tone="warn"))
    here = next(each for each in sites if each.pk == place.pk)
    if here.pairs:
        title = _("Possible duplicates")
        cards.append(Card("pairs", title, "businesses/story/pairs.html", here.pairs, order=7, tone="warn"))
    call = next(((each.name, each.phone_link) for each in contacts if each.phone), None)
    return Beside(cards, list(_steps(place, here, alike)), call)


def _pairs(user: Any) -> ArraySubquery:
    """The places that may be this one: the pair, its score, the other's name and street."""
    mine = Q(one=OuterRef("pk"))
    told = {
        each: Case(When(mine, then=f"other__{each}"), default=f"one__{each}") for each in ("name", "street")
    }
    open_ones: Any = visible(DuplicatePair, user)
    rows = open_ones.open().filter(mine | Q(other=OuterRef("pk"))).order_by("-score", "pk")
    return ArraySubquery(rows.values(told=JSONObject(pk="pk", score="score", **told))[:SITES_SHOWN])


def _sites(place: Business, user: Any) -> tuple[list[Any], int]:
    """This place and its sisters, with `within_reach`, waiting claim and possible duplicates; one query."""
    claims: Any = visible(Claim, user)
    waiting = claims.waiting().filter(business=OuterRef("pk")).order_by("pk")
    sites: list[Any] = list(
        Business.objects.filter(organization=place.organization_id)
        .annotate(
            in_all=Window(Count("pk")),
            within_reach=Exists(visible(Business, user).filter(pk=OuterRef("pk"))),
            waiting_claim=Subquery(waiting.values("pk")[:1]),
            pairs=_pairs(user),
            claimant=Subquery(waiting.annotate(who=display_name("user")).values("who")[:1]),
        )
        .select_related("area__parent")
        .defer(*WIDE)
        .order_by(Case(When(pk=place.pk, then=0), default=1), "pk")[:SITES_SHOWN]
    )
    return sites, sites[0].in_all


def _people(place: Business, user: Any) -> tuple[list[Any], list[Any]]:
    """Contacts and members of a place; a contact who also signs in is told once. Two queries.

    Each says what is wrong with their address as `trouble`; a contact who wants no reminders is marked so.
    """
    seen: Any = visible(Contact, user).filter(
        Q(business=place) | Q(business=None, organization=place.organization_id)
    )
    contacts: list[Any] = list(
        with_answer(with_trouble(seen, "email"), "email", Purpose.REMINDERS).order_by(
            F("business").desc(nulls_last=True), "name", "pk"
        )[:SITES_SHOWN]
    )
    acting = (
        visible(Membership, user)
        .filter(Q(all_sites=True) | Q(sites=place), organization=place.organization_id)
        .select_related("user")
        .distinct()
    )
    members: list[Any] = list(with_trouble(acting, "user__email").order_by("role", "pk")[:SITES_SHOWN])
    by_email = {each.user.email: each for each in members}
    for person in (*contacts, *members):
        person.trouble = trouble_in(person.held)
    for contact in contacts:
        contact.no_reminders = contact.said is False
        contact.member = by_email.pop(contact.email.lower(), None) if contact.email else None
    return contacts, list(by_email.values())


def _steps(place: Business, here: Any, alike: list[Likeness]) -> Iterator[Next]:
    if here.waiting_claim is not None:
        told = _("%(name)s says this business is theirs. Check it.")
        names = {"name": here.claimant}
        if alike:
            told = _(
                "%(name)s says this business is theirs, and it looks like %(other)s, %(standing)s. Check it."
            )
            same = alike[0].business
            there = _("in another officer’s district")
            standing = same.organization.get_standing_display().lower() if same.within_reach else there
            names |= {"other": same.name, "standing": standing}
        yield Next(
            told % names,
            reverse("desk:claim", args=[here.waiting_claim]),
            _("Verify or refuse"),
            order=10,
        )
    if place.standing == "suspended":
        yield Next(
            _("the partnership is suspended. A supervisor decides how it goes on."), tone="bad", order=40
        )
    if place.organization.lead_officer_id is None and place.standing == "partner":
        yield Next(
            _("no lead officer is named."),
            reverse("desk:organization_edit", args=[place.organization_id]),
            _("Name one"),
            "info",
            order=60,
        )
