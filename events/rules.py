"""Judgements about seats, order and time. No database writes here."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import words

from .models import Event, Registration

CODE_TRIES = 5  # wrong tries from one browser before it needs a new code
CODE_TRIES_IN_ALL = 25  # wrong tries from anywhere before the codes of a request are dead
LONGEST_HOLD = timedelta(hours=1)  # seats wait for a code so long, however many codes are asked for
CODES_PER_HOLD = 3  # mails with a code for one request
OTHER_REQUESTS = 2  # other requests for the same address that get a code of their own, beside the first
CODES_PER_OTHER = 2  # mails with a code for each of them
CODE_PAUSE = timedelta(seconds=60)  # between two mails with a code


def from_host(host: Any, *, venue_name: str, street: str, city: str) -> dict[str, str]:
    """What the host's address says of a place whose address was left open.

    Args:
        host: the business in whose rooms it takes place, if any.
        venue_name: the place as it was typed; empty for the host's name.
        street: as it was typed.
        city: as it was typed.
    """
    if host is None:
        return {}
    name = {} if venue_name.strip() else {"venue_name": host.name[:120]}
    address = {} if street.strip() or city.strip() else {"street": host.street, "city": host.city_line}
    return {**name, **address}


@dataclass(frozen=True)
class Waiting:
    """One party in line: its registration's key and how many people it brings."""

    pk: int
    party_size: int


def seats_left(capacity: int | None, taken: int) -> int | None:
    """Free seats, never below 0; `None` when there is no limit."""
    return None if capacity is None else max(capacity - taken, 0)


def next_to_promote(line: Sequence[Waiting], left: int | None, *, small_may_pass: bool) -> list[int]:
    """Which parties of the line get seats now, in order. A party is never split.

    Args:
        line: the waitlist in order.
        left: free seats, or `None` for no limit.
        small_may_pass: whether a smaller party behind may pass one that does not fit.

    Returns:
        Keys of the registrations to promote, in order.
    """
    chosen: list[int] = []
    for party in line:
        if left is None or party.party_size <= left:
            chosen.append(party.pk)
            left = None if left is None else left - party.party_size
        elif not small_may_pass:
            break
        if left == 0:
            break
    return chosen


def places_in_line(line: Iterable[Waiting], capacity: int | None) -> dict[int, int]:
    """The place of every party: how many that the event has seats for wait before it, and one more.

    One that is larger than all seats keeps nobody waiting, so it is not counted; its own place is the one
    that it has once fewer of it come.

    Args:
        line: the waitlist in order.
        capacity: all seats, or `None` for no limit.

    Returns:
        Places by the registrations' keys, in the order of the line; 1 for the first.
    """
    places: dict[int, int] = {}
    ahead = 0
    for party in line:
        places[party.pk] = ahead + 1
        ahead += fits(party.party_size, capacity)
    return places


def fits(party_size: int, left: int | None) -> bool:
    """Whether a whole party fits in the free seats."""
    return left is None or party_size <= left


# --- Codes


def new_code() -> str:
    """Six random digits for the mail that confirms a request."""
    return f"{secrets.randbelow(1_000_000):06d}"


def digest(code: str, token: str) -> str:
    """What is kept of a code: an HMAC bound to the registration's token. 64 hexadecimal digits."""
    key = hashlib.sha256(f"events.code:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, f"{token}:{code.strip()}".encode(), hashlib.sha256).hexdigest()


def code_matches(code: str, token: str, kept: str) -> bool:
    """Whether `code` is the one whose digest was kept, compared in constant time."""
    return bool(kept) and hmac.compare_digest(digest(code, token), kept)


def ask_key(name: str, phone: str, party_size: int, accommodation: str) -> str:
    """What tells one request for an address from another: a digest of its words, 64 hexadecimal digits."""
    asked = "\0".join((name, phone, str(party_size), accommodation))
    return hashlib.sha256(asked.encode()).hexdigest()


# --- Words


def is_full(event: Event, taken: int, waiting: int) -> bool:
    """Whether a newcomer joins the waitlist: no seat is free, or others wait for those that are.

    Args:
        event: the event.
        taken: people with a confirmed seat. Holds for a code are left out of what the public reads: they
            would tell which addresses are known.
        waiting: parties in line.
    """
    left = seats_left(event.capacity, taken)
    return left == 0 or bool(left is not None and waiting and not event.small_may_pass)


def seats_in_words(event: Event, taken: int, waiting: int = 0) -> str:
    """ "2 seats left", "full · 3 parties waiting", "just come": what a reader wants to know first.

    Args:
        event: the event.
        taken: people with a confirmed seat, as for `is_full`.
        waiting: parties in line.
    """
    if event.status == "cancelled":
        return _("Cancelled")
    if event.is_drop_in:
        return _("just come")
    if event.is_over:
        return _("over")
    if event.status == "closed" or event.has_begun:
        return _("registration closed")
    left = seats_left(event.capacity, taken)
    if left is None:
        return _("seats for everyone")
    line = ngettext("%(n)s party waiting", "%(n)s parties waiting", waiting) % {"n": words.number(waiting)}
    if is_full(event, taken, waiting):
        return _("full · %(line)s") % {"line": line} if waiting else _("full, with a waitlist")
    free = ngettext("%(n)s seat left", "%(n)s seats left", left) % {"n": words.number(left)}
    return f"{free} · {line}" if waiting else free


def people_in_words(count: int) -> str:
    """ "1 person", "4 people"."""
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": words.number(count)}


def came_in_words(registration: Registration) -> str:
    """ "2 people", or "1 of 2 people" of a party that came in part."""
    people = people_in_words(registration.party_size)
    if registration.people_came == registration.party_size:
        return people
    return _("%(n)s of %(people)s") % {"n": words.number(registration.people_came), "people": people}


def seats(count: int) -> str:
    """ "1 seat", "4 seats"."""
    return ngettext("%(n)s seat", "%(n)s seats", count) % {"n": words.number(count)}


# --- Time


def accommodation_deadline(event: Event, zone: tzinfo) -> date:
    """The last day to ask for accommodation: as set, else a week before the event."""
    day: date = event.accommodation_by or (event.starts_at.astimezone(zone).date() - timedelta(days=7))
    return day


def slug_for(title: str, day: date, taken: Iterable[str]) -> str:
    """An address for an event: words of the title and its date, with a number when that is taken."""
    base = f"{slugify(title)[:80].strip('-') or 'event'}-{day.isoformat()}"
    used = set(taken)
    if base not in used:
        return base
    count = 2
    while f"{base}-{count}" in used:
        count += 1
    return f"{base}-{count}"
