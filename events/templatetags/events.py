"""Words about events for templates."""

import re
from datetime import date
from typing import Any
from urllib.parse import quote_plus

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import clock, words
from core.models import Department
from events import rules
from events.choices import Kind
from events.models import Event, Registration

PHONE = re.compile(r"(?<![\w@/])\+?\(?\d(?:[ ().-]{0,2}\d){6,14}(?![\w@])")  # 7 to 15 digits

register = template.Library()


@register.filter
def event_line(event: Event) -> str:
    """ "Tuesday 6:00 p.m. · Lincoln Branch Library · 2 seats left"; needs `with_numbers()`."""
    when = f"{words.weekday(event.starts_at)} {words.clock(event.starts_at)}"
    # A cancelled event carries a red tag beside this line.
    seats = "" if event.status == "cancelled" else seats_words(event)
    return " · ".join(part for part in (when, event.venue_name, seats) if part)


@register.filter
def seats_words(event: Event) -> str:
    """ "2 seats left", "full · 3 parties waiting", "just come"; needs `with_numbers()`."""
    return rules.seats_in_words(event, getattr(event, "people", 0), getattr(event, "waiting_parties", 0))


@register.filter
def is_full(event: Event) -> bool:
    """Whether a newcomer joins the waitlist; needs `with_numbers()`."""
    return rules.is_full(event, event.people, event.waiting_parties)


@register.filter
def kind_words(event: Event) -> str:
    """The kind as the public reads it: "Event" rather than "Other event"."""
    return _("Event") if event.kind == Kind.OTHER else event.get_kind_display()


@register.filter
def more_about(event: Event) -> str:
    """The description, unless it only says the summary again."""
    same = " ".join(event.description.split()) == " ".join(event.summary.split())
    return "" if same else event.description


@register.filter
def phones_as_links(text: str) -> SafeString:
    """Words with their phone numbers as links: "Kim Park, 555-0199"."""
    done, end = [], 0
    for found in PHONE.finditer(text):
        digits = "".join(char for char in found.group() if char.isdigit() or char == "+")
        link = format_html('<a href="tel:{}">{}</a>', digits, found.group())
        done += [escape(text[end : found.start()]), link]
        end = found.end()
    return format_html_join("", "{}", ((part,) for part in [*done, escape(text[end:])]))


@register.filter
def people_words(count: int) -> str:
    """ "4 people"."""
    return rules.people_in_words(count or 0)


@register.filter
def came_words(registration: Registration) -> str:
    """ "2 people", "1 of 2 people": how many of a party came."""
    return rules.came_in_words(registration)


@register.filter
def as_seats(count: int) -> str:
    """ "4 seats"."""
    return rules.seats(count or 0)


@register.filter
def registered_words(event: Event) -> str:
    """ "38 of 40 seats, 5 waiting" or "drop-in", for the desk; needs `with_numbers()`."""
    if event.is_drop_in:
        return _("drop-in")
    if event.capacity is None:
        said = rules.people_in_words(event.people)
    else:
        said = _("%(people)s of %(seats)s") % {
            "people": words.number(event.people),
            "seats": rules.seats(event.capacity),
        }
    if event.waiting:
        said += ", " + _("%(n)s waiting") % {"n": words.number(event.waiting)}
    return said


@register.filter
def directions_url(event: Event) -> str:
    """A map's address for the way there; the map opens outside this site.

    A street without its city would lead to one of that name anywhere: it lies in the department's.
    """
    city = event.city or Department.current().city_line
    words = ", ".join(part for part in (event.venue_name, event.street, city) if part)
    return f"https://www.google.com/maps/dir/?api=1&destination={quote_plus(words)}"


@register.simple_tag(takes_context=True)
def accommodation_day(context: Any, event: Event) -> Any:
    """The last day to ask for accommodation."""
    return rules.accommodation_deadline(event, timezone.get_current_timezone())


@register.simple_tag
def today_here() -> date:
    """The department's local date."""
    return clock.today()


@register.simple_tag(takes_context=True)
def accommodation_contact(context: Any, event: Event) -> str:
    """The event's coordinator, else the department's; with the department's phone where none is named."""
    department = context.get("department") or Department.current()
    contact: str = event.accommodation_contact or department.accommodation_contact
    if "@" in contact or PHONE.search(contact):
        return contact
    return ", ".join(part for part in (contact, department.phone or department.email) if part)
