"""The lists of events, declared: the desk's by what is ahead, behind or a draft; for everyone what is on."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.access import visible
from core.pages.components import Segment
from core.pages.list_page import Empty, File, Listing, Switch, WayOn

from .choices import EventStatus
from .columns import BY_DATE, COLUMNS
from .filters import DeskEventFilter, PublicEventFilter
from .models import Event
from .pages import mine
from .scope import on_site

NAMES = (_("event"), _("events"))
ADD = WayOn(_("Add an event"), "desk:event_add", "core.write_desk", strong=True)
PARTS = {
    "upcoming": (_("Upcoming"), "desk:events"),
    "past": (_("Past"), "desk:events_past"),
    "drafts": (_("Drafts"), "desk:events_drafts"),
}


def _conditions() -> dict[str, Q]:
    now, draft = clock.now(), Q(status=EventStatus.DRAFT)
    return {
        "upcoming": Q(ends_at__gt=now) & ~draft & ~Q(status=EventStatus.ARCHIVED),
        "past": Q(ends_at__lte=now) & ~draft,
        "drafts": draft,
    }


def _switches(part: str) -> Callable[[HttpRequest], list[Switch]]:
    def switches(request: HttpRequest) -> list[Switch]:
        counts = {key: Count("pk", filter=condition) for key, condition in _conditions().items()}
        found = visible(Event, request.user).order_by().aggregate(**counts)
        segments = [
            Segment(label, reverse(name), key == part, found[key]) for key, (label, name) in PARTS.items()
        ]
        return [Switch(_("Which events"), segments)]

    return switches


def _rows(part: str) -> Callable[[HttpRequest], Any]:
    def rows(request: HttpRequest) -> Any:
        found: Any = visible(Event, request.user).filter(_conditions()[part])
        return found.with_numbers().select_related("area__parent")

    return rows


def _listing(part: str, nothing: Any, sort: str) -> Listing:
    return Listing(
        title=_("Events"),
        rows=_rows(part),
        columns=COLUMNS,
        filters=DeskEventFilter,
        default_sort=sort,
        noun=NAMES,
        empty=Empty(nothing, _("Add an event. It stays a draft until you publish it."), ADD),
        switches=_switches(part),
        steps=(ADD,),
        file=File(f"events-{part}"),
    )


UPCOMING = _listing("upcoming", _("Nothing is planned"), "starts_at")
PAST = _listing("past", _("No event has taken place yet"), "-starts_at")
DRAFTS = _listing("drafts", _("No drafts"), "starts_at")


def _on_for(request: HttpRequest) -> Any:
    rows: Any = visible(Event, request.user)
    places = Prefetch("registrations", mine(request.user), to_attr="mine")
    return rows.shown().upcoming().with_numbers().prefetch_related(places)


def _open_to_all(request: HttpRequest) -> Any:
    return on_site(request.user).shown().with_numbers().select_related("host")


COMING = Listing(
    title=_("Events"),
    subheading=_("Fairs, workshops, forums and walks that businesses and officers plan together."),
    rows=lambda request: _open_to_all(request).upcoming(),
    columns=BY_DATE,
    filters=PublicEventFilter,
    default_sort="starts_at",
    noun=NAMES,
    empty=Empty(
        _("Nothing is planned right now"),
        _("New events appear here. Partners often bring them about: become one."),
        WayOn(_("Become a partner"), "public:join"),
    ),
    steps=(WayOn(_("Past events"), "public:events_past"),),
    template="events/public_list.html",
)
BYGONE = Listing(
    title=_("Past events"),
    subheading=_("What we did together."),
    parent=(_("Events"), "public:events"),
    rows=lambda request: _open_to_all(request).past(),
    columns=BY_DATE,
    filters=PublicEventFilter,
    default_sort="-starts_at",
    noun=NAMES,
    empty=Empty(
        _("No past events yet"),
        _("The first ones are still ahead of us."),
        WayOn(_("See what is coming"), "public:events"),
    ),
    steps=(WayOn(_("Coming events"), "public:events"),),
    template="events/public_list.html",
)
FOR_OWNERS = Listing(
    title=_("Events"),
    subheading=_("What is on for your businesses, and where you have a place."),
    rows=_on_for,
    columns=BY_DATE,
    filters=PublicEventFilter,
    default_sort="starts_at",
    noun=NAMES,
    empty=Empty(_("Nothing is planned right now"), _("New events appear here. Your officer tells you too.")),
    steps=(WayOn(_("Past events"), "public:events_past"),),
    template="events/portal_list.html",
)
