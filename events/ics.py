"""The calendar file of an event (RFC 5545): one stable UID, a SEQUENCE that rises when it moves."""

from typing import Any
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.urls import reverse

from core.links import absolute


def uid(event: Any) -> str:
    """The identifier by which calendars know the event again, whatever changes."""
    return f"{event.uid}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def calendar_of(event: Any, *, zone: Any, organizer: str, email: str) -> bytes:
    """The calendar file.

    Args:
        event: the event; cancelled ones get STATUS CANCELLED.
        zone: the department's `ZoneInfo`; the file carries its rules.
        organizer: the department's name.
        email: its address.

    Returns:
        An iCalendar stream, UTF-8.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Partnership registry//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    entry = icalendar.Event()
    entry.add("uid", uid(event))
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.updated_at.replace(microsecond=0))
    entry.add("last-modified", event.updated_at.replace(microsecond=0))
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("summary", event.title)
    entry.add("status", "CANCELLED" if event.status == "cancelled" else "CONFIRMED")
    url = absolute(reverse("public:event", args=[event.slug]))
    words = [event.summary, event.directions, url]
    entry.add("description", "\n".join(part for part in words if part))
    entry.add("location", event.place)
    entry.add("url", url)
    host = icalendar.vCalAddress(f"mailto:{email}")
    host.params["cn"] = icalendar.vText(organizer)
    entry.add("organizer", host)
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    stream: bytes = calendar.to_ical()
    return stream
