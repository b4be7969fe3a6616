"""Places at an event: asked for, confirmed, waited for, given up. Every path locks the event's row first."""

import copy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock, consents, counters
from core.access import Refusal, Refused
from core.models.consent import How
from events import emails, guards, rules
from events.choices import HOLD, ON_STATUSES, Audience, RegistrationStatus, Source
from events.models import Event, Registration
from events.workflow import REGISTRATION

from . import seats

ASKED = ("name", "phone", "party_size", "accommodation", "language")  # what a request says
# --- The public page: a request, and the code that confirms it


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
        Refused: registration is not open, the event is for partners, or the party is too large.
    """
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
            email=email.strip().lower(),
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
        return _take(event, standing, actor=None, now=now, own=own)
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


def _take(
    event: Event,
    registration: Registration,
    *,
    actor: Any,
    now: datetime,
    notify: bool = True,
    own: int | None = None,
) -> Registration:
    """Give an unconfirmed registration its seats, or else the last place in line, and say so by mail.

    `own` is how many seats it holds, where that is not its party. Who comes was told that reminders follow.
    """
    by_desk = registration.source == Source.DESK
    consents.told(
        address=registration.email,
        how=How.DESK if by_desk else How.FORM,
        wording=consents.REMINDERS_TOLD if by_desk else consents.REMINDERS_SAID,
        source=f"registration-{registration.pk}",
        actor=actor,
    )
    if own is None:
        own = registration.party_size if registration.seat_held else 0
    if seats.can_sit(event, registration.party_size, now, own=own):
        seats.seat(registration, "register", actor=actor, now=now)
        if notify:
            emails.registered(event, registration)
        return registration
    Registration._base_manager.filter(pk=registration.pk).update(
        queued_at=now, seat_held=False, other_requests=[]
    )
    REGISTRATION.move(registration, "wait", actor=actor)
    registration.refresh_from_db()
    if notify:
        emails.waitlisted(event, registration, seats.position_of(registration))
    seats.settle(event, now)  # seats a hold let go may fit someone further up
    registration.refresh_from_db()
    return registration


# --- Partners, and what the desk types in


@transaction.atomic
def register_business(
    *,
    event: Event,
    business: Any,
    user: Any,
    party_size: int,
    accommodation: str = "",
    notify: bool = True,
) -> Registration:
    """Register a business through a signed-in member: no code, their address is verified.

    Args:
        event: the event.
        business: one of the member's businesses (a `businesses.Business`); the caller scoped it.
        user: the member.
        party_size: people, 1 up to the event's `party_limit`.
        accommodation: what help is needed.
        notify: whether to mail; off only for what is entered afterwards.

    Returns:
        The registration, `registered` or `waitlisted`. The same request again finds the same row.

    Raises:
        Refused: registration is not open, the event is for partners and this is none, the party is too
            large, or the business or the address has a registration already.
    """
    event = seats.lock_event(event.pk)
    seats.refuse(guards.may_register_business(event, business))
    seats.check_party(event, party_size)
    now = clock.now()
    seats.settle(event, now)
    colleague = event.registrations.open().filter(business=business).exclude(user=user).first()
    if colleague is not None:
        raise Refused(
            Refusal(
                "business_registered",
                _("%(name)s has already registered %(business)s.")
                % {"name": colleague.name, "business": business.name},
            )
        )
    standing = event.registrations.of_email(user.email).open().first()
    if standing is not None and standing.status != RegistrationStatus.UNCONFIRMED:
        if standing.business_id == business.pk and standing.party_size == party_size:
            return standing
        raise Refused(
            Refusal(
                "already_registered",
                _("You are already registered for this event, with %(people)s.")
                % {"people": rules.people_in_words(standing.party_size)},
            )
        )
    if standing is None:
        standing = Registration(event=event, email=user.email.lower())
    own = standing.party_size if standing.pk and standing.seat_held else 0
    standing.seat_held = seats.can_sit(event, party_size, now, own=own)
    standing.name = user.full_name or user.email
    standing.phone = user.phone
    standing.user, standing.business, standing.source = user, business, Source.PARTNER
    standing.party_size, standing.accommodation = party_size, accommodation
    standing.language = user.language
    standing.held_until, standing.code_digest = now + HOLD, ""
    standing.stamp(user)
    standing.save()
    audit.record("events.registration_requested", standing, actor=user)
    return _take(event, standing, actor=user, now=now, notify=notify)


@transaction.atomic
def enter_registration(
    *,
    event: Event,
    actor: Any,
    name: str,
    party_size: int,
    email: str = "",
    phone: str = "",
    business: Any = None,
    accommodation: str = "",
    notify: bool = True,
) -> Registration:
    """Register someone who called or stopped by. They need no email.

    Args:
        event: the event.
        actor: the officer who types it in.
        name: who comes.
        party_size: people, 1 up to the event's `party_limit`.
        email: optional; without one no mail goes out.
        phone: optional.
        business: optional, whom they come from.
        accommodation: what help is needed.
        notify: whether to mail; off only for what is entered afterwards.

    Raises:
        Refused: as `register_business`.
    """
    event = seats.lock_event(event.pk)
    seats.refuse(guards.may_register(event))
    seats.check_party(event, party_size)
    now = clock.now()
    seats.settle(event, now)
    standing = event.registrations.of_email(email).open().first() if email else None
    if standing is not None and standing.status != RegistrationStatus.UNCONFIRMED:
        raise Refused(
            Refusal("already_registered", _("%(email)s is already registered.") % {"email": standing.email})
        )
    if standing is None:
        standing = Registration(event=event, email=email.strip().lower())
    own = standing.party_size if standing.pk and standing.seat_held else 0
    standing.seat_held = seats.can_sit(event, party_size, now, own=own)
    standing.name, standing.phone, standing.business = name, phone, business
    standing.party_size, standing.accommodation = party_size, accommodation
    standing.source = Source.DESK
    standing.held_until, standing.code_digest = now + HOLD, ""
    standing.stamp(actor)
    standing.save()
    audit.record("events.registration_entered", standing, actor=actor)
    return _take(event, standing, actor=actor, now=now, notify=notify)


# --- Changes


@transaction.atomic
def cancel_place(*, registration: Registration, actor: Any = None, notify: bool = True) -> Registration:
    """Give up a place or leave the line. Free seats go to the line at once. Once more changes nothing.

    Args:
        registration: the caller showed it by its token, or scoped it to the user.
        actor: the user, `None` for whoever holds the link.
        notify: whether to mail.

    Raises:
        Refused: the event has begun.
    """
    event = seats.lock_event(registration.event_id)
    now = clock.now()
    row = Registration._base_manager.select_related("user").get(pk=registration.pk)
    seats.refuse(guards.ALREADY_BEGUN if row.is_open and event.starts_at <= now else None)
    verbs = {"unconfirmed": "lapse", "registered": "cancel", "waitlisted": "leave"}
    verb = verbs.get(row.status)
    if verb is None:
        return row
    seats.end(row, verb, actor=actor, now=now)
    if notify and verb != "lapse":
        emails.cancelled(event, row)
    seats.settle(event, now)
    return row


@transaction.atomic
def resize_place(*, registration: Registration, party_size: int, actor: Any = None) -> Registration:
    """Bring more or fewer people. Seats given up go to the line; more are given only when they are free.

    Raises:
        Refused: the event has begun, the party is too large, there are not enough free seats or others
            wait for them, or the registration no longer stands.
    """
    event = seats.lock_event(registration.event_id)
    now = clock.now()
    seats.refuse(guards.ALREADY_BEGUN if event.starts_at <= now else None)
    seats.check_party(event, party_size)
    seats.settle(event, now)
    row = Registration._base_manager.select_related("user").get(pk=registration.pk)
    if row.status not in {"registered", "waitlisted"}:
        raise Refused(Refusal("ended", _("This registration no longer stands.")))
    if row.party_size == party_size:
        return row
    more = party_size - row.party_size
    if row.status == RegistrationStatus.REGISTERED and more > 0 and not seats.can_sit(event, more, now):
        left = seats.free_seats(event, now) or 0
        raise Refused(
            Refusal(
                "full", _("There are not enough free seats: %(left)s left.") % {"left": rules.seats(left)}
            )
        )
    row.party_size = party_size
    row.stamp(actor)
    row.save(update_fields=["party_size", "updated_at", "updated_by_name"])
    audit.record("events.registration_resized", row, actor=actor, changed=["party_size"])
    seats.settle(event, now)
    row.refresh_from_db()
    return row


@transaction.atomic
def settle_event(*, event_id: int) -> seats.Settled:
    """Lock one event, let overdue holds lapse and give their seats to the line."""
    return seats.settle(seats.lock_event(event_id), clock.now())


def lapse_unconfirmed() -> int:
    """Let every overdue hold lapse, event by event, each in its own transaction.

    Returns:
        How many lapsed.
    """
    overdue = Registration._base_manager.filter(status="unconfirmed", held_until__lte=clock.now())
    events = list(overdue.order_by("event").values_list("event_id", flat=True).distinct())
    return sum(settle_event(event_id=event_id).lapsed for event_id in events)
