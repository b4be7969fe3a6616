"""What the desk does with events: make, change, publish, close, cancel, count."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import account_of
from core import audit, clock, edits, locks
from core.access import Actor, Refusal, Refused, check
from core.models import Department
from events import emails, guards, rules
from events.choices import ON_STATUSES, Entry
from events.models import Event, Registration
from events.workflow import EVENT, REGISTRATION
from partnerships.businesses.models import Area, Business

from . import seats

# What the desk may change of an event: the form reads it here.
EDITABLE = (
    "title",
    "kind",
    "summary",
    "description",
    "starts_at",
    "ends_at",
    "venue_name",
    "street",
    "city",
    "directions",
    "host",
    "area",
    "audience",
    "registration",
    "capacity",
    "party_limit",
    "small_may_pass",
    "accessibility",
    "accommodation_by",
    "accommodation_contact",
)
TIMES = frozenset({"starts_at", "ends_at"})
PLACES = frozenset({"venue_name", "street", "city"})


@transaction.atomic
def create_event(*, actor: Actor, title: str, starts_at: datetime, ends_at: datetime, **fields: Any) -> Event:
    """Make a draft.

    Args:
        actor: the officer.
        title: what it is called.
        starts_at: aware.
        ends_at: aware, after the start.
        fields: any other of `EDITABLE`. An address that is left open is the host's, an area that of the host
            or of the address.

    Raises:
        TypeError: a field that can't be set this way.
        Refused: the actor may not, or the time is more than five years from now.
    """
    check(actor, "events.run_event")
    edits.only(fields, EDITABLE)
    fields = {**fields, **_from_host(None, fields)}
    if fields.get("area") is None:
        fields["area"] = _area_of(fields)
    fields = edits.typed(Event, {"title": title, **fields})
    title = fields.pop("title")
    _refuse_times({"starts_at": starts_at, "ends_at": ends_at})
    day = starts_at.astimezone(Department.current().zone).date()
    locks.one_at_a_time("events.slug")  # two events of one name and day, made at once, get two addresses
    similar = Event._base_manager.filter(slug__startswith=rules.slug_for(title, day, ()))
    slug = rules.slug_for(title, day, similar.values_list("slug", flat=True))
    event = Event(title=title, slug=slug, starts_at=starts_at, ends_at=ends_at, **fields)
    event.created_by = account_of(actor)
    event.stamp(actor)
    event.save()
    audit.record("events.event_created", event, actor=actor, changed=["title", "starts_at", *fields])
    return event


@transaction.atomic
def update_event(*, event: Event, actor: Actor, seen: datetime | None = None, **changes: Any) -> Event:
    """Change an event. Registrations stay, whatever changes.

    A changed time or place raises the calendar sequence; once published, everyone with a place or in line is
    told, and reminders for the old time that were not sent are dropped. Fewer seats than registered people
    remove nobody and stop new registrations; more seats go to the waitlist at once.

    Args:
        event: the event.
        actor: the officer.
        seen: `updated_at` of the version the officer saw, to refuse a stale edit; `None` to skip the check.
        changes: any of `EDITABLE`.

    Returns:
        The changed row.

    Raises:
        Refused: the actor may not, it is cancelled, someone else changed it meanwhile, people are registered
            and it would become drop-in, or its new time is more than five years from now.
    """
    check(actor, "events.run_event", event)
    row = seats.lock_event(event.pk)
    seats.refuse(guards.may_edit(row))
    changes = {**changes, **_from_host(row, changes)}
    before, seated = (row.starts_at, row.ends_at), row.capacity
    changed = edits.change(
        row,
        changes,
        allowed=EDITABLE,
        verb="events.event_changed",
        by=actor,
        seen=seen,
        settle=_settle,
    )
    if not changed:
        return row
    if changed & (TIMES | PLACES) and row.status in ON_STATUSES and not row.is_over:
        emails.moved(row, *before)
    if "capacity" in changed and row.status in ON_STATUSES and not row.has_begun:
        for party in row.registrations.waiting().too_large(row).select_related("user"):
            if seated is None or party.party_size <= seated:  # else they were told when they stopped to fit
                emails.too_large(row, party)
    seats.settle(row, clock.now())
    return row


def _from_host(row: Event | None, fields: dict[str, Any]) -> dict[str, str]:
    """The host's address, where nobody typed one: `rules.from_host` of the event as it will be."""
    if row is not None and not {"host", *PLACES} & set(fields):
        return {}
    place = {name: fields.get(name, getattr(row, name, "")) for name in PLACES}
    return rules.from_host(fields.get("host", row.host if row is not None else None), **place)


def _area_of(fields: dict[str, Any]) -> Area | None:
    """Where an event belongs that was put nowhere: where its host is, else where its address is known."""
    host: Business | None = fields.get("host")
    if host is not None and host.area is not None:
        return host.area
    street: str = fields.get("street", "").strip()
    if not street:
        return None
    found: Area | None = Area.objects.current().at_address(street, fields.get("city", ""))
    return found


def _settle(event: Event, changed: set[str]) -> None:
    """Refuse what can't be, and count a new time or place for calendars."""
    _refuse_times({name: getattr(event, name) for name in changed & TIMES})
    drops_in = "registration" in changed and event.registration == Entry.DROP_IN
    if drops_in and event.registrations.open().exists():
        raise Refused(
            Refusal(
                "has_registrations",
                _("People are registered, so this can't become a drop-in event."),
                field="registration",
            )
        )
    if changed & (TIMES | PLACES):
        event.sequence += 1


def _refuse_times(times: dict[str, datetime]) -> None:
    """Raise `Refused` for the first of these times at which no event may take place."""
    for name, moment in sorted(times.items(), reverse=True):
        found = guards.may_take_place(moment)
        seats.refuse(found and replace(found, field=name))


def publish_event(*, event: Event, actor: Actor) -> Event:
    """Show a draft to its audience and open registration. Raises `Refused`."""
    check(actor, "events.run_event", event)
    return EVENT.move(event, "publish", actor=actor)


def close_event(*, event: Event, actor: Actor) -> Event:
    """Take no more registrations; the event takes place. Raises `Refused`."""
    check(actor, "events.run_event", event)
    return EVENT.move(event, "close", actor=actor)


def reopen_event(*, event: Event, actor: Actor) -> Event:
    """Take registrations again, until the event begins. Raises `Refused`."""
    check(actor, "events.run_event", event)
    return EVENT.move(event, "reopen", actor=actor)


def cancel_event(*, event: Event, actor: Actor, reason: str = "") -> Event:
    """Call the event off and tell everyone with a place or in line, once.

    Args:
        event: the event.
        actor: the officer.
        reason: a sentence for those who are told.

    Raises:
        Refused: it is over, or already cancelled.
    """
    check(actor, "events.run_event", event)
    return EVENT.move(event, "cancel", actor=actor, reason=reason.strip())


def archive_event(*, event: Event, actor: Actor) -> Event:
    """Take a past or cancelled event off the public site. Raises `Refused`."""
    check(actor, "events.run_event", event)
    return EVENT.move(event, "archive", actor=actor)


# --- Attendance


@transaction.atomic
def _mark(registration: Registration, verb: str, actor: Actor, came: int | None = None) -> Registration:
    check(actor, "events.run_event", registration.event)
    seats.lock_event(registration.event_id)
    row: Registration = Registration._base_manager.select_related("event").get(pk=registration.pk)
    if came is not None:
        seats.refuse(guards.may_have_come(row, came))
    marked = row.status == {"attend": "attended", "miss": "no_show", "unmark": "registered"}[verb]
    if marked and came in (None, row.people_came):
        return row  # the same tap twice
    if marked:
        seats.refuse(guards.may_mark(actor, row))
        audit.record("events.attendance_counted", row, actor=actor, changed=["came"])
    else:
        row = REGISTRATION.move(row, verb, actor=actor)
    row.came = came
    row.save(update_fields=["came"])
    return row


def mark_attended(*, registration: Registration, actor: Actor, came: int | None = None) -> Registration:
    """Check a party in.

    Args:
        registration: of the party.
        actor: the officer.
        came: how many of them came; all, when left out. Once more with another number corrects it.

    Raises:
        Refused: it is too early, too late, the party has no seat, or it has not so many people.
    """
    return _mark(registration, "attend", actor, came)


def mark_no_show(*, registration: Registration, actor: Actor) -> Registration:
    """Note that a party did not come. Raises `Refused` as `mark_attended`."""
    return _mark(registration, "miss", actor)


def unmark(*, registration: Registration, actor: Actor) -> Registration:
    """Take back a mark. Raises `Refused` as `mark_attended`."""
    return _mark(registration, "unmark", actor)


@transaction.atomic
def set_walk_ins(*, event: Event, count: int, actor: Actor) -> Event:
    """Note how many people came without a registration. Raises `Refused` outside the time for attendance."""
    return _count(event, "walk_ins", count, actor)


@transaction.atomic
def set_headcount(*, event: Event, count: int | None, actor: Actor) -> Event:
    """Note how many people came to a drop-in event. Raises `Refused` outside the time for attendance."""
    return _count(event, "headcount", count, actor)


def _count(event: Event, field: str, count: int | None, actor: Actor) -> Event:
    check(actor, "events.run_event", event)
    row = seats.lock_event(event.pk)
    seats.refuse(guards.may_take_attendance(row))
    if getattr(row, field) == count:
        return row
    setattr(row, field, count)
    row.stamp(actor)
    row.save(update_fields=[field, "updated_at", "updated_by_name"])
    audit.record("events.attendance_counted", row, actor=actor, changed=[field])
    return row
