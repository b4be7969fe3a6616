"""A place asked for on the public page, and the code that confirms it. Each path locks the event's row."""

import copy
from datetime import datetime
from typing import Any

from django.db import transaction

from core import audit, clock, counters, edits, mailboxes
from core.access import Refused
from events import emails, guards, rules
from events.choices import HOLD, ON_STATUSES, Audience, RegistrationStatus
from events.models import Event, Registration

from . import seats
from .places import take

ASKED = ("name", "phone", "party_size", "accommodation", "language")  # what a request says


@transaction.atomic
def request_place(
    *,
    event: Event,
    name: str,
    email: str,
    party_size: int,
    accommodation: str = "",
    phone: str = "",
    language: str = "",
) -> None:
    """Ask for a place without an account. What comes of it is told by mail only.

    A new address gets a code and, when there is room, seats held for 15 minutes. An address that already
    stands gets a mail that says so. The caller learns nothing of the difference.

    Args:
        event: the event.
        name: who comes.
        email: where the code goes; its letters' case does not matter.
        party_size: people, 1 up to the event's `party_limit`.
        accommodation: what help is needed.
        phone: optional.
        language: code of the language of the mails.

    Raises:
        Refused: registration is not open, the event is for partners, the party is too large, or the name
            can't be read.
    """
    name = edits.typed(Registration, {"name": name})["name"]
    event = seats.lock_event(event.pk)
    seats.refuse(guards.may_register(event))
    if event.audience == Audience.PARTNERS:
        raise Refused(guards.PARTNERS_ONLY)
    seats.check_party(event, party_size)
    now = clock.now()
    seats.settle(event, now)
    standing = event.registrations.of_email(email).open().first()
    if standing is None:
        standing = Registration.objects.create(
            event=event,
            email=mailboxes.normal(email),
            name=name,
            phone=phone,
            party_size=party_size,
            accommodation=accommodation,
            language=language,
            seat_held=seats.can_sit(event, party_size, now),
            held_until=now + HOLD,
        )
        audit.record("events.registration_requested", standing)
        _send_code(standing, now)
    elif standing.status == RegistrationStatus.UNCONFIRMED:
        asked = {
            "name": name, "phone": phone, "party_size": party_size, "accommodation": accommodation,
            "language": language,
        }  # fmt: skip
        _ask_again(standing, asked, now)
    else:
        emails.already_registered(event, standing, now)


def _ask_again(first: Registration, asked: dict[str, Any], now: datetime) -> None:
    """Another request for an address whose first one waits for its code. Nobody knows who sent which.

    What was asked first stays as it is. The same words again are the same request; other words get a code of
    their own, which confirms them and nothing else.
    """
    key = _key_of(asked)
    if key == _key_of(_words_of(first)):
        _send_code(first, now)
        return
    known = next((each for each in first.other_requests if each["key"] == key), None)
    if known is None:
        if len(first.other_requests) >= rules.OTHER_REQUESTS:
            return
        known = {**asked, "key": key, "sent": 0, "sent_at": ""}
        first.other_requests.append(known)
        audit.record("events.registration_requested", first)
    _send_other_code(first, known, now)


def _words_of(registration: Registration) -> dict[str, Any]:
    return {name: getattr(registration, name) for name in ASKED}


def _key_of(asked: dict[str, Any]) -> str:
    return rules.ask_key(asked["name"], asked["phone"], asked["party_size"], asked["accommodation"])


@transaction.atomic
def send_new_code(*, event: Event, email: str, asked: str = "") -> None:
    """Send another code to a request that still waits for one, at most once a minute and a few times in all.

    Says nothing about whether there is such a request.

    Args:
        event: the event.
        email: the address.
        asked: `rules.ask_key` of the request, where the address has several; else the first is meant.
    """
    event = seats.lock_event(event.pk)
    now = clock.now()
    seats.settle(event, now)
    standing = event.registrations.of_email(email).filter(status=RegistrationStatus.UNCONFIRMED).first()
    if standing is None:
        return
    other = next((each for each in standing.other_requests if each["key"] == asked), None)
    if other is not None:
        _send_other_code(standing, other, now)
    else:
        _send_code(standing, now)


def _send_code(registration: Registration, now: datetime) -> None:
    """A new code for what was asked first; the old one dies."""
    if registration.codes_sent >= rules.CODES_PER_HOLD:
        return
    if registration.code_sent_at is not None and now - registration.code_sent_at < rules.CODE_PAUSE:
        return
    code = rules.new_code()
    registration.code_digest = rules.digest(code, registration.token)
    registration.code_sent_at = now
    registration.codes_sent += 1
    registration.code_tries = 0
    registration.held_until = now + HOLD
    if now - registration.created_at >= rules.LONGEST_HOLD:
        registration.seat_held = False  # nobody keeps seats from others with codes that nobody types
    registration.save(
        update_fields=["code_digest", "code_sent_at", "codes_sent", "code_tries", "held_until", "seat_held"]
    )
    emails.confirm_code(registration.event, registration, code, full=not registration.seat_held)


def _send_other_code(first: Registration, other: dict[str, Any], now: datetime) -> None:
    """A code for another request, which stands in `first.other_requests`. Its seats are not held."""
    if other["sent"] >= rules.CODES_PER_OTHER:
        return
    if other["sent_at"] and now - datetime.fromisoformat(other["sent_at"]) < rules.CODE_PAUSE:
        return
    code = rules.new_code()
    other["digest"] = rules.digest(code, first.token)
    other["sent"] += 1
    other["sent_at"] = now.isoformat()
    first.code_tries = 0
    first.held_until = now + HOLD
    first.save(update_fields=["other_requests", "code_tries", "held_until"])
    asked = copy.copy(first)  # what the mail says; never saved
    for name in ASKED:
        setattr(asked, name, other[name])
    asked.code_digest, asked.seat_held = other["digest"], False
    own = first.party_size if first.seat_held else 0
    emails.confirm_code(
        first.event, asked, code, full=not seats.can_sit(first.event, asked.party_size, now, own=own)
    )


@transaction.atomic
def confirm_place(*, event: Event, email: str, code: str, device: str = "") -> Registration | None:
    """Turn a request into a registration, or a place in line, by the code from the mail.

    A code confirms what it was sent for, whatever was asked with the same address meanwhile. The same code
    once more within its 15 minutes finds the same registration and changes nothing.

    Args:
        event: the event.
        email: the address the code went to.
        code: six digits.
        device: what wrong tries are counted under, so that a stranger kills nobody's code; "" for all
            browsers that did not ask for the place.

    Returns:
        The registration, or `None` when the code is wrong, used up or too old, or there is no request.

    Raises:
        Refused: the event was cancelled or has begun meanwhile.
    """
    event = seats.lock_event(event.pk)
    now = clock.now()
    seats.settle(event, now)
    standing = event.registrations.of_email(email).open().first()
    if standing is None or standing.held_until is None or standing.held_until <= now:
        return None
    codes = [standing.code_digest, *(each["digest"] for each in standing.other_requests)]
    tries = (
        f"events.code:{standing.pk}:{'-'.join(each[:8] for each in codes)}:{device}"  # anew for a new code
    )
    spent = standing.code_tries >= rules.CODE_TRIES_IN_ALL
    if spent or counters.count_of(tries) >= rules.CODE_TRIES:
        return None
    found = _request_of(standing, code, now)
    if found is None:
        counters.count_up(tries, int(HOLD.total_seconds()))
        _count_wrong_try(standing)
        return None
    if standing.status == RegistrationStatus.UNCONFIRMED:
        if event.status not in ON_STATUSES or event.starts_at <= now:
            seats.refuse(guards.may_register(event))
        own = standing.party_size if standing.seat_held else 0
        if found:
            for name in ASKED:
                setattr(standing, name, found[name])
            standing.code_digest, standing.code_sent_at = found["digest"], now
            standing.save()
            audit.record("events.registration_changed", standing, changed=ASKED)
        return take(event, standing, by=None, now=now, own=own)
    return standing


def _request_of(standing: Registration, code: str, now: datetime) -> dict[str, Any] | None:
    """The other request a code was sent for, {} for the first one, `None` when the code is wrong or old."""
    sent_at = standing.code_sent_at
    fresh = sent_at is not None and now - sent_at < HOLD
    if fresh and rules.code_matches(code, standing.token, standing.code_digest):
        return {}
    for other in standing.other_requests:
        fresh = now - datetime.fromisoformat(other["sent_at"]) < HOLD
        if fresh and rules.code_matches(code, standing.token, other["digest"]):
            return dict(other)
    return None


def _count_wrong_try(standing: Registration) -> None:
    """Once the codes are dead, a fresh one can always be asked for: nobody is locked out by a stranger."""
    standing.code_tries += 1
    if standing.code_tries >= rules.CODE_TRIES_IN_ALL:
        standing.codes_sent = min(standing.codes_sent, rules.CODES_PER_HOLD - 1)
    standing.save(update_fields=["code_tries", "codes_sent"])
