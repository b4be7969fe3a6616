"""Every mail of this room, with a sample of what it says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.links import absolute
from core.mail.outbox import Mail, Wanted
from core.mail.purposes import Category

from . import mail_checks, rules
from .emails import ACTIVE, ASKED_WHY, REGISTERED_WHY, help_in_words, waitlist_rule
from .letters import (
    AlreadyRegistered,
    Cancelled,
    ConfirmCode,
    EventCancelled,
    Facts,
    FollowUp,
    Missed,
    Moved,
    Plain,
    Resized,
    Waitlisted,
)
from .models import Event
from .reminder_mails import REMINDED_WHY

REGISTRANT = _("Whoever registered")
STANDS = Wanted(ACTIVE, mail_checks.registration_active)
ZONE = ZoneInfo(settings.TIME_ZONE)
STARTS = datetime(2026, 12, 8, 9, 0, tzinfo=ZONE)


def _when(starts: datetime = STARTS) -> str:
    """A time as the mails write it."""
    return rules.span_in_words(starts, starts + timedelta(minutes=90), ZONE)


def _facts() -> Facts:
    return Facts(
        name="Maria Santos",
        title="Robbery prevention workshop",
        when=_when(),
        place="Lincoln Branch Library, 1150 W Fullerton Ave, Riverton, IL 60614",
        directions="Side door on Racine, second floor. The elevator is on the left.",
        people=rules.people_in_words(2),
        event_url=absolute("/events/2026-12-08-robbery-prevention-workshop/"),
        manage_url=absolute("/registrations/h7Vq2mX0/"),
        calendar_url=absolute("/registrations/h7Vq2mX0/event.ics"),
        help_text=help_in_words(date(2026, 12, 1), "Jo Lind, 555-0119"),
    )


def _kind(
    template: str,
    name: Any,
    trigger: Any,
    sample: Callable[[], Any],
    subject: str,
    *,
    audience: Any = REGISTRANT,
    category: Category = Category.SERVICE,
    why: Any = REGISTERED_WHY,
) -> Mail:
    return Mail(
        template=f"events/{template}",
        name=name,
        trigger=trigger,
        audience=audience,
        category=category,
        subject=f"{subject}: Robbery prevention workshop",
        sample=sample,
        why=why,
        wanted=None if template in ("cancelled", "event_cancelled") else STANDS,
    )


MAILS = [
    _kind(
        "confirm",
        _("Code for a registration"),
        _("A visitor asks for a place"),
        lambda: ConfirmCode(
            facts=_facts(),
            code="482913",
            minutes=15,
            confirm_url=absolute("/events/2026-12-08-robbery-prevention-workshop/confirm/"),
            seats_held=True,
        ),
        "Your code",
        audience=_("Whoever typed the address"),
        category=Category.SECURITY,
        why=ASKED_WHY,
    ),
    _kind(
        "already",
        _("Registered already"),
        _("Someone asks again with an address that stands"),
        lambda: AlreadyRegistered(facts=_facts(), waiting=False),
        "You are already registered",
        why=ASKED_WHY,
    ),
    _kind(
        "registered",
        _("Registered"),
        _("A place is taken"),
        lambda: Plain(_facts()),
        "You're registered",
    ),
    _kind(
        "waitlisted",
        _("On the waitlist"),
        _("The event is full"),
        lambda: Waitlisted(
            facts=_facts(),
            position=3,
            rule=waitlist_rule(Event()),
        ),
        "You're on the waitlist",
    ),
    _kind(
        "promoted",
        _("A seat came free"),
        _("Seats come free, and the party is next in line"),
        lambda: Plain(_facts()),
        "You have a seat",
    ),
    _kind(
        "resized",
        _("Another number of people"),
        _("A party becomes larger or smaller"),
        lambda: Resized(facts=replace(_facts(), people=rules.people_in_words(3)), waiting=False),
        "Now 3 people",
    ),
    _kind(
        "cancelled",
        _("Registration cancelled"),
        _("Seats, or a place in line, are given up"),
        lambda: Cancelled(facts=_facts(), left_the_line=False),
        "Cancelled",
    ),
    _kind(
        "event_cancelled",
        _("Event cancelled"),
        _("An officer cancels the event"),
        lambda: EventCancelled(
            facts=_facts(),
            reason="The library is closed for repairs.",
            events_url=absolute("/events/"),
        ),
        "The event is cancelled",
    ),
    _kind(
        "moved",
        _("New time or place"),
        _("An officer moves the event"),
        lambda: Moved(
            facts=_facts(),
            before=_when(STARTS - timedelta(days=1)),
            time_changed=True,
            waiting=False,
        ),
        "New time",
    ),
    _kind(
        "reminder",
        _("Reminder of an event"),
        _("The event is near"),
        lambda: Plain(_facts()),
        "Reminder",
        category=Category.REMINDER,
        why=REMINDED_WHY,
    ),
    _kind(
        "follow_up",
        _("Thanks after an event"),
        _("The event is over"),
        lambda: FollowUp(facts=_facts(), came=True, events_url=absolute("/events/")),
        "Thank you",
        category=Category.REMINDER,
        why=REMINDED_WHY,
    ),
    _kind(
        "missed",
        _("Missed at an event"),
        _("The event is over, and an officer noted that nobody came"),
        lambda: Missed(facts=_facts(), events_url=absolute("/events/")),
        "We missed you",
        category=Category.REMINDER,
        why=REMINDED_WHY,
    ),
]
