"""When a move is refused, and the sentence that says why. Roles stand in `core.roles`."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import clock
from core.access import Actor, Refusal
from core.limits import TOO_OFTEN
from core.roles import write_department
from partnerships.businesses.models import Business

from .choices import CHANGEABLE_STATUSES, CORRECTABLE, DOORS, REACH
from .models import Event, Registration
from .rules import people_in_words

NO_PLACE = Refusal("no_place", _("Say where the event takes place before you publish it."))
IN_THE_PAST = Refusal("past", _("The event is over. Set a new time before you publish it."))
NOT_OVER = Refusal("not_over", _("The event is not over yet."))
ALREADY_OVER = Refusal("over", _("The event is over."))
ALREADY_BEGUN = Refusal("begun", _("The event has begun."))
TOO_EARLY = Refusal("too_early", _("Check-in opens three hours before the event starts."))
TOO_LATE = Refusal(
    "too_late", _("Attendance can be corrected for 30 days after the event. That time has passed.")
)
EVENT_CANCELLED = Refusal("event_cancelled", _("The event is cancelled."))
NOT_PUBLISHED = Refusal("not_published", _("The event is not published."))
OUT_OF_REACH = Refusal("out_of_reach", _("Choose a day within five years of today."))
DROP_IN = Refusal("drop_in", _("This is a drop-in event. Nobody registers: just come."))
WRONG_CODE = Refusal(
    "wrong_code", _("This code is not right, or no longer valid. Look at the newest mail."), field="code"
)
ASKED_TOO_OFTEN = Refusal(
    TOO_OFTEN,
    _(
        "A place for this address was asked for many times just now. Look for our mail with the code. "
        "What you typed is kept: you can send it again in ten minutes."
    ),
)
CLOSED = Refusal("closed", _("Registration is closed."))
CHANGED_TOO_OFTEN = Refusal(
    "too_often",
    _("The number was changed ten times within ten minutes, so this one is not saved. Try again later."),
)
ENDED = Refusal("ended", _("This registration no longer stands."))
PARTNERS_ONLY = Refusal(
    "partners_only", _("This event is for partners. You can register once your partnership is approved.")
)


def may_publish(user: Actor, event: Event, **details: Any) -> Refusal | None:
    """Desk writers; the event has a place and is not over."""
    if (found := _desk(user)) is not None:
        return found
    if not event.venue_name.strip():
        return NO_PLACE
    return IN_THE_PAST if event.is_over else None


def may_take_place(moment: datetime) -> Refusal | None:
    """Whether an event may lie at this time: calendars and zones fail far from now."""
    now = clock.now()
    return None if now - REACH <= moment <= now + REACH else OUT_OF_REACH


def may_close(user: Actor, event: Event, **details: Any) -> Refusal | None:
    """Desk writers; nobody registers for a drop-in event, or for one that has begun."""
    if (found := _desk(user)) is not None:
        return found
    if event.is_drop_in:
        return DROP_IN
    return ALREADY_BEGUN if event.has_begun else None


def may_reopen(user: Actor, event: Event, **details: Any) -> Refusal | None:
    """Desk writers, until the event begins."""
    return _desk(user) or (ALREADY_BEGUN if event.has_begun else None)


def may_cancel_event(user: Actor, event: Event, **details: Any) -> Refusal | None:
    """Desk writers, until the event is over."""
    return _desk(user) or (ALREADY_OVER if event.is_over else None)


def may_archive(user: Actor, event: Event, **details: Any) -> Refusal | None:
    """Desk writers, once the event is over or cancelled."""
    if (found := _desk(user)) is not None:
        return found
    return None if event.is_over or event.status == "cancelled" else NOT_OVER


def may_cancel_place(user: Actor, registration: Registration, **details: Any) -> Refusal | None:
    """Whoever holds the registration's link, until the event begins."""
    return ALREADY_BEGUN if registration.event.has_begun else None


def may_change_places(event: Event) -> Refusal | None:
    """Whether places at the event can still be given up, or be for more or fewer people."""
    if event.status == "draft":
        return NOT_PUBLISHED
    if event.status != "cancelled" and event.has_begun:
        return ALREADY_BEGUN
    return None if event.is_on else EVENT_CANCELLED


def may_change_place(registration: Registration) -> Refusal | None:
    """As `may_change_places`; a place that was given up, or whose party is here, stays as it is."""
    if (found := may_change_places(registration.event)) is not None:
        return found
    return None if registration.status in CHANGEABLE_STATUSES else ENDED


def may_mark(user: Actor, registration: Registration, **details: Any) -> Refusal | None:
    """Desk writers, from shortly before the start until 30 days after the end."""
    return _desk(user) or may_take_attendance(registration.event)


def may_have_come(registration: Registration, came: int) -> Refusal | None:
    """At least one and at most all of the party; the desk counts others as walk-ins."""
    if 1 <= came <= registration.party_size:
        return None
    sentence = _t(
        "Nothing was changed: %(name)s registered %(people)s. Write how many of them came, and count others "
        "as walk-ins."
    )
    people = people_in_words(registration.party_size)
    return Refusal("came", sentence % {"name": registration.name, "people": people}, field="came")


def may_take_attendance(event: Event) -> Refusal | None:
    """Whether attendance can be entered or corrected now."""
    if event.status == "cancelled":
        return EVENT_CANCELLED
    if event.status == "draft":
        return NOT_PUBLISHED
    now = clock.now()
    if now < event.starts_at - DOORS:
        return TOO_EARLY
    return TOO_LATE if now > event.ends_at + CORRECTABLE else None


def may_edit(event: Event) -> Refusal | None:
    """Whether the desk may still change what an event says: of one that is off, everyone was told."""
    return EVENT_CANCELLED if event.status == "cancelled" else None


def may_register(event: Event) -> Refusal | None:
    """Whether registration is open at all; seats are another question, answered by the waitlist."""
    if event.status == "cancelled":
        return EVENT_CANCELLED
    if event.status == "draft":
        return NOT_PUBLISHED
    if event.is_drop_in:
        return DROP_IN
    if event.has_begun:
        return ALREADY_BEGUN
    return None if event.status == "published" else CLOSED


def may_register_business(event: Event, business: Business) -> Refusal | None:
    """As `may_register`; an event for partners takes the sites of partners only."""
    if (found := may_register(event)) is not None:
        return found
    if event.audience == "partners" and business.organization.standing != "partner":
        return PARTNERS_ONLY
    return None


def _desk(user: Actor) -> Refusal | None:
    """Desk writers, and admins through the admin. `None` is the system, which the services answer for."""
    return None if user is None else write_department(user)
