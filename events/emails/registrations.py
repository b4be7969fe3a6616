"""The mails around one registration; a call in their place, where a party has no address."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.links import absolute
from core.mail.outbox import Mail, enqueue
from core.models import Department
from events import calls, ics, rules
from events.choices import HOLD, News
from events.models import Event, Registration

from . import mails
from .payloads import AlreadyRegistered, Cancelled, ConfirmCode, Plain, Resized, TooLarge, Waitlisted
from .sending import draft
from .words import waitlist_rule


def _send(mail: Mail, event: Event, registration: Registration, **more: Any) -> None:
    enqueue(draft(mail, event, registration, department=Department.current(), **more))


def confirm_code(event: Event, registration: Registration, code: str, *, full: bool) -> None:
    """The code that turns a request into a registration; worthless after its 15 minutes.

    Args:
        event: the event.
        registration: what was asked; its `seat_held` tells whether seats wait for the code.
        code: six digits.
        full: whether it would join the waitlist now.
    """
    _send(
        mails.CONFIRM,
        event,
        registration,
        occurrence=f"{registration.codes_sent}-{registration.code_digest[:12]}",
        subject=lambda known: _("Your code: %(title)s") % {"title": known.title},  # the code: body only
        payload=lambda known: ConfirmCode(
            facts=known,
            code=code,
            minutes=HOLD // timedelta(minutes=1),
            confirm_url=absolute(reverse("public:rsvp_confirm", args=[event.slug])),
            seats_held=registration.seat_held,
            full=full,
        ),
        useless_after=registration.held_until,
    )


def already_registered(event: Event, registration: Registration, now: datetime) -> None:
    """Someone asked again with this address: a link to what stands. Once an hour at most."""
    waiting = registration.status == "waitlisted"
    _send(
        mails.ALREADY,
        event,
        registration,
        occurrence=f"{now:%Y-%m-%dT%H}",
        subject=lambda known: (
            (
                _("You are already on the waitlist: %(title)s")
                if waiting
                else _("You are already registered: %(title)s")
            )
            % {"title": known.title}
        ),
        payload=lambda known: AlreadyRegistered(facts=known, waiting=waiting),
    )


def registered(event: Event, registration: Registration) -> None:
    """The seats are theirs."""
    _send(
        mails.REGISTERED,
        event,
        registration,
        subject=lambda known: _("You're registered: %(title)s") % {"title": known.title},
        payload=Plain,
        calendar=ics.REQUEST,
    )


def waitlisted(event: Event, registration: Registration, position: int) -> None:
    """The event is full; this is their place in line.

    Args:
        event: the event.
        registration: whose.
        position: 1 for the first in line.
    """
    _send(
        mails.WAITLISTED,
        event,
        registration,
        subject=lambda known: _("You're on the waitlist: %(title)s") % {"title": known.title},
        payload=lambda known: Waitlisted(facts=known, position=position, rule=waitlist_rule(event)),
    )


def promoted(event: Event, registration: Registration) -> None:
    """Seats came free, and they are theirs."""
    if not registration.email:
        calls.note([registration], News.PROMOTED)
        return
    _send(
        mails.PROMOTED,
        event,
        registration,
        subject=lambda known: _("You have a seat: %(title)s") % {"title": known.title},
        payload=Plain,
        calendar=ics.REQUEST,
    )


def resized(event: Event, registration: Registration, *, to_the_end: bool) -> None:
    """Their party is another size. The event's sequence was raised with it, so that calendars take it.

    Args:
        event: the event.
        registration: whose.
        to_the_end: whether it lost its place in line by growing.
    """
    waiting = registration.status == "waitlisted"
    _send(
        mails.RESIZED,
        event,
        registration,
        occurrence=event.sequence,
        subject=lambda known: _("Now %(people)s: %(title)s") % {"people": known.people, "title": known.title},
        payload=lambda known: Resized(facts=known, waiting=waiting, to_the_end=to_the_end),
        useless_after=event.ends_at,
        calendar="" if waiting else ics.REQUEST,
    )


def too_large(event: Event, registration: Registration) -> None:
    """Seats were cut, and the party that waits is larger than all that are left."""
    if not registration.email:
        calls.note([registration], News.TOO_LARGE)
        return
    _send(
        mails.TOO_LARGE,
        event,
        registration,
        occurrence=str(event.capacity),
        subject=lambda known: _("Too few seats for your party: %(title)s") % {"title": known.title},
        payload=lambda known: TooLarge(facts=known, seats=rules.seats(event.capacity or 0)),
        useless_after=event.starts_at,
    )


def cancelled(event: Event, registration: Registration) -> None:
    """They gave up their seats, or left the line."""
    left = registration.status == "left"
    _send(
        mails.CANCELLED,
        event,
        registration,
        subject=lambda known: (
            (_("Off the waitlist: %(title)s") if left else _("Cancelled: %(title)s")) % {"title": known.title}
        ),
        payload=lambda known: Cancelled(known, left_the_line=left),
        calendar="" if left else ics.CANCEL,
    )
