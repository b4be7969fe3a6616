"""The day: open applications, and the conditions of approvals that come due."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from django.db.models import Count, F, JSONField, Prefetch, Q, Value, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.access import visible
from core.models import Department
from core.pages.story import LINES, Card, Day, Tile, Whose
from core.roles import Role, role_of
from partnerships.businesses.models import Business
from partnerships.vetting import rules, sentences
from partnerships.vetting.choices import RUNNING
from partnerships.vetting.load import case_words, most_in_hand
from partnerships.vetting.models import Application, Condition

SOON = timedelta(days=14)  # conditions of an approval are shown this long before they are due

WEEK = timedelta(days=7)

WIDE = ("search_text", "imported", "description", "listing_wording")


@dataclass(frozen=True)
class Line:
    """One application that is open: where and what it is, whom it waits for, and its age."""

    application: Application
    place: str
    waiting: str
    age: sentences.Age


def day(user: Any, whose: Whose) -> Day:
    """Open applications and the conditions of approvals that come due.

    The queue narrows by the same sets, so that a figure and the list behind it agree.
    """
    today = clock.today()
    own = _narrowed(visible(Application, user), user, whose)
    conditions: Any = visible(Condition, user)
    conditions = conditions.still_open().filter(due_on__lte=today + SOON)
    if whose != Whose.ALL:
        conditions = conditions.filter(application__in=own.order_by().values("pk"))
    lines = _lines(own.open(), user, today)
    figures = _Figures.of(lines)
    hands = lines[0].in_hand if lines and lines[0].in_hand else []
    dated = _dated(conditions, today)
    queue = f"{reverse('desk:applications')}?scope={whose}"
    cards = [
        Card(
            "applications",
            _("Applications"),
            "vetting/story/applications.html",
            _told(lines, user),
            figures.all,
            queue,
            _("All %(n)s") % {"n": figures.all},
            order=10,
            empty=(_("No application is open here"), _("New ones appear as soon as an owner sends them.")),
        )
    ]
    if dated:
        cards.append(
            Card(
                "conditions",
                _("Conditions of approvals"),
                "vetting/story/conditions.html",
                dated,
                dated[0].in_all,
                order=20,
            )
        )
    if hands:
        cards.append(
            Card(
                "cases",
                _("Open cases per officer"),
                "vetting/story/cases.html",
                [{"name": each["name"], "words": case_words(each["open"], each["left"])} for each in hands],
                hands[0]["all"],
                reverse("desk:applications"),
                _("All %(n)s") % {"n": hands[0]["all"]},
                order=25,
                aside=True,
            )
        )
    late, waiting = figures.late, figures.waiting
    tiles = [
        Tile(
            late,
            ngettext("application past the promise", "applications past the promise", late),
            "bad" if late else "good",
            f"{queue}&late=yes",
            order=10,
        ),
        Tile(
            waiting,
            ngettext("application waiting for you", "applications waiting for you", waiting),
            "warn" if waiting else "good",
            f"{queue}&waiting=me",
            order=20,
        ),
    ]
    return Day(
        cards,
        tiles,
        late=late + (dated[0].in_late if dated else 0),
        due=figures.due + (dated[0].in_due if dated else 0),
    )


def _narrowed(rows: Any, user: Any, whose: Whose) -> Any:
    if whose == Whose.MINE:
        return rows.concerning(user)
    if whose == Whose.DISTRICT:
        return rows.in_districts_of(user)
    return rows


@dataclass(frozen=True)
class _Figures:
    """How many open applications there are: in all, late, due within a week, and waiting for the reader."""

    all: int = 0
    late: int = 0
    due: int = 0
    waiting: int = 0

    @classmethod
    def of(cls, lines: list[Any]) -> Self:
        """As the first line says it, which counts all of them."""
        for first in lines[:1]:
            return cls(first.in_all, first.in_late, first.in_due, first.in_waiting)
        return cls()


def _lines(applications: Any, user: Any, today: date) -> list[Any]:
    """The first applications, each with the figures of all; two queries."""
    running = Q(status__in=[each.value for each in RUNNING])
    edge = rules.late_before(days=Department.current().working_days, today=today)
    waiting = Application.objects.waiting_for(user).order_by().values("pk")
    return list(
        applications.with_waiting()
        .annotate(
            in_all=Window(Count("pk")),
            in_late=Window(Count("pk", filter=running & Q(promised_on__lt=edge))),
            in_due=Window(Count("pk", filter=running & Q(promised_on__range=(edge, today + WEEK)))),
            in_waiting=Window(Count("pk", filter=Q(pk__in=waiting))),
            # Worked out once for the whole statement: it has nothing of its rows.
            in_hand=most_in_hand(user) if role_of(user) == Role.SUPERVISOR else Value(None, JSONField()),
        )
        .select_related("organization", "criteria_version", "industry")
        .prefetch_related(Prefetch("sites", Business.objects.select_related("area", "industry").defer(*WIDE)))
        .order_by(F("promised_on").asc(nulls_last=True), "pk")[:LINES]
    )


def _told(lines: list[Any], user: Any) -> list[Line]:
    days = Department.current().working_days
    return [
        Line(row, sentences.place_words(row), sentences.waiting_for(row, user), sentences.age_of(row, days))
        for row in lines
    ]


def _dated(conditions: Any, today: date) -> list[Any]:
    """The first conditions, each with how many there are in all, late and due within a week; one query."""
    late, due = Q(due_on__lt=today), Q(due_on__range=(today, today + WEEK))
    return list(
        conditions.select_related("application__organization")
        .annotate(
            in_all=Window(Count("pk")),
            in_late=Window(Count("pk", filter=late)),
            in_due=Window(Count("pk", filter=due)),
        )
        .order_by("due_on", "pk")[:LINES]
    )


def city(user: Any) -> Day:
    """How many applications are open and late; totals only: viewers see no application. One query."""
    late = Q(pk__in=Application.objects.late(clock.today()).order_by().values("pk"))
    counted = (
        Application.objects.open()
        .exclude(status="draft")
        .order_by()
        .aggregate(all=Count("pk"), late=Count("pk", filter=late))
    )
    n, past = counted["all"], counted["late"]
    return Day(
        tiles=[
            Tile(n, ngettext("application is open", "applications are open", n), order=20),
            Tile(
                past,
                ngettext("application past the promise", "applications past the promise", past),
                "bad" if past else "good",
                order=30,
            ),
        ]
    )
