"""Places at an event: taken, waited for, changed, given up. Every path locks the event's row first."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import own_account
from core import audit, clock, edits, mailboxes
from core.access import Actor, Person, Refusal, Refused, check
from core.mail import consents
from core.mail.purposes import How
from events import emails, guards, rules
from events.choices import HOLD, ON_STATUSES, RegistrationStatus, Source
from events.models import Event, Registration
from events.workflow import REGISTRATION
from partnerships.businesses.models import Business

from . import seats


def take(
    event: Event,
    registration: Registration,
    *,
    by: Actor,
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
        by=by,
    )
    if own is None:
        own = registration.party_size if registration.seat_held else 0
    if seats.can_sit(event, registration.party_size, now, own=own):
        seats.seat(registration, "register", by=by, now=now)
        if notify:
            emails.registered(event, registration)
        return registration
    Registration._base_manager.filter(pk=registration.pk).update(
        queued_at=now, asked_size=registration.party_size, seat_held=False, other_requests=[]
    )
    REGISTRATION.move(registration, "wait", actor=by)
    registration.refresh_from_db()
    if notify and event.never_seats(registration.party_size):  # seats were cut since the code went out
        emails.too_large(event, registration)
    elif notify:
        emails.waitlisted(event, registration, seats.position_of(registration))
    seats.settle(event, now)  # seats a hold let go may fit someone further up
    registration.refresh_from_db()
    return registration


@transaction.atomic
def register_business(
    *,
    event: Event,
    business: Business,
    user: Person,
    party_size: int,
    accommodation: str = "",
    notify: bool = True,
) -> Registration:
    """Register a business through a signed-in member: no code, their address is verified.

    Args:
        event: the event.
        business: one of the member's businesses (a `businesses.Business`).
        user: the member.
        party_size: people, 1 up to the event's `party_limit`.
        accommodation: what help is needed.
        notify: whether to mail; off only for what is entered afterwards.

    Returns:
        The registration, `registered` or `waitlisted`. The same request again finds the same row.

    Raises:
        Refused: the business is not theirs, registration is not open, the event is for partners and this is
            none, the party is too large, or the business or the address has a registration already.
    """
    check(user, "events.register_business", business)
    member = own_account(user)
    event = seats.lock_event(event.pk)
    seats.refuse(guards.may_register_business(event, business))
    seats.check_party(event, party_size)
    now = clock.now()
    seats.settle(event, now)
    colleague = event.registrations.open().filter(business=business).exclude(user=member).first()
    if colleague is not None:
        raise Refused(
            Refusal(
                "business_registered",
                _("%(name)s has already registered %(business)s.")
                % {"name": colleague.name, "business": business.name},
            )
        )
    standing = event.registrations.of_email(member.email).open().first()
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
        standing = Registration(event=event, email=member.email.lower())
    own = standing.party_size if standing.pk and standing.seat_held else 0
    standing.seat_held = seats.can_sit(event, party_size, now, own=own)
    standing.name = member.full_name or member.email
    standing.phone = member.phone
    standing.user, standing.business, standing.source = member, business, Source.PARTNER
    standing.party_size, standing.accommodation = party_size, accommodation
    standing.language = member.language
    standing.held_until, standing.code_digest = now + HOLD, ""
    standing.stamp(member)
    standing.save()
    audit.record("events.registration_requested", standing, actor=member)
    return take(event, standing, by=member, now=now, notify=notify)


@transaction.atomic
def enter_registration(
    *,
    event: Event,
    actor: Actor,
    name: str,
    party_size: int,
    email: str = "",
    phone: str = "",
    business: Business | None = None,
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
        Refused: the actor may not, or the name can't be read; else as `register_business`.
    """
    check(actor, "events.run_event", event)
    name = edits.typed(Registration, {"name": name})["name"]
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
        standing = Registration(event=event, email=mailboxes.normal(email))
    own = standing.party_size if standing.pk and standing.seat_held else 0
    standing.seat_held = seats.can_sit(event, party_size, now, own=own)
    standing.name, standing.phone, standing.business = name, phone, business
    standing.party_size, standing.accommodation = party_size, accommodation
    standing.source = Source.DESK
    standing.held_until, standing.code_digest = now + HOLD, ""
    standing.stamp(actor)
    standing.save()
    audit.record("events.registration_entered", standing, actor=actor)
    return take(event, standing, by=actor, now=now, notify=notify)


# --- Changes


@transaction.atomic
def cancel_place(*, registration: Registration, actor: Actor, notify: bool = True) -> Registration:
    """Give up a place or leave the line. Free seats go to the line at once. Once more changes nothing.

    Args:
        registration: theirs, or one that the caller showed by its token.
        actor: the user, `None` for whoever holds the link.
        notify: whether to mail.

    Raises:
        Refused: it is not theirs, or the event has begun or is cancelled.
    """
    check(actor, "events.change_place", registration)
    event = seats.lock_event(registration.event_id)
    now = clock.now()
    row = Registration._base_manager.select_related("user").get(pk=registration.pk)
    seats.refuse(guards.may_change_places(event) if row.is_open else None)
    verbs = {"unconfirmed": "lapse", "registered": "cancel", "waitlisted": "leave"}
    verb = verbs.get(row.status)
    if verb is None:
        return row
    seats.end(row, verb, by=actor, now=now)
    if notify and verb != "lapse":
        emails.cancelled(event, row)
    seats.settle(event, now)
    return row


@transaction.atomic
def resize_place(
    *, registration: Registration, party_size: int, actor: Actor, notify: bool = True
) -> Registration:
    """Bring more or fewer people. Seats given up go to the line; more are given only when they are free.

    They are told by mail, with their calendar's entry, unless nothing changed. A party that gets its seats by
    becoming smaller reads the new number in the mail about the seats. A party in line that grows beyond what
    it asked for goes behind the others: nobody waits longer than they were told. Its page says so before.

    Args:
        registration: theirs, or one that the caller showed by its token.
        party_size: people, 1 up to the event's `party_limit`.
        actor: the user, `None` for whoever holds the link.
        notify: whether to mail.

    Raises:
        Refused: it is not theirs, the event has begun or is cancelled, the party is too large, there are not
            enough free seats or others wait for them, or the registration no longer stands.
    """
    check(actor, "events.change_place", registration)
    event = seats.lock_event(registration.event_id)
    now = clock.now()
    seats.refuse(guards.may_change_places(event))
    seats.check_party(event, party_size)
    seats.settle(event, now)
    row = Registration._base_manager.select_related("user").get(pk=registration.pk)
    row.event = event
    seats.refuse(guards.may_change_place(row))
    if row.party_size == party_size:
        return row
    more = party_size - row.party_size
    if row.status == RegistrationStatus.REGISTERED and more > 0 and not seats.can_sit(event, more, now):
        left = seats.free_seats(event, now) or 0
        if more <= left:
            raise Refused(Refusal("full", _("Others are waiting for the free seats.")))
        raise Refused(
            Refusal(
                "full", _("There are not enough free seats: %(left)s left.") % {"left": rules.seats(left)}
            )
        )
    before, place_for = row.status, row.place_in_line_for
    row.party_size = party_size
    row.stamp(actor)
    line = list(seats.line_of(event))  # whoever is last already lets nobody pass
    to_the_end = party_size > place_for and more > 0 and row.pk in line[:-1]
    if to_the_end:
        row.queued_at = now
    row.save(update_fields=["party_size", "queued_at", "updated_at", "updated_by_name"])
    audit.record("events.registration_resized", row, actor=actor, changed=["party_size"])
    event.sequence += 1  # or their calendar would keep the entry it has
    event.save(update_fields=["sequence"])
    seats.settle(event, now)
    row.refresh_from_db()
    if notify and row.status == before:
        emails.resized(event, row, to_the_end=to_the_end)
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


def tell_those_without_a_seat() -> int:
    """Tell whoever waits at an event that has begun that no seat came free; each party once.

    Asked every minute while the event lasts, so that a worker that was away at the start makes up for it, and
    never after the end.

    Returns:
        How many mails were queued.
    """
    now, told = clock.now(), 0
    running = Event._base_manager.filter(status__in=ON_STATUSES, starts_at__lte=now, ends_at__gt=now)
    left = running.filter(registrations__status=RegistrationStatus.WAITLISTED).distinct()
    for number in list(left.values_list("pk", flat=True)):
        with transaction.atomic():
            event = seats.lock_event(number)
            if event.is_on and event.has_begun:
                told += emails.no_seat(event)
    return told
