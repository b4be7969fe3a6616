"""The owner's home: what needs them, where their applications stand, what is coming up."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.access import visible
from core.pages.components import TimelineEntry
from events.models import Registration
from partnerships.businesses.models import Business, Claim, Invitation, Membership
from partnerships.businesses.services import invitation_token
from partnerships.vetting import fields, sentences
from partnerships.vetting.choices import OPEN
from partnerships.vetting.models import Application, Condition
from partnerships.vetting.rules import APPEAL_DAYS

CLOSED_SHOWN_FOR = APPEAL_DAYS  # days that a closed application stays on the home
SHOWN = 8


@dataclass(frozen=True)
class Need:
    """One thing the owner has to do.

    Args:
        title: what, in a few words.
        text: a sentence more.
        items: the exact things, if there are several.
        url: where to do it.
        action: what the button says.
        tone: how pressing it is.
        question: what the officer asked, in their words.
    """

    title: str
    text: str
    url: str
    action: str
    items: tuple[str, ...] = ()
    tone: str = "warn"
    question: str = ""


@dataclass(frozen=True)
class Shown:
    """One application in short: its line of stages, and the sentence that says what happens next."""

    application: Application
    entries: list[TimelineEntry]


@dataclass
class Home:
    """The portal's home of one member."""

    needs: list[Need] = field(default_factory=list)
    applications: list[Shown] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    businesses: list[Business] = field(default_factory=list)
    waiting_claims: list[Claim] = field(default_factory=list)
    invited: bool = False
    officer: Any = None
    officer_area: Any = None

    @property
    def has_draft(self) -> bool:
        """An application is begun and not sent."""
        return any(each.application.status == "draft" for each in self.applications)

    @property
    def is_empty(self) -> bool:
        """Nothing is theirs yet: no business, no application, no claim."""
        return not (self.businesses or self.applications or self.waiting_claims or self.invited)


def home_of(user: Any) -> Home:
    """Gather the portal's home for a member; the number of queries does not grow with what they have."""
    home = Home()
    home.businesses = list(
        visible(Business, user)
        .select_related("organization__lead_officer", "area__parent")
        .defer("search_text", "imported")
        .order_by("organization__name", "pk")[: SHOWN * 2]
    )
    applications = _applications(user)
    home.applications = [
        Shown(each, sentences.owner_timeline(each)) for each in applications if _is_news(each)
    ]
    claims: Any = visible(Claim, user)
    home.waiting_claims = list(claims.waiting().select_related("business")[:SHOWN])
    home.registrations = list(
        visible(Registration, user)
        .filter(status__in=["registered", "waitlisted"], event__ends_at__gt=clock.now())
        .exclude(event__status="cancelled")
        .select_related("event", "business")
        .order_by("event__starts_at", "pk")[:SHOWN]
    )
    owned = set(
        visible(Membership, user).filter(user=user, role="owner").values_list("organization_id", flat=True)
    )
    invitations = list(_invitations(user))
    home.invited = bool(invitations)
    home.needs = invitations + [need for each in applications for need in _needs_of(each)]
    home.needs += list(_suggestions(home.businesses, owned))
    _find_officer(home, applications)
    return home


def _applications(user: Any) -> list[Application]:
    # What needs them first: an open one, or one with an open condition, is not pushed off by what ended.
    conditions = Condition.objects.still_open().filter(application=OuterRef("pk"))
    pressing = Case(When(Q(status__in=OPEN) | Exists(conditions), then=0), default=1)
    return list(
        visible(Application, user)
        .select_related("organization__lead_officer", "criteria_version", "applicant")
        .prefetch_related("action_requests", "conditions", "criteria_version__criteria")
        .order_by(pressing, "-pk")[: SHOWN * 2]
    )


def _is_news(application: Application) -> bool:
    ended = application.decided_at or application.withdrawn_at
    return application.is_open or ended is None or (clock.now() - ended).days <= CLOSED_SHOWN_FOR


def _needs_of(application: Application) -> Iterator[Need]:
    name = application.organization.name
    if application.status == "action_needed":
        request = next((each for each in application.action_requests.all() if each.answered_at is None), None)
        items = tuple(fields.labels(application, request.fields)) if request else ()
        things = max(len(items), 1)
        asked = date_format(timezone.localdate(request.asked_at)) if request else ""
        yield Need(
            ngettext("We need %(n)d thing from you", "We need %(n)d things from you", things) % {"n": things},
            _("%(name)s. Asked on %(day)s. Our clock is stopped until you answer.")
            % {"name": name, "day": asked},
            reverse("portal:application_answer", args=[application.pk]),
            _("Answer now"),
            items,
            question=request.message if request else "",
        )
    elif application.status == "draft":
        yield Need(
            _("Finish your application"),
            _("%(name)s. Everything you typed is saved. It takes about ten minutes.") % {"name": name},
            reverse("portal:application_status", args=[application.pk]),
            _("Go on"),
        )
    for condition in application.conditions.all():
        if condition.status == "open":
            late = condition.due_on < clock.today()
            pattern = _("was due on %(day)s") if late else _("due on %(day)s")
            yield Need(
                condition.text,
                _("%(name)s. A condition of your approval, %(due)s. Tell your officer when it is done.")
                % {"name": name, "due": pattern % {"day": date_format(condition.due_on)}},
                reverse("portal:application_status", args=[application.pk]),
                _("Read it"),
                tone="bad" if late else "warn",
            )


def _invitations(user: Any) -> Iterator[Need]:
    """Open invitations to the member's own address: a reminder leads here, not to the secret link."""
    rows = Invitation.objects.open().addressed_to(user).select_related("organization", "invited_by")
    for row in rows.order_by("expires_at", "pk")[:SHOWN]:
        names = {
            "name": row.organization.name,
            "who": row.invited_by.display_name,
            "day": date_format(timezone.localdate(row.expires_at)),
        }
        yield Need(
            _("You are invited to act for %(name)s") % names,
            _("%(who)s asked you to join. The invitation is open until %(day)s.") % names,
            reverse("portal:invitation", args=[invitation_token(row)]),
            _("See the invitation"),
            tone="info",
        )


def _suggestions(businesses: list[Business], owned: set[int]) -> Iterator[Need]:
    unlisted = [
        each
        for each in businesses
        if each.standing == "partner"
        and not each.listed
        and not each.is_closed
        and each.organization_id in owned
    ]
    if len(unlisted) == 1:
        yield Need(
            _("Be found in the public directory"),
            _("%(name)s is a partner, but not listed. You decide; you can leave the list at any time.")
            % {"name": unlisted[0].name},
            reverse("portal:business_listing", args=[unlisted[0].pk]),
            _("Read and choose"),
            tone="info",
        )


def _find_officer(home: Home, applications: list[Application]) -> None:
    organizations = [each.organization for each in home.businesses] + [
        each.organization for each in applications
    ]
    home.officer = next((each.lead_officer for each in organizations if each.lead_officer), None)
    area = next((each.area for each in home.businesses if each.area), None)
    home.officer_area = area.district if area else None
