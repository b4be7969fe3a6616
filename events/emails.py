"""The mails around one registration, and what all mails of this room are made of.

Payloads: letters.py; templates: templates/emails/events/. To everyone of an event: event_mails.py. Reminders
and thanks: reminder_mails.py.
"""

from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.links import absolute
from core.mail.outbox import Draft, enqueue_many
from core.mail.outbox.compose import speaking
from core.mail.purposes import Category
from core.models import Department

from . import ics, rules
from .choices import HOLD
from .letters import (
    AlreadyRegistered,
    Cancelled,
    ConfirmCode,
    Facts,
    Plain,
    Resized,
    Waitlisted,
)
from .models import Event, Registration

ACTIVE = "events.registration_active"
REGISTERED_WHY = gettext_lazy("You get this because you registered for this event.")
ASKED_WHY = gettext_lazy("You get this because someone asked for a place at this event with your address.")


def facts(event: Event, registration: Registration, zone: tzinfo) -> Facts:
    """The facts in words, in the language that is active.

    Args:
        event: the event.
        registration: whose mail it is.
        zone: the department's.
    """
    help_text = ""
    if event.accommodation_contact:
        help_text = help_in_words(rules.accommodation_deadline(event, zone), event.accommodation_contact)
    return Facts(
        name=registration.name,
        title=event.title,
        when=rules.span_in_words(event.starts_at, event.ends_at, zone),
        place=event.place,
        directions=event.directions,
        people=rules.people_in_words(registration.party_size),
        event_url=absolute(reverse(_page_of(event, registration), args=[event.slug])),
        manage_url=absolute(reverse("public:registration", args=[registration.token])),
        calendar_url=absolute(reverse("public:registration_ics", args=[registration.token])),
        help_text=help_text,
    )


def help_in_words(deadline: date, contact: str) -> str:
    """Until which day, and of whom, to ask for help at an event."""
    words = _("For an interpreter or other help, ask by %(day)s: %(contact)s.")
    return words % {"day": rules.day_in_words(deadline), "contact": contact}


def _page_of(event: Event, registration: Registration) -> str:
    """Where the recipient reads about the event: a business in the portal, which asks to sign in first.

    The public page of an event for partners does not exist for who is signed out.
    """
    if registration.business_id and registration.user_id:
        return "portal:event_register"
    return "public:event"


def draft(
    event: Event,
    registration: Registration,
    *,
    rule: str = "",
    occurrence: str = "",
    key: str = "",
    subject: Any,
    payload: Any,
    template: str,
    category: Any = Category.SERVICE,
    why: Any = REGISTERED_WHY,
    still_wanted: str = ACTIVE,
    useless_after: datetime | None = None,
    calendar: str = "",
    department: Department | None = None,
) -> Draft:
    """A draft of this room.

    Args:
        calendar: `REQUEST` or `CANCEL` sends an invitation along, "" none.
        department: who invites; needed with `calendar` alone.
    """
    invitation = ""
    if calendar and department is not None:
        invitation = ics.invitation(
            event, registration, calendar, organizer=department.name, email=department.email
        )
    return Draft(
        key=key or f"events.{rule}:event-{event.pk}:registration-{registration.pk}:{occurrence}",
        to=registration.email,
        recipient_id=registration.user_id,
        recipient_name=registration.name,
        category=category,
        template=f"events/{template}",
        subject=subject,
        payload=payload,
        why=why,
        room="events",
        organization_id=registration.business.organization_id if registration.business else None,
        still_wanted=still_wanted,
        subject_id=registration.pk,
        language=registration.language,
        useless_after=useless_after,
        calendar=invitation,
        calendar_method=calendar if invitation else "",
    )


def confirm_code(event: Event, registration: Registration, code: str, *, full: bool) -> None:
    """The code that turns a request into a registration; worthless after its 15 minutes.

    Args:
        event: the event.
        registration: what was asked; its `seat_held` tells whether seats wait for the code.
        code: six digits.
        full: whether it would join the waitlist now.
    """
    with speaking(registration.language):
        payload = ConfirmCode(
            facts=facts(event, registration, _zone()),
            code=code,
            minutes=HOLD // timedelta(minutes=1),
            confirm_url=absolute(reverse("public:rsvp_confirm", args=[event.slug])),
            seats_held=registration.seat_held,
            full=full,
        )
        enqueue_many(
            [
                draft(
                    event,
                    registration,
                    rule="code",
                    occurrence=f"{registration.codes_sent}-{registration.code_digest[:12]}",
                    subject=_("Your code: %(title)s") % {"title": event.title},  # the code itself: body only
                    payload=payload,
                    template="confirm",
                    category=Category.SECURITY,
                    why=ASKED_WHY,
                    useless_after=registration.held_until,
                )
            ]
        )


def already_registered(event: Event, registration: Registration, now: datetime) -> None:
    """Someone asked again with this address: a link to what stands. Once an hour at most."""
    with speaking(registration.language):
        payload = AlreadyRegistered(
            facts=facts(event, registration, _zone()), waiting=registration.status == "waitlisted"
        )
        enqueue_many(
            [
                draft(
                    event,
                    registration,
                    rule="already",
                    occurrence=f"{now:%Y-%m-%dT%H}",
                    subject=_("You are already registered: %(title)s") % {"title": event.title},
                    payload=payload,
                    template="already",
                    why=ASKED_WHY,
                )
            ]
        )


def registered(event: Event, registration: Registration) -> None:
    """The seats are theirs."""
    department = Department.current()
    with speaking(registration.language):
        enqueue_many(
            [
                draft(
                    event,
                    registration,
                    rule="registered",
                    occurrence="1",
                    subject=_("You're registered: %(title)s") % {"title": event.title},
                    payload=Plain(facts(event, registration, department.zone)),
                    template="registered",
                    calendar=ics.REQUEST,
                    department=department,
                )
            ]
        )


def waitlisted(event: Event, registration: Registration, position: int) -> None:
    """The event is full; this is their place in line.

    Args:
        event: the event.
        registration: whose.
        position: 1 for the first in line.
    """
    with speaking(registration.language):
        payload = Waitlisted(
            facts=facts(event, registration, _zone()), position=position, rule=waitlist_rule(event)
        )
        enqueue_many(
            [
                draft(
                    event,
                    registration,
                    rule="waitlisted",
                    occurrence="1",
                    subject=_("You're on the waitlist: %(title)s") % {"title": event.title},
                    payload=payload,
                    template="waitlisted",
                )
            ]
        )


def waitlist_rule(event: Event) -> str:
    """How the line moves, in a sentence that people read."""
    if event.small_may_pass:
        return _(
            "When seats free up, the first party in line that fits gets them. "
            "A smaller party may pass a larger one."
        )
    return _(
        "When seats free up, the first party in line gets them. "
        "Nobody is passed over: if the seats are too few for a larger party, everyone behind it waits too."
    )


def promoted(event: Event, registration: Registration) -> None:
    """Seats came free, and they are theirs."""
    department = Department.current()
    with speaking(registration.language):
        enqueue_many(
            [
                draft(
                    event,
                    registration,
                    rule="promoted",
                    occurrence="1",
                    subject=_("You have a seat: %(title)s") % {"title": event.title},
                    payload=Plain(facts(event, registration, department.zone)),
                    template="promoted",
                    calendar=ics.REQUEST,
                    department=department,
                )
            ]
        )


def resized(event: Event, registration: Registration) -> None:
    """Their party is another size. The event's sequence was raised with it, so that calendars take it."""
    waiting = registration.status == "waitlisted"
    department = Department.current()
    with speaking(registration.language):
        known = facts(event, registration, department.zone)
        enqueue_many(
            [
                draft(
                    event,
                    registration,
                    rule="resized",
                    occurrence=str(event.sequence),
                    subject=_("Now %(people)s: %(title)s") % {"people": known.people, "title": event.title},
                    payload=Resized(facts=known, waiting=waiting),
                    template="resized",
                    useless_after=event.ends_at,
                    calendar="" if waiting else ics.REQUEST,
                    department=department,
                )
            ]
        )


def cancelled(event: Event, registration: Registration) -> None:
    """They gave up their seats, or left the line."""
    left = registration.status == "left"
    department = Department.current()
    with speaking(registration.language):
        enqueue_many(
            [
                draft(
                    event,
                    registration,
                    rule="cancelled",
                    occurrence="1",
                    subject=(_("Off the waitlist: %(title)s") if left else _("Cancelled: %(title)s"))
                    % {"title": event.title},
                    payload=Cancelled(facts(event, registration, department.zone), left_the_line=left),
                    template="cancelled",
                    still_wanted="",
                    calendar="" if left else ics.CANCEL,
                    department=department,
                )
            ]
        )


def _zone() -> tzinfo:
    return Department.current().zone
