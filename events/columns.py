"""The columns of the desk's list."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import words
from core.pages.columns import Column

from . import rules
from .models import Event, Registration


def _registered(event: Event) -> str:
    """ "38 of 40", "12 people", or the headcount of a drop-in event."""
    if event.is_drop_in:
        if event.headcount is not None:
            return _t("%(people)s came") % {"people": rules.people_in_words(event.headcount)}
        return _t("Drop-in")
    if event.capacity is None:
        return words.number(event.people)
    return _t("%(people)s of %(seats)s") % {
        "people": words.number(event.people),
        "seats": words.number(event.capacity),
    }


def _people(event: Event) -> int | None:
    return event.headcount if event.is_drop_in else event.people


def _status(event: Event) -> tuple[Any, str]:
    """The status; a published event that is over says so."""
    if event.is_on and event.is_over:
        return _t("Over"), "neutral"
    return event.get_status_display(), event.tone


def _came(registration: Registration) -> int | None:
    """How many came; empty while nobody has said."""
    return registration.people_came if registration.status in ("attended", "no_show") else None


COLUMNS = (
    Column(
        "title",
        _("Event"),
        sort="title_key",
        link=lambda event: reverse("desk:event", args=[event.pk]),
        sub=lambda event: f"{event.get_kind_display()} · {event.venue_name}",
        below=_("Kind and place"),
    ),
    Column(
        "starts_at",
        _("When"),
        sort="starts_at",
        template="events/cells/when.html",
        file=lambda event: event.starts_at,
    ),
    Column("status", _("Status"), sort=("status", "starts_at"), tag=_status),
    Column("registered", _("Registered"), sort="people", value=_registered, numeric=True, file=_people),
    Column("waiting", _("Waiting"), sort="waiting", numeric=True, value=lambda event: event.waiting or None),
    Column("area", _("Area"), sort="area__code_key", value=lambda event: event.area, hide_on_phone=True),
)

# The attendance list for a spreadsheet.
ATTENDANCE = (
    Column("name", _("Name")),
    Column("business.name", _("Business")),
    Column("party_size", _("People")),
    Column("status", _("Status"), value=lambda row: row.stands),
    Column("came", _("People who came"), value=_came),
    Column("email", _("Email")),
    Column("phone", _("Phone")),
    Column("accommodation", _("Accommodation")),
    Column("created_at", _("Asked on")),
)

# What the lists of the public and the portal go by.
BY_DATE = (Column("starts_at", _("When"), sort="starts_at"),)
