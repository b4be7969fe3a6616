"""What events tell of a business, of the day, and to an owner."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import clock, words
from core.access import visible
from core.pages.components import TimelineEntry
from core.pages.story import (
    LINES,
    LONGEST,
    Beside,
    Card,
    Chapter,
    Day,
    Figure,
    Home,
    Tile,
    Whose,
    first_of,
)
from partnerships.businesses.models import Business

from .models import Event, PhoneCall, Registration
from .rules import came_in_words, people_in_words
from .workflow import told

COMING_SHOWN = 5
TOLD = {
    "attended": (gettext_lazy("Came to “%(event)s”"), "good"),
    "no_show": (gettext_lazy("Did not come to “%(event)s”"), "neutral"),
    "registered": (gettext_lazy("Registered for “%(event)s”"), "info"),
    "waitlisted": (gettext_lazy("On the waitlist of “%(event)s”"), "warn"),
    "cancelled": (gettext_lazy("Gave up the place at “%(event)s”"), "neutral"),
}


def _chapter(place: Business, user: Any) -> Iterator[TimelineEntry]:
    rows = (
        visible(Registration, user)
        .filter(business=place, status__in=TOLD)
        .select_related("event")
        .order_by("-event__starts_at")[:LONGEST]
    )
    for each in rows:
        sentence, tone = TOLD[each.status]
        yield TimelineEntry(
            sentence % {"event": each.event.title},
            when=each.event.starts_at,
            text=f"· {_people(each)}",
            detail=_("cancelled") if each.is_off else "",
            tone="neutral" if each.is_off else tone,
            url=reverse("desk:event", args=[each.event_id]),
        )
    for event in (
        visible(Event, user).filter(host=place).exclude(status="draft").order_by("-starts_at")[:LONGEST]
    ):
        yield TimelineEntry(
            _("Hosts “%(event)s”") % {"event": event.title},
            when=event.starts_at,
            detail=_("cancelled") if event.status == "cancelled" else "",
            tone="good",
            url=reverse("desk:event", args=[event.pk]),
        )


def _people(registration: Registration) -> str:
    if registration.status == "attended":
        return came_in_words(registration)
    return people_in_words(registration.party_size)


CHAPTERS = (Chapter("events", gettext_lazy("Events"), _chapter, for_viewers=True),)


def beside(place: Business, user: Any) -> Beside:
    """What the business hosts or takes part in next; one query."""
    taking_part = visible(Registration, user).filter(business=place, status__in=["registered", "waitlisted"])
    events: Any = visible(Event, user)
    coming = events.taking_place().upcoming().filter(Q(host=place) | Q(pk__in=taking_part.values("event")))
    card = Card(
        "events",
        _("Coming events"),
        "events/story/coming.html",
        list(coming[:COMING_SHOWN]),
        url=reverse("desk:events"),
        link_text=_("All events"),
        order=50,
        aside=True,
        empty=("", _("Not registered for anything ahead.")),
    )
    return Beside([card])


def day(user: Any, whose: Whose) -> Day:
    """This week's events, and whom to call because no mail reaches them; two queries.

    The calls are nobody's in particular: whoever sees the event may make them, whosever work is shown.
    """
    events: Any = visible(Event, user)
    lines, total = first_of(events.this_week().with_numbers())
    said = ngettext("event this week", "events this week", total)
    url = f"{reverse('desk:events')}?when=week"
    tiles = [Tile(total, said, "info" if total else "neutral", url, order=40)]
    calls: Any = visible(PhoneCall, user)
    first = calls.open().ahead().select_related("registration__event")
    waiting, to_call = first_of(first.order_by("registration__event__starts_at", "pk"))
    if not to_call:
        return Day([_week(lines, total)], tiles)
    card = Card("calls", _("People to call"), "events/story/calls.html", waiting, to_call, order=15)
    tiles.append(Tile(to_call, ngettext("person to call", "people to call", to_call), "warn", order=35))
    return Day([_week(lines, total), card], tiles, due=to_call)


def city(user: Any) -> Day:
    """This week's events, without a link behind the figure; one query."""
    events: Any = visible(Event, user)
    lines, total = first_of(events.this_week().with_numbers())
    words = ngettext("event this week", "events this week", total)
    return Day([_week(lines, total)], [Tile(total, words, "info" if total else "neutral", order=40)])


def _week(lines: list[Any], total: int) -> Card:
    return Card(
        "events",
        _("This week"),
        "events/story/week.html",
        lines,
        total,
        reverse("desk:events"),
        _("All events"),
        order=50,
        aside=True,
        empty=(_("No events in the next seven days"), ""),
    )


@dataclass(frozen=True)
class Place:
    """A registration, and what whoever registered is told of it."""

    registration: Registration
    told: str


def home(user: Any) -> Home:
    """What the member is registered for; one query."""
    found = (
        visible(Registration, user)
        .filter(status__in=["registered", "waitlisted"], event__ends_at__gt=clock.now())
        .exclude(event__status="cancelled")
        .select_related("event", "business")
        .order_by("event__starts_at", "pk")[:LINES]
    )
    url = reverse("portal:events")
    card = Card(
        "events",
        _("Your events"),
        "events/story/registrations.html",
        [Place(each, told(each)) for each in found],
        url=url,
        link_text=_("All events"),
        order=50,
        empty=(
            _("You are not registered for anything"),
            _("Workshops, walks and forums: some are for partners only."),
        ),
    )
    return Home(cards=[card])


def figures() -> Iterator[Figure]:
    """This year's public events so far, and who came. Totals: no row is shown, so no scope applies."""
    start = timezone.make_aware(datetime(clock.today().year, 1, 1))  # noqa: DTZ001 - aware in the department's zone
    held = Event.objects.taking_place().filter(
        audience="public", starts_at__gte=start, ends_at__lte=clock.now()
    )
    counted = held.aggregate(events=Count("pk"), heads=Sum(Coalesce("headcount", F("walk_ins"))))
    if not counted["events"]:
        return
    came = Sum(
        Coalesce("registrations__came", "registrations__party_size"),
        filter=Q(registrations__status="attended"),
    )
    registered = held.filter(headcount=None).aggregate(came=came)
    people = (counted["heads"] or 0) + (registered["came"] or 0)
    said = ngettext("event so far this year", "events so far this year", counted["events"])
    if people:
        said = _("%(events)s, %(people)s people came") % {
            "events": said,
            "people": words.number(people),
        }
    yield Figure(words.number(counted["events"]), said, order=20)
