"""Places at an event: asked for, confirmed, waited for, given up. Every path locks the event's row first."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.access import Refusal, Refused
from events import emails, guards, rules
from events.choices import HOLD, ON_STATUSES, Audience, RegistrationStatus, Source
from events.models import Event, Registration
from events.workflow import REGISTRATION

from . import seats

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
        own = standing.party_size if standing.seat_held else 0
        standing.seat_held = seats.can_sit(event, party_size, now, own=own)
        standing.name, standing.phone, standing.party_size = name, phone, party_size
        standing.accommodation, standing.language = accommodation, language
        standing.stamp()
        standing.save()
        audit.record("events.registration_changed", standing, changed=["name", "party_size", "accommodation"])
        _send_code(standing, now)
    else:
        emails.already_registered(event, standing, now)


@transaction.atomic
def send_new_code(*, event: Event, email: str) -> None:
    """Send another code to a request that still waits for one, at most once a minute and three times in all.

    Says nothing about whether there is such a request.
    """
    event = seats.lock_event(event.pk)
    now = clock.now()
    seats.settle(event, now)
    standing = event.registrations.of_email(email).filter(status=RegistrationStatus.UNCONFIRMED).first()
    if standing is not None:
        _send_code(standing, now)


def _send_code(registration: Registration, now: datetime) -> None:
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
    emails.confirm_code(registration.event, registration, code)


@transaction.atomic
def confirm_place(*, event: Event, email: str, code: str) -> Registration | None:
    """Turn a request into a registration, or a place in line, by the code from the mail.

    The same code once more within its 15 minutes finds the same registration and changes nothing.

    Args:
        event: the event.
        email: the address the code went to.
        code: six digits.

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
    if standing.code_tries >= rules.CODE_TRIES:
        return None
    if not rules.code_matches(code, standing.token, standing.code_digest):
        Registration._base_manager.filter(pk=standing.pk).update(code_tries=standing.code_tries + 1)
        return None
    if standing.status == RegistrationStatus.UNCONFIRMED:
        if event.status not in ON_STATUSES or event.starts_at <= now:
            seats.refuse(guards.may_register(event))
        return _take(event, standing, actor=None, now=now)
    return standing


def _take(
    event: Event, registration: Registration, *, actor: Any, now: datetime, notify: bool = True
) -> Registration:
    """Give an unconfirmed registration its seats, or else the last place in line, and say so by mail."""
    own = registration.party_size if registration.seat_held else 0
    if seats.can_sit(event, registration.party_size, now, own=own):
        seats.seat(registration, "register", actor=actor, now=now)
        if notify:
            emails.registered(event, registration)
        return registration
    Registration._base_manager.filter(pk=registration.pk).update(queued_at=now, seat_held=False)
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
