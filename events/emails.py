"""The mails of this room, one function each. Payloads: letters.py; templates: templates/emails/events/."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.links import absolute
from core.models import Department
from core.outbox import Category, Draft, enqueue_many
from core.outbox.compose import speaking
from core.reminders.sources import Line

from . import ics, rules
from .choices import HOLD
from .letters import (
    AlreadyRegistered,
    Cancelled,
    ConfirmCode,
    EventCancelled,
    Facts,
    FollowUp,
    Moved,
    Plain,
    Waitlisted,
)

ACTIVE = "events.registration_active"
REGISTERED_WHY = gettext_lazy("You get this because you registered for this event.")
REMINDED_WHY = gettext_lazy("You get this reminder because you registered for this event.")
ASKED_WHY = gettext_lazy("You get this because someone asked for a place at this event with your address.")


def facts(event: Any, registration: Any, zone: Any) -> Facts:
    """The facts in words, in the language that is active.

    Args:
        event: the event.
        registration: whose mail it is.
        zone: the department's `ZoneInfo`.
    """
    deadline = rules.accommodation_deadline(event, zone)
    help_text = ""
    if event.accommodation_contact:
        help_text = _("For an interpreter or other help, ask by %(day)s: %(contact)s.") % {
            "day": rules.day_in_words(deadline),
            "contact": event.accommodation_contact,
        }
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


def _page_of(event: Any, registration: Any) -> str:
    """Where the recipient reads about the event: a business in the portal, which asks to sign in first.

    The public page of an event for partners does not exist for who is signed out.
    """
    if registration.business_id and registration.user_id:
        return "portal:event_register"
    return "public:event"


def _draft(
    event: Any,
    registration: Any,
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
        organization_id=registration.business.organization_id if registration.business_id else None,
        still_wanted=still_wanted,
        subject_id=registration.pk,
        language=registration.language,
        useless_after=useless_after,
        calendar=invitation,
        calendar_method=calendar if invitation else "",
    )


def _queue(drafts: Iterable[Draft]) -> int:
    return enqueue_many(drafts)


def confirm_code(event: Any, registration: Any, code: str, *, full: bool) -> None:
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
        _queue(
            [
                _draft(
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


def already_registered(event: Any, registration: Any, now: datetime) -> None:
    """Someone asked again with this address: a link to what stands. Once an hour at most."""
    with speaking(registration.language):
        payload = AlreadyRegistered(
            facts=facts(event, registration, _zone()), waiting=registration.status == "waitlisted"
        )
        _queue(
            [
                _draft(
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


def registered(event: Any, registration: Any) -> None:
    """The seats are theirs."""
    department = Department.current()
    with speaking(registration.language):
        _queue(
            [
                _draft(
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


def waitlisted(event: Any, registration: Any, position: int) -> None:
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
        _queue(
            [
                _draft(
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


def waitlist_rule(event: Any) -> str:
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


def promoted(event: Any, registration: Any) -> None:
    """Seats came free, and they are theirs."""
    department = Department.current()
    with speaking(registration.language):
        _queue(
            [
                _draft(
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


def cancelled(event: Any, registration: Any) -> None:
    """They gave up their seats, or left the line."""
    left = registration.status == "left"
    department = Department.current()
    with speaking(registration.language):
        _queue(
            [
                _draft(
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


def event_cancelled(event: Any) -> int:
    """Tell everyone with a place or in line that the event is off, once. Returns how many."""
    department = Department.current()
    events_url = absolute(reverse("public:events"))

    def drafts() -> Iterable[Draft]:
        for registration in _told(event):
            with speaking(registration.language):
                yield _draft(
                    event,
                    registration,
                    rule="event_cancelled",
                    occurrence="1",
                    subject=_("The event is cancelled: %(title)s") % {"title": event.title},
                    payload=EventCancelled(
                        facts=facts(event, registration, department.zone),
                        reason=event.cancel_reason,
                        events_url=events_url,
                    ),
                    template="event_cancelled",
                    still_wanted="",
                    calendar=ics.CANCEL if registration.status == "registered" else "",
                    department=department,
                )

    return _queue(drafts())


def moved(event: Any, old_start: datetime, old_end: datetime) -> int:
    """Tell everyone with a place or in line about the new time or place. Returns how many."""
    department = Department.current()
    time_changed = (old_start, old_end) != (event.starts_at, event.ends_at)

    def drafts() -> Iterable[Draft]:
        for registration in _told(event):
            with speaking(registration.language):
                yield _draft(
                    event,
                    registration,
                    rule="moved",
                    occurrence=str(event.sequence),
                    subject=(_("New time: %(title)s") if time_changed else _("New place: %(title)s"))
                    % {"title": event.title},
                    payload=Moved(
                        facts=facts(event, registration, department.zone),
                        before=rules.span_in_words(old_start, old_end, department.zone),
                        time_changed=time_changed,
                        waiting=registration.status == "waitlisted",
                    ),
                    template="moved",
                    useless_after=event.ends_at,
                    calendar=ics.REQUEST if registration.status == "registered" else "",
                    department=department,
                )

    return _queue(drafts())


def reminder(event: Any, registration: Any, zone: Any) -> Draft:
    """The mail before the event, when it stands alone.

    Args:
        event: the event.
        registration: whose.
        zone: the department's `ZoneInfo`.
    """
    with speaking(registration.language):
        return _draft(
            event,
            registration,
            rule="reminder",
            subject=_("Reminder: %(title)s") % {"title": event.title},
            payload=Plain(facts(event, registration, zone)),
            template="reminder",
            category=Category.REMINDER,
            why=REMINDED_WHY,
        )


def reminder_line(event: Any, registration: Any, zone: Any) -> Line:
    """The same among several reminders of a day. Arguments as for `reminder`."""
    with speaking(registration.language):
        known = facts(event, registration, zone)
        return Line(
            title=known.title,
            text=f"{known.when}, {known.place}. "
            + _("If you can't come, please cancel, so that someone else gets the seats."),
            url=known.manage_url,
            label=_("See or cancel your registration"),
        )


def follow_up(event: Any, registration: Any, zone: Any) -> Draft:
    """The mail after the event: thanks, and what comes next. Arguments as for `reminder`."""
    with speaking(registration.language):
        return _draft(
            event,
            registration,
            rule="follow_up",
            subject=_("Thank you: %(title)s") % {"title": event.title},
            payload=FollowUp(
                facts=facts(event, registration, zone),
                came=registration.status == "attended",
                events_url=absolute(reverse("public:events")),
            ),
            template="follow_up",
            category=Category.REMINDER,
            why=REMINDED_WHY,
        )


def follow_up_line(event: Any, registration: Any, zone: Any) -> Line:
    """The same among several reminders of a day. Arguments as for `reminder`."""
    with speaking(registration.language):
        thanks = _("Thank you for coming.") if registration.status == "attended" else _("Thank you.")
        return Line(
            title=event.title,
            text=thanks,
            url=absolute(reverse("public:events")),
            label=_("See what is on next"),
        )


def _told(event: Any) -> Any:
    """Who hears about changes: those with a place, and those in line."""
    return (
        event.registrations.filter(status__in=("registered", "waitlisted"))
        .select_related("business")
        .order_by("pk")
        .iterator(chunk_size=500)
    )


def _zone() -> Any:
    return Department.current().zone
