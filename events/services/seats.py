"""Counting seats and giving them away, under the lock of the event's row. The services build on this."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.access import Actor, Refusal, Refused
from events import emails, rules
from events.choices import ON_STATUSES, RegistrationStatus
from events.models import Event, Registration
from events.workflow import REGISTRATION


def lock_event(event_id: int) -> Event:
    """The event's row, locked until the transaction ends: what makes counting seats safe.

    Raises:
        Event.DoesNotExist: there is none with that key.
    """
    row: Event = Event._base_manager.select_for_update(of=("self",)).get(pk=event_id)
    return row


def taken_seats(event: Event, now: datetime) -> int:
    """Seats that are taken at `now`, holds included."""
    rows: Any = event.registrations
    taken: int = rows.seats(now)
    return taken


def free_seats(event: Event, now: datetime) -> int | None:
    """Free seats at `now`, or `None` for no limit."""
    return None if event.capacity is None else rules.seats_left(event.capacity, taken_seats(event, now))


@dataclass(frozen=True)
class Settled:
    """What changed when the seats were settled: rows that lapsed and rows that got a seat."""

    lapsed: int
    promoted: int


def settle(event: Event, now: datetime) -> Settled:
    """Let overdue holds lapse, then give what is free to the line. The caller holds the event's lock."""
    overdue = list(event.registrations.held_too_long(now))
    for registration in overdue:
        end(registration, "lapse", by=None, now=now)
    return Settled(lapsed=len(overdue), promoted=promote(event, now))


def promote(event: Event, now: datetime) -> int:
    if event.status not in ON_STATUSES or event.starts_at <= now:
        return 0
    rows: Any = event.registrations
    waiting = list(rows.waiting().that_fit(event).select_related("user"))
    if not waiting:
        return 0
    line = [rules.Waiting(each.pk, each.party_size) for each in waiting]
    chosen = set(rules.next_to_promote(line, free_seats(event, now), small_may_pass=event.small_may_pass))
    for registration in waiting:
        if registration.pk in chosen:
            seat(registration, "promote", by=None, now=now)
            emails.promoted(event, registration)
    return len(chosen)


def seat(registration: Registration, verb: str, *, by: Actor, now: datetime) -> None:
    """Move to a seat and note when."""
    REGISTRATION.move(registration, verb, actor=by)
    Registration._base_manager.filter(pk=registration.pk).update(
        confirmed_at=now, seat_held=False, other_requests=[]
    )
    registration.refresh_from_db()


def end(registration: Registration, verb: str, *, by: Actor, now: datetime) -> None:
    """Move to one of the ends and note when."""
    REGISTRATION.move(registration, verb, actor=by)
    Registration._base_manager.filter(pk=registration.pk).update(
        ended_at=now, seat_held=False, other_requests=[]
    )
    registration.refresh_from_db()


def refuse(found: Refusal | None) -> None:
    if found is not None:
        raise Refused(found)


def check_party(event: Event, party_size: int) -> None:
    """Raise `Refused` for a party that this event never has seats for, now or later."""
    if 1 <= party_size <= event.largest_party:
        return
    words = {"people": rules.people_in_words(event.largest_party), "seats": rules.seats(event.capacity or 0)}
    sentence = _("One registration may bring %(people)s at most.")
    if event.never_seats(party_size):
        sentence = _("This event has %(seats)s in all, so a registration may bring %(people)s at most.")
    raise Refused(Refusal("party_size", sentence % words))


def can_sit(event: Event, party_size: int, now: datetime, *, own: int = 0) -> bool:
    """Whether a party gets seats now rather than a place in line.

    Args:
        own: seats the party already holds, which count as free for it.
    """
    left = None if event.capacity is None else event.capacity - taken_seats(event, now) + own
    if not rules.fits(party_size, left):
        return False
    rows: Any = event.registrations
    return bool(own) or event.small_may_pass or not rows.waiting().that_fit(event).exists()


def position_of(registration: Registration) -> int:
    """The place in line, 1 for the first; 0 when it is not in line. See `rules.places_in_line`."""
    if registration.status != RegistrationStatus.WAITLISTED or registration.queued_at is None:
        return 0
    event = registration.event
    ahead: Any = event.registrations
    ahead = ahead.waiting().that_fit(event)
    earlier = ahead.filter(queued_at__lt=registration.queued_at) | ahead.filter(
        queued_at=registration.queued_at, pk__lt=registration.pk
    )
    place: int = earlier.count() + 1
    return place


def line_of(event: Event) -> dict[int, int]:
    """The place in line of every party that waits, by the registration's number; one query."""
    rows: Any = event.registrations
    waiting = rows.waiting().values_list("pk", "party_size")
    return rules.places_in_line((rules.Waiting(*each) for each in waiting), event.capacity)
