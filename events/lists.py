"""The desk's lists of events, declared: what is coming, what was, and drafts."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.access import visible
from core.pages.components import Segment
from core.pages.list_page import Empty, File, Listing, Switch, WayOn

from .choices import EventStatus
from .columns import COLUMNS
from .filters import DeskEventFilter
from .models import Event

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
