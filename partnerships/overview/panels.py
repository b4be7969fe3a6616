"""What stands beside a business's story: people, sites, application, events, mail, and the next step."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, Window
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock, consents
from core.access import refusal, visible
from core.models import Purpose
from core.outbox import OutgoingMail
from core.suppressions import trouble_of
from events.models import Event, Registration
from partnerships.businesses.models import Business, Claim, Contact, Membership
from partnerships.vetting import sentences as vetting
from partnerships.vetting.models import Application, Condition, Review

SITES_SHOWN = 20
RUNS_OUT = timedelta(days=90)  # an approval that ends within this time is worth a word


@dataclass(frozen=True)
class Next:
    """The one thing to do next: a sentence, where to do it, and how urgent it is."""

    sentence: str
    url: str = ""
    action: str = ""
    tone: str = "warn"


@dataclass
class Panels:
    """Everything beside the story. `figures_only` is true for those who see no people and no vetting."""

    figures_only: bool
    sites: list[Business] = field(default_factory=list)
    sites_total: int = 1
    reachable: set[int] = field(default_factory=set)
    contacts: list[Any] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)
    application: Application | None = None
    age: vetting.Age | None = None
    waiting: str = ""
    conditions: list[Condition] = field(default_factory=list)
    claim: Claim | None = None
    events: list[Any] = field(default_factory=list)
    mail: dict[str, Any] = field(default_factory=dict)
    next: Next | None = None

    @property
    def to_call(self) -> Any:
        """The first contact with a phone number: who stands before the shop calls with one tap."""
        return next((each for each in self.contacts if each.phone), None)


def panels_of(place: Business, user: Any) -> Panels:
    """Gather what stands beside the story of `place`, as far as it exists for `user`.

    Args:
        place: with `organization__lead_officer`, `area__parent` and `industry` at hand.
        user: someone of the desk; viewers get figures, no people and no vetting.
    """
    panels = Panels(figures_only=refusal(user, "businesses.see_contacts", place) is not None)
    sites: list[Any] = list(
        Business.objects.filter(organization=place.organization_id)
        .annotate(
            in_all=Window(Count("pk")),
            within_reach=Exists(visible(Business, user).filter(pk=OuterRef("pk"))),
        )
        .select_related("area__parent")
        .defer("search_text", "imported")
        .order_by("pk")[:SITES_SHOWN]
    )
    panels.sites, panels.sites_total = sites, sites[0].in_all
    panels.reachable = {each.pk for each in sites if each.within_reach}
    panels.events = _coming(place, user)
    if panels.figures_only:
        return panels
    panels.contacts = list(
        visible(Contact, user)
        .filter(Q(business=place) | Q(business=None, organization=place.organization_id))
        .order_by(F("business").desc(nulls_last=True), "name", "pk")[:SITES_SHOWN]
    )
    panels.members = list(
        visible(Membership, user)
        .filter(Q(all_sites=True) | Q(sites=place), organization=place.organization_id)
        .select_related("user")
        .distinct()
        .order_by("role", "pk")[:SITES_SHOWN]
    )
    _mark_unreachable(panels)
    _join_people(panels)
    _note_stopped(panels)
    _read_application(panels, place, user)
    claims: Any = visible(Claim, user)
    panels.claim = claims.waiting().filter(business=place).select_related("user").first()
    panels.mail = (
        visible(OutgoingMail, user)
        .filter(organization_id=place.organization_id)
        .aggregate(
            sent=Count("pk", filter=Q(status="sent")),
            trouble=Count("pk", filter=Q(status__in=["failed", "unknown"], handled_at=None)),
            last=Max("sent_at"),
        )
    )
    panels.next = next_step(place, panels)
    return panels


def _mark_unreachable(panels: Panels) -> None:
    """Say on each person when mail to them is held back."""
    people = [(each, each.email) for each in panels.contacts]
    people += [(each, each.user.email) for each in panels.members]
    trouble = trouble_of([email for _person, email in people])
    for person, email in people:
        person.trouble = trouble.get(consents.normal(email))


def _join_people(panels: Panels) -> None:
    """Show a contact who also signs in once: their membership goes with them."""
    by_email = {each.user.email: each for each in panels.members}
    for contact in panels.contacts:
        contact.member = by_email.pop(contact.email.lower(), None) if contact.email else None
    panels.members = list(by_email.values())


def _note_stopped(panels: Panels) -> None:
    """Mark the contacts that want no reminders: they are to be called."""
    stopped = consents.refused([each.email for each in panels.contacts if each.email], Purpose.REMINDERS)
    for contact in panels.contacts:
        contact.no_reminders = consents.normal(contact.email) in stopped


def _coming(place: Business, user: Any) -> list[Any]:
    hosted = Q(host=place)
    taking_part = Q(
        pk__in=visible(Registration, user)
        .filter(business=place, status__in=["registered", "waitlisted"])
        .values("event")
    )
    rows: Any = visible(Event, user)
    rows = rows.taking_place().upcoming().filter(hosted | taking_part)
    return list(rows[:5])


def _read_application(panels: Panels, place: Business, user: Any) -> None:
    rows = visible(Application, user).filter(organization=place.organization_id)
    found = (
        rows.select_related("criteria_version")
        .prefetch_related(Prefetch("reviews", Review.objects.select_related("reviewer")), "action_requests")
        .order_by("-pk")
        .first()
    )
    if found is None:
        return
    panels.application, panels.age = found, vetting.age_of(found)
    panels.waiting = vetting.waiting_for(found, user)
    panels.conditions = list(found.conditions.filter(status="open").order_by("due_on"))


def next_step(place: Business, panels: Panels) -> Next | None:
    """The one thing that should happen next with this business, or `None` when all is well.

    Args:
        place: the place of business.
        panels: what was gathered; the most pressing comes first.
    """
    for find in (_of_claim, _of_application, _of_conditions, _of_standing, _of_end, _of_officer):
        if (found := find(place, panels)) is not None:
            return found
    return None


def _of_claim(place: Business, panels: Panels) -> Next | None:
    if panels.claim is None:
        return None
    sentence = _("%(name)s says this business is theirs. Check it.") % {
        "name": panels.claim.user.display_name
    }
    return Next(sentence, reverse("desk:claim", args=[panels.claim.pk]), _("Verify or refuse"))


def _of_application(place: Business, panels: Panels) -> Next | None:
    application, age = panels.application, panels.age
    if application is None or age is None or not application.is_open:
        return None
    parts = [application.get_status_display(), age.words]
    if panels.waiting:
        parts.append(_("waits for: %(whom)s") % {"whom": panels.waiting})
    words = _("the application is open. %(state)s.") % {"state": " · ".join(part for part in parts if part)}
    url = reverse("desk:application", args=[application.pk])
    return Next(words, url, _("Open it"), "bad" if age.late else "warn")


def _of_conditions(place: Business, panels: Panels) -> Next | None:
    if not panels.conditions:
        return None
    due = panels.conditions[0]
    late = due.due_on < clock.today()
    pattern = _("%(text)s, was due on %(day)s.") if late else _("%(text)s, due on %(day)s.")
    return Next(
        pattern % {"text": due.text.rstrip("."), "day": date_format(due.due_on)},
        reverse("desk:condition", args=[due.pk]),
        _("Check the condition"),
        "bad" if late else "warn",
    )


def _of_standing(place: Business, panels: Panels) -> Next | None:
    if place.standing == "suspended":
        return Next(_("the partnership is suspended. A supervisor decides how it goes on."), tone="bad")
    if place.standing in {"prospect", "lapsed"} and not place.is_closed:
        if place.standing == "lapsed":
            sentence = _("the partnership has lapsed. You can fill in a new application during a visit.")
        elif panels.application is not None:
            sentence = _(
                "the last application ended: %(outcome)s. You can fill in a new one during a visit."
            ) % {"outcome": panels.application.get_status_display().lower()}
        else:
            sentence = _("nobody has applied for it. You can fill in an application during a visit.")
        return Next(
            sentence,
            reverse("desk:application_assist", args=[place.pk]),
            _("Start an application"),
            "info",
        )
    return None


def _of_end(place: Business, panels: Panels) -> Next | None:
    application = panels.application
    if application is None or application.valid_until is None or place.standing != "partner":
        return None
    left = (application.valid_until - clock.today()).days
    if left > RUNS_OUT.days:
        return None
    if left < 0:
        return Next(
            _("the approval ended on %(day)s.") % {"day": date_format(application.valid_until)}, tone="bad"
        )
    return Next(
        ngettext("the approval ends in %(n)d day.", "the approval ends in %(n)d days.", left) % {"n": left}
    )


def _of_officer(place: Business, panels: Panels) -> Next | None:
    if place.organization.lead_officer_id is not None or place.standing != "partner":
        return None
    return Next(
        _("no lead officer is named."),
        reverse("desk:organization_edit", args=[place.organization_id]),
        _("Name one"),
        "info",
    )
