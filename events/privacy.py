"""This room's part of a person's privacy export: their registrations."""

from typing import Any

from django.db.models import Q

from core.privacy import values

from .models import Registration

PART = "events"  # its name in the export
REGISTRATION = (
    "event", "name", "email", "phone", "business", "party_size", "came", "accommodation", "source",
    "language", "status", "created_at", "queued_at", "confirmed_at", "ended_at",
)  # fmt: skip
EVENT = ("starts_at", "ends_at", "place")


def held_on(user: Any) -> dict[str, Any]:
    """Registrations they made, and those with their address; with the event's time and place."""
    theirs = Q(user=user) | Q(email__iexact=user.email, user=None)
    rows = Registration.objects.filter(theirs).select_related("event", "business").order_by("pk")
    return {"registrations": [{**values(row, REGISTRATION), **values(row.event, EVENT)} for row in rows]}
