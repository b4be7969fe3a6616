"""What a new time zone of the department does to the hours of events that are to come."""

from datetime import datetime, tzinfo
from typing import Any

from django.db import transaction

from core import clock, edits
from core.access import Actor, check
from events import emails
from events.choices import ON_STATUSES, EventStatus
from events.models import Event

from . import seats


def on_another_hour(*, old: tzinfo, new: tzinfo) -> list[Event]:
    """Coming events that the new zone would show at another hour than the old one.

    Args:
        old: the zone until now.
        new: the zone to come.
    """
    rows: Any = Event.objects.filter(status__in=(EventStatus.DRAFT, *ON_STATUSES))
    return [each for each in rows.upcoming() if _there(each.starts_at, old) != _there(each.starts_at, new)]


@transaction.atomic
def follow_zone(*, old: tzinfo, new: tzinfo, keep_hours: bool, actor: Actor) -> int:
    """Carry coming events over into a new zone, once it is the department's.

    Args:
        old: the zone until now.
        new: the department's zone now.
        keep_hours: 6 p.m. stays 6 p.m., and everyone with a seat is sent the entry of their calendar anew,
            once; else the moment stays, and everyone with a place or in line is told the new hour, once.
        actor: who changed the zone.

    Returns:
        How many events it concerned.

    Raises:
        Refused: the actor is no administrator.
    """
    check(actor, "core.administer")
    found = on_another_hour(old=old, new=new)
    for each in found:
        row = seats.lock_event(each.pk)
        before = row.starts_at, row.ends_at
        changes: dict[str, Any] = {"sequence": row.sequence + 1}  # or calendars keep their entry
        if keep_hours:
            starts = _there(row.starts_at, old).replace(tzinfo=new)
            changes |= {"starts_at": starts, "ends_at": starts + (row.ends_at - row.starts_at)}
        edits.change(
            row, changes, allowed=("sequence", "starts_at", "ends_at"), verb="events.event_changed", by=actor
        )
        if row.status not in ON_STATUSES or row.ends_at <= clock.now():
            continue
        if keep_hours:
            emails.hour_kept(row)
        else:
            emails.moved(row, *before, zone=old)
    return len(found)


def _there(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
