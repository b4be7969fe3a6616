"""What follows from a move, in its transaction."""

from typing import Any

from core import clock
from core.access import Actor

from . import emails
from .models import Event


def on_published(event: Event, *, actor: Actor, **details: Any) -> None:
    """Note when the event went public."""
    event.published_at = clock.now()
    event.save(update_fields=["published_at"])


def on_cancelled(event: Event, *, actor: Actor, reason: str = "", **details: Any) -> None:
    """Keep the reason, raise the calendar sequence, and tell everyone with a place or in line, once."""
    event.cancelled_at, event.cancel_reason = clock.now(), reason
    event.sequence += 1
    event.save(update_fields=["cancelled_at", "cancel_reason", "sequence"])
    emails.event_cancelled(event)
