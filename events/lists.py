"""The lists of events, declared: the desk's by what is ahead, behind or a draft; for everyone what is on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.access import refusal, visible
from core.mail.desk.columns import COLUMNS as MAIL_COLUMNS
from core.mail.desk.filters import MailFilter
from core.mail.desk.lists import HEAVY
from core.mail.models import OutgoingMail, Reminder
from core.pages.columns import Column
from core.pages.components import Segment
from core.pages.list_page import Empty, File, Listing, Switch, WayOn

from .choices import EventStatus
from .columns import BY_DATE, COLUMNS
from .filters import DeskEventFilter, PublicEventFilter
from .models import Event, Registration
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


def mail_about(event: Event, user: Any) -> Listing:
    """What mail went out about an event, to everyone who may see the event; addresses to who sees contacts.

    Args:
        event: which, as it exists for the user.
        user: who looks.
    """
    addresses = refusal(user, "mail.read_mail") is None
    return Listing(
        title=_("Mail about this event"),
        parent=(event.title, reverse("desk:event", args=[event.pk])),
        rows=lambda request: _mail_of(event),
        columns=_mail_columns(addresses=addresses),
        filters=MailFilter if addresses else None,
        default_sort="-due",
        noun=(_("mail"), _("mails")),
        empty=Empty(_("No mail yet"), _("Every mail about this event appears here once it is planned.")),
    )


def _mail_columns(*, addresses: bool) -> list[Column]:
    """The columns of outgoing mail; where addresses are not seen, without recipient and page."""
    left_out = {"room"} if addresses else {"room", "recipient"}
    subject = next(each for each in MAIL_COLUMNS if each.key == "subject")
    shown = {"subject": replace(subject, link=_own_page if addresses else None)}
    return [shown.get(each.key, each) for each in MAIL_COLUMNS if each.key not in left_out]


def _own_page(mail: OutgoingMail) -> str:
    """A mail that carries other reminders as well may tell more than whoever sees the event may read."""
    return reverse("desk:mail_message", args=[mail.pk]) if mail.room == "events" else ""


def _mail_of(event: Event) -> Any:
    """Mail to those who registered; of reminders also what came in one mail with others."""
    places = Registration._base_manager.filter(event=event).order_by().values("pk")
    carried = Reminder.objects.filter(
        rule__source__startswith="events.", subject_id__in=places, mail__isnull=False
    )
    about = Q(room="events", subject_id__in=places) | Q(pk__in=carried.order_by().values("mail"))
    return OutgoingMail.objects.filter(about).defer(*HEAVY)
