"""Calendar streams (RFC 5545, 5546): the file of an event, and the invitation that a registration gets.

Every UID is stable and every SEQUENCE rises when the event moves or a party gets another size, so that a
calendar changes its entry and never makes a second one. See docs/decisions/0014.
"""

from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.links import absolute
from core.mail.outbox.compose import one_line, tidy

from . import rules, zones
from .models import Event, Registration

REQUEST, CANCEL = "REQUEST", "CANCEL"
GONE = ("cancelled", "left", "lapsed")


def uid(event: Event, registration: Registration | None = None) -> str:
    """The identifier by which calendars know an entry again, whatever changes.

    Args:
        event: the event.
        registration: whose entry it is; none for the file that everyone can load.
    """
    own = f".{registration.pk}" if registration is not None else ""
    return f"{event.uid}{own}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def calendar_of(
    event: Event, *, zone: tzinfo, organizer: str, email: str, registration: Registration | None = None
) -> bytes:
    """The calendar file.

    Args:
        event: the event; cancelled ones get STATUS CANCELLED.
        zone: the department's; the file carries its rules.
        organizer: the department's name.
        email: its address.
        registration: whose file it is: the entry is the one of their invitation.

    Returns:
        An iCalendar stream, UTF-8.
    """
    off = event.status == "cancelled" or (registration is not None and registration.status in GONE)
    calendar, entry = _calendar("PUBLISH"), _entry(event, registration, organizer, email, off=off)
    changed = max(row.updated_at for row in (event, registration) if row is not None)
    entry.add("dtstamp", changed.replace(microsecond=0))
    entry.add("last-modified", changed.replace(microsecond=0))
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    calendar.add_component(entry)
    if calendar.get_missing_tzids():  # none for a department on UTC
        calendar.subcomponents.insert(0, zones.vtimezone(zone, event.starts_at.astimezone(zone).year))
    stream: bytes = calendar.to_ical()
    return stream


def invitation(event: Event, registration: Registration, method: str, *, organizer: str, email: str) -> str:
    """The part of a mail that puts a registration into the reader's calendar, or takes it out.

    The person has answered already, by registering: they stand as accepted, and no answer is asked for.
    Times are in UTC, which every calendar shows in its owner's zone.

    Args:
        event: the event.
        registration: with an address and a seat.
        method: `REQUEST` or `CANCEL`.
        organizer: the department's name.
        email: its address.
    """
    off = method == CANCEL
    calendar, entry = _calendar(method), _entry(event, registration, organizer, email, off=off)
    entry.add("dtstamp", clock.now().replace(microsecond=0))
    entry.add("dtstart", _in_utc(event.starts_at))
    entry.add("dtend", _in_utc(event.ends_at))
    guest = _address(registration.email)
    guest.params["cn"] = _name(registration.name)
    guest.params["cutype"] = "INDIVIDUAL"
    guest.params["role"] = "REQ-PARTICIPANT"
    guest.params["partstat"] = "DECLINED" if off else "ACCEPTED"
    guest.params["rsvp"] = "FALSE"
    entry.add("attendee", guest, encode=False)
    calendar.add_component(entry)
    return str(calendar.to_ical().decode())


def _calendar(method: str) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Partnership registry//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _entry(
    event: Event, registration: Registration | None, organizer: str, email: str, *, off: bool
) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", uid(event, registration))
    # Taking an own entry out is one step past what it said last.
    entry.add("sequence", event.sequence + (1 if off and registration is not None else 0))
    entry.add("summary", one_line(event.title, 200))
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    url = absolute(reverse("public:event", args=[event.slug]))
    # Not the registration's own link: calendars are shared, and with it anyone could cancel.
    people = rules.people_in_words(registration.party_size) if registration is not None else ""
    party = _("For %(people)s.") % {"people": people} if people else ""
    words = [event.summary, party, event.directions, url]
    entry.add("description", tidy("\n".join(part for part in words if part)))
    entry.add("location", one_line(event.place, 500))
    entry.add("url", url)
    host = _address(email)
    host.params["cn"] = _name(organizer)
    entry.add("organizer", host, encode=False)
    return entry


def _address(email: str) -> icalendar.vCalAddress:
    """An address of a calendar. What was imported may be none, and must not break the stream."""
    return icalendar.vCalAddress("mailto:" + "".join(one_line(email, 254).split()))


def _name(text: str) -> str:
    """A name as a parameter can hold it: one line without quotes."""
    return one_line(text, 100).replace('"', "'")


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
