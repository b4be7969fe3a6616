"""Every mail of this room, declared once, with a sample of what it says."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core import words
from core.links import absolute
from core.mail.models import OutgoingMail
from core.mail.outbox import Mail, Wanted, declared, in_states
from core.mail.purposes import Category
from events import rules
from events.choices import ON_STATUSES
from events.models import Event, Registration

from .payloads import (
    AlreadyRegistered,
    Cancelled,
    ConfirmCode,
    EventCancelled,
    Facts,
    FollowUp,
    Missed,
    Moved,
    NoSeat,
    Plain,
    Resized,
    TooLarge,
    Waitlisted,
)
from .words import help_in_words, waitlist_rule

REGISTERED_WHY = _("You get this because you registered for this event.")
ASKED_WHY = _("You get this because someone asked for a place at this event with your address.")
REMINDED_WHY = _("You get this reminder because you registered for this event.")
REGISTRANT = _("Whoever registered")
ZONE = ZoneInfo(settings.TIME_ZONE)
STARTS = datetime(2026, 12, 8, 9, 0, tzinfo=ZONE)
TITLE = "Robbery prevention workshop"


def _takes_place(registration: Registration, mail: OutgoingMail) -> bool:
    return registration.event.status in ON_STATUSES


def _says_the_last(registration: Registration, mail: OutgoingMail) -> bool:
    """And no later mail tells another number of people. It is found by the index of addresses."""
    later = OutgoingMail.objects.alias(address=Lower("to")).filter(address=mail.to.lower(), pk__gt=mail.pk)
    said_anew = later.filter(template=mail.template, subject_id=mail.subject_id).exists()
    return _takes_place(registration, mail) and not said_anew


def _is_on_now(registration: Registration, mail: OutgoingMail) -> bool:
    return _takes_place(registration, mail) and registration.event.has_begun


def _while(*states: str) -> Wanted:
    """Wanted while the registration still stands as the mail says, and its event takes place."""
    return in_states(Registration, *states, along=["event"], also=_takes_place)


def _when(starts: datetime = STARTS) -> str:
    """A time as the mails write it."""
    return words.span(starts, starts + timedelta(minutes=90), zone=ZONE)


def _facts() -> Facts:
    return Facts(
        name="Maria Santos",
        title=TITLE,
        when=_when(),
        place="Lincoln Branch Library, 1150 W Fullerton Ave, Riverton, IL 60614",
        directions="Side door on Racine, second floor. The elevator is on the left.",
        people=rules.people_in_words(2),
        event_url=absolute("/events/2026-12-08-robbery-prevention-workshop/"),
        manage_url=absolute("/registrations/h7Vq2mX0/"),
        calendar_url=absolute("/registrations/h7Vq2mX0/event.ics"),
        help_text=help_in_words(date(2026, 12, 1), "Jo Lind, 555-0119"),
    )


STANDS = _while("registered", "attended")
WAITS = _while("waitlisted")
CONFIRM = Mail(
    template="events/confirm",
    name=_("Code for a registration"),
    trigger=_("A visitor asks for a place"),
    audience=_("Whoever typed the address"),
    category=Category.SECURITY,
    subject=f"Your code: {TITLE}",
    sample=lambda: ConfirmCode(
        facts=_facts(),
        code="482913",
        minutes=15,
        confirm_url=absolute("/events/2026-12-08-robbery-prevention-workshop/confirm/"),
        seats_held=True,
    ),
    why=ASKED_WHY,
    wanted=_while("unconfirmed"),
    rule="events.code",
)
ALREADY = Mail(
    template="events/already",
    name=_("Registered already"),
    trigger=_("Someone asks again with an address that stands"),
    audience=REGISTRANT,
    category=Category.SERVICE,
    subject=f"You are already registered: {TITLE}",
    sample=lambda: AlreadyRegistered(facts=_facts(), waiting=False),
    why=ASKED_WHY,
    wanted=_while("registered", "waitlisted", "attended"),
)
REGISTERED = Mail(
    template="events/registered",
    name=_("Registered"),
    trigger=_("A place is taken"),
    audience=REGISTRANT,
    category=Category.SERVICE,
    subject=f"You're registered: {TITLE}",
    sample=lambda: Plain(_facts()),
    why=REGISTERED_WHY,
    wanted=STANDS,
)
WAITLISTED = Mail(
    template="events/waitlisted",
    name=_("On the waitlist"),
    trigger=_("The event is full"),
    audience=REGISTRANT,
    category=Category.SERVICE,
    subject=f"You're on the waitlist: {TITLE}",
    sample=lambda: Waitlisted(
        facts=_facts(),
        position=3,
        rule=waitlist_rule(Event()),
    ),
    why=REGISTERED_WHY,
    wanted=WAITS,
)
PROMOTED = Mail(
    template="events/promoted",
    name=_("A seat came free"),
    trigger=_("Seats come free, and the party is next in line"),
    audience=REGISTRANT,
    category=Category.SERVICE,
    subject=f"You have a seat: {TITLE}",
    sample=lambda: Plain(_facts()),
    why=REGISTERED_WHY,
    wanted=STANDS,
)
RESIZED = Mail(
    template="events/resized",
    name=_("Another number of people"),
    trigger=_("A party becomes larger or smaller"),
    audience=REGISTRANT,
    category=Category.SERVICE,
    subject=f"Now 3 people: {TITLE}",
    sample=lambda: Resized(
        facts=replace(_facts(), people=rules.people_in_words(3)), waiting=False, to_the_end=False
    ),
    why=REGISTERED_WHY,
    wanted=in_states(
        Registration,
        "registered",
        "waitlisted",
        named="events.registration_resized",
        along=["event"],
        also=_says_the_last,
    ),
)
TOO_LARGE = Mail(
    template="events/too_large",
    name=_("Too few seats for a party that waits"),
    trigger=_("Seats are cut below a party on the waitlist"),
    audience=REGISTRANT,
    category=Category.SERVICE,
    subject=f"Too few seats for your party: {TITLE}",
    sample=lambda: TooLarge(facts=replace(_facts(), people=rules.people_in_words(4)), seats=rules.seats(3)),
    why=REGISTERED_WHY,
    wanted=WAITS,
    rule="events.waitlist",
)
NO_SEAT = Mail(
    template="events/no_seat",
    name=_("No seat came free"),
    trigger=_("The event begins, and the party still waits"),
    audience=REGISTRANT,
    category=Category.SERVICE,
    subject=f"No seat came free: {TITLE}",
    sample=lambda: NoSeat(facts=_facts(), events_url=absolute("/events/")),
    why=REGISTERED_WHY,
    wanted=in_states(
        Registration, "waitlisted", named="events.still_waits", along=["event"], also=_is_on_now
    ),
)
CANCELLED = Mail(
    template="events/cancelled",
    name=_("Registration cancelled"),
    trigger=_("Seats, or a place in line, are given up"),
    audience=REGISTRANT,
    category=Category.SERVICE,
    subject=f"Cancelled: {TITLE}",
    sample=lambda: Cancelled(facts=_facts(), left_the_line=False),
    why=REGISTERED_WHY,
)
EVENT_CANCELLED = Mail(
    template="events/event_cancelled",
    name=_("Event cancelled"),
    trigger=_("An officer cancels the event"),
    audience=REGISTRANT,
    category=Category.SERVICE,
    subject=f"The event is cancelled: {TITLE}",
    sample=lambda: EventCancelled(
        facts=_facts(),
        reason="The library is closed for repairs.",
        events_url=absolute("/events/"),
    ),
    why=REGISTERED_WHY,
)
MOVED = Mail(
    template="events/moved",
    name=_("New time or place"),
    trigger=_("An officer moves the event"),
    audience=REGISTRANT,
    category=Category.SERVICE,
    subject=f"New time: {TITLE}",
    sample=lambda: Moved(
        facts=_facts(),
        before=_when(STARTS - timedelta(days=1)),
        time_changed=True,
        waiting=False,
    ),
    why=REGISTERED_WHY,
    wanted=_while("registered", "waitlisted"),
)
HOUR_KEPT = Mail(
    template="events/hour_kept",
    name=_("Calendar entry, corrected"),
    trigger=_("An administrator sets another time zone, and events keep their hour"),
    audience=_("Whoever has a seat"),
    category=Category.SERVICE,
    subject=f"Your calendar entry, corrected: {TITLE}",
    sample=lambda: Plain(_facts()),
    why=REGISTERED_WHY,
    wanted=_while("registered"),
)
REMINDER = Mail(
    template="events/reminder",
    name=_("Reminder of an event"),
    trigger=_("The event is near"),
    audience=REGISTRANT,
    category=Category.REMINDER,
    subject=f"Reminder: {TITLE}",
    sample=lambda: Plain(_facts()),
    why=REMINDED_WHY,
)
FOLLOW_UP = Mail(
    template="events/follow_up",
    name=_("Thanks after an event"),
    trigger=_("The event is over"),
    audience=REGISTRANT,
    category=Category.REMINDER,
    subject=f"Thank you: {TITLE}",
    sample=lambda: FollowUp(facts=_facts(), came=True, events_url=absolute("/events/")),
    why=REMINDED_WHY,
)
MISSED = Mail(
    template="events/missed",
    name=_("Missed at an event"),
    trigger=_("The event is over, and an officer noted that nobody came"),
    audience=REGISTRANT,
    category=Category.REMINDER,
    subject=f"We missed you: {TITLE}",
    sample=lambda: Missed(facts=_facts(), events_url=absolute("/events/")),
    why=REMINDED_WHY,
)
MAILS = declared(vars())
