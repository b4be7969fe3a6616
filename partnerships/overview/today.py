"""What waits today, for the desk: read in a fixed number of queries, whatever the length of the queue."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet, Window
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.access import visible
from core.models import Department
from core.outbox import OutgoingMail
from core.pages.components import Segment
from events.models import Event
from partnerships.businesses.models import Area, Business, Claim
from partnerships.businesses.services import districts_of
from partnerships.vetting import sentences
from partnerships.vetting.models import Application, Condition, Review

SHOWN = 8  # lines of a card; the rest is one click away
WEEK = timedelta(days=7)
WIDE = ("search_text", "imported", "description", "listing_wording")
SOON = timedelta(days=14)  # conditions of an approval are shown this long before they are due


class Scope(StrEnum):
    """Whose work is shown."""

    MINE = "mine"
    DISTRICT = "district"
    ALL = "all"


@dataclass(frozen=True)
class Tile:
    """One figure at the top; the words say what it counts, the tone whether it worries."""

    figure: int
    words: str
    tone: str
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One application that is open: where and what it is, whom it waits for, and its age."""

    application: Application
    place: str
    waiting: str
    age: sentences.Age


@dataclass
class Today:
    """The desk's home for one person and scope."""

    scope: Scope
    segments: list[Segment]
    tiles: list[Tile] = field(default_factory=list)
    applications: list[Line] = field(default_factory=list)
    applications_total: int = 0
    claims: list[Claim] = field(default_factory=list)
    claims_total: int = 0
    conditions: list[Condition] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    events_total: int = 0
    late: int = 0
    due: int = 0

    @property
    def queue_url(self) -> str:
        """The queue, narrowed to the same scope."""
        return f"{reverse('desk:applications')}?scope={self.scope}"

    @property
    def summary(self) -> str:
        """ "3 things are late, 5 more are due by December 1" """
        late, due = _("nothing is late"), _("nothing is due this week")
        until = date_format(clock.today() + WEEK, "F j")
        if self.late:
            late = ngettext("%(n)d thing is late", "%(n)d things are late", self.late) % {"n": self.late}
        if self.due:
            due = ngettext("%(n)d is due by %(day)s", "%(n)d are due by %(day)s", self.due) % {
                "n": self.due,
                "day": until,
            }
        return f"{late}, {due}"


def today_for(user: Any, wanted: str = "") -> Today:
    """Gather the home of an officer or a supervisor.

    Args:
        user: the signed-in person; everything is read through what is visible to them.
        wanted: a value of `Scope`; an unknown or missing one means the person's own work for an officer,
            everything for a supervisor.
    """
    districts = list(districts_of(user))
    scope = _scope(user, wanted, districts)
    day = clock.today()
    areas = Area.objects.under([each.pk for each in districts])
    seen: Any = visible(Application, user)
    own = _narrowed(seen, user, scope, areas)
    applications = own.open()
    # A claim is nobody's in particular: whoever sees the place may check it, whatever the scope.
    claims: Any = visible(Claim, user)
    claims = claims.waiting()
    conditions: Any = visible(Condition, user)
    conditions = conditions.still_open().filter(due_on__lte=day + SOON)
    if scope != Scope.ALL:
        conditions = conditions.filter(application__in=own.order_by().values("pk"))
    figures = _figures(applications, user, day)
    dated = conditions.order_by().aggregate(
        late=Count("pk", filter=Q(due_on__lt=day)),
        due=Count("pk", filter=Q(due_on__range=(day, day + WEEK))),
    )
    shown = Today(scope, _segments(user, scope, districts))
    shown.late = figures["late"] + dated["late"]
    shown.due = figures["due"] + dated["due"]
    shown.applications_total = figures["all"]
    shown.applications = _lines(applications, user)
    shown.claims, shown.claims_total = _first_of(
        claims.select_related("user", "business__area__parent").order_by("created_at", "pk")
    )
    shown.conditions = list(
        conditions.select_related("application__organization").order_by("due_on", "pk")[:SHOWN]
    )
    events: Any = visible(Event, user)
    shown.events, shown.events_total = _first_of(events.this_week().with_numbers())
    mails: Any = visible(OutgoingMail, user)
    shown.tiles = _tiles(figures, shown, mails.in_trouble().count())
    return shown


def _scope(user: Any, wanted: str, districts: list[Area]) -> Scope:
    known = {Scope.MINE, Scope.ALL} | ({Scope.DISTRICT} if districts else set())
    if wanted in known:
        return Scope(wanted)
    return Scope.ALL if user.is_supervisor else Scope.MINE


def _segments(user: Any, scope: Scope, districts: list[Area]) -> list[Segment]:
    home = reverse("desk:home")
    labels = {Scope.MINE: _("Mine"), Scope.DISTRICT: _district_label(districts), Scope.ALL: _("All")}
    return [
        Segment(label, f"{home}?scope={key}", current=key == scope)
        for key, label in labels.items()
        if key != Scope.DISTRICT or districts
    ]


def _district_label(districts: list[Area]) -> str:
    if len(districts) == 1:
        return str(districts[0])
    return _("My districts")


def _first_of(rows: Any) -> tuple[list[Any], int]:
    """The lines of a card, and how many there are in all, in one query."""
    found = list(rows.annotate(in_all=Window(Count("pk")))[:SHOWN])
    return found, found[0].in_all if found else 0


def _narrowed(rows: Any, user: Any, scope: Scope, areas: QuerySet) -> Any:
    # The queue narrows by the same sets, so that a figure and the list behind it agree.
    if scope == Scope.MINE:
        return rows.concerning(user)
    if scope == Scope.DISTRICT:
        return rows.in_areas(areas)
    return rows


def _figures(applications: Any, user: Any, day: date) -> dict[str, int]:
    running = Q(status__in=["submitted", "in_review", "appealed"])
    waiting = Application.objects.waiting_for(user).order_by().values("pk")
    counted: dict[str, int] = applications.order_by().aggregate(
        all=Count("pk"),
        late=Count("pk", filter=running & Q(promised_on__lt=day)),
        due=Count("pk", filter=running & Q(promised_on__range=(day, day + WEEK))),
        waiting=Count("pk", filter=Q(pk__in=waiting)),
    )
    return counted


def _lines(applications: Any, user: Any) -> list[Line]:
    rows = (
        applications.with_gap()
        .select_related("organization", "criteria_version", "industry")
        .prefetch_related(
            Prefetch("sites", Business.objects.select_related("area", "industry").defer(*WIDE)),
            Prefetch("reviews", Review.objects.select_related("reviewer")),
            "action_requests",
        )
        .order_by(F("promised_on").asc(nulls_last=True), "pk")[:SHOWN]
    )
    days = Department.current().working_days
    return [
        Line(row, sentences.place_words(row), sentences.waiting_for(row, user), sentences.age_of(row, days))
        for row in rows
    ]


def _tiles(figures: dict[str, int], shown: Today, trouble: int) -> list[Tile]:
    late, waiting, claims, week = figures["late"], figures["waiting"], shown.claims_total, shown.events_total
    return [
        Tile(
            late,
            ngettext("application past the promise", "applications past the promise", late),
            "bad" if late else "good",
            f"{shown.queue_url}&late=yes",
        ),
        Tile(
            waiting,
            ngettext("application waiting for you", "applications waiting for you", waiting),
            "warn" if waiting else "good",
            f"{shown.queue_url}&waiting=me",
        ),
        Tile(
            claims,
            ngettext("claim to verify", "claims to verify", claims),
            "warn" if claims else "good",
            reverse("desk:claims"),
        ),
        Tile(
            week, ngettext("event this week", "events this week", week), "info" if week else "neutral",
            f"{reverse('desk:events')}?when=week",
        ),
        Tile(
            trouble,
            ngettext("mail in trouble", "mails in trouble", trouble),
            "bad" if trouble else "good",
            f"{reverse('desk:mail')}?status=trouble",
        ),
    ]  # fmt: skip
