"""What several mails of this room say, in the language and the time zone that are active."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import clock, words
from core.links import absolute
from events import rules
from events.models import Event, Registration

from .payloads import Facts


def facts(event: Event, registration: Registration) -> Facts:
    """What every mail says about the event.

    Args:
        event: the event.
        registration: whose mail it is.
    """
    zone, help_text = timezone.get_current_timezone(), ""
    if event.accommodation_contact:
        help_text = help_in_words(rules.accommodation_deadline(event, zone), event.accommodation_contact)
    return Facts(
        name=registration.name,
        title=event.title,
        when=words.span(event.starts_at, event.ends_at),
        place=event.place,
        directions=event.directions,
        people=rules.people_in_words(registration.party_size),
        event_url=absolute(reverse(_page_of(registration), args=[event.slug])),
        manage_url=absolute(reverse("public:registration", args=[registration.token])),
        calendar_url=absolute(reverse("public:registration_ics", args=[registration.token])),
        help_text=help_text,
    )


def _page_of(registration: Registration) -> str:
    """Where the recipient reads about the event: a business in the portal, which asks to sign in first.

    The public page of an event for partners does not exist for who is signed out.
    """
    if registration.business_id and registration.user_id:
        return "portal:event_register"
    return "public:event"


def help_in_words(deadline: date, contact: str) -> str:
    """Until which day, and of whom, to ask for help at an event; a day that is past is not asked for."""
    said = _("For an interpreter or other help, ask by %(day)s, or ask later all the same: %(contact)s.")
    if deadline < clock.today():
        said = _(
            "For an interpreter or other help, the day to ask was %(day)s; ask anyway, and we do our best: "
            "%(contact)s."
        )
    return said % {"day": words.day(deadline, "long"), "contact": contact}


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
