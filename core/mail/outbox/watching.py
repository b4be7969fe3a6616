"""Is there a mail relay, and does it take us? Asked before the first mail has to wait for it."""

import logging

from core import clock
from core.models import Heartbeat

from .relay import Relay, RelayDownError

logger = logging.getLogger(__name__)


def look() -> str:
    """Ask the relay, and note its answer for the health page.

    Returns:
        Why it can't be used; empty when it can.
    """
    try:
        Relay().ask()
    except RelayDownError as error:
        note_down(str(error))
        return str(error)
    note_up()
    Heartbeat.beat(Heartbeat.RELAY)
    return ""


def note_down(words: str) -> None:
    """Note that the relay can't be used, and log it the first time.

    Args:
        words: what it said, or why it can't be reached.
    """
    if not Heartbeat.objects.filter(name=Heartbeat.RELAY, note=words).exists():
        logger.warning("The mail relay can't be used: %s. Mail waits.", words)
    Heartbeat.beat(Heartbeat.RELAY, words)


def note_up() -> None:
    """Note that the relay takes us, where it did not."""
    if Heartbeat.objects.filter(name=Heartbeat.RELAY).exclude(note="").update(note="", at=clock.now()):
        logger.warning("The mail relay can be used again.")
