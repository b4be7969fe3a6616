"""A mail of reminders that is sent again by hand: its matters are looked up as before the first sending."""

import logging

from core import clock
from core.mail.models import OutgoingMail, Reminder
from core.mail.outbox import Draft, queueing
from core.mail.purposes import Category

from .composing import SourceFailedError, written_anew
from .sources import sources

logger = logging.getLogger(__name__)


class SettledError(Exception):
    """Nothing of what a mail reminds of stands any more."""


def anew(mail: OutgoingMail) -> Draft | None:
    """What a mail says when it is sent again.

    Args:
        mail: the original or a copy of it.

    Returns:
        The mail without what was settled meanwhile; `None` when it keeps its words, because it carries no
        reminders or no room can be asked about one of them any more.

    Raises:
        SettledError: nothing of it stands.
        SourceFailedError: a source could not be asked.
    """
    rows = carried(mail) if mail.category == Category.REMINDER else []
    if not rows or not {row.rule.source for row in rows} <= set(sources()):
        return None
    draft = written_anew(rows, clock.now())
    if draft is None:
        raise SettledError
    return draft


def still_wanted(mail: OutgoingMail) -> bool:
    """Asked right before a copy goes out; it is written anew from what stands now.

    Args:
        mail: a copy, claimed by this process.

    Raises:
        SourceFailedError: a source could not be asked; the mail waits for the next try.
    """
    try:
        draft = anew(mail)
    except SettledError:
        return False
    if draft is not None:
        queueing.rewrite(mail, draft)
    return True


def state(mail: OutgoingMail) -> str:
    """Whether it may be sent again, for who asks before: "stands", "settled" or "unknown".

    Args:
        mail: the original or a copy of it.
    """
    try:
        anew(mail)
    except SettledError:
        return "settled"
    except SourceFailedError:
        return "unknown"
    except Exception:
        logger.exception("The mail %s can't be written anew.", mail.pk)
        return "unknown"
    return "stands"


def carried(mail: OutgoingMail) -> list[Reminder]:
    """The reminders of the mail it was first sent as."""
    first = mail
    while first.copy_of is not None:
        first = first.copy_of
    return list(first.reminders.select_related("rule").order_by("due_at", "pk"))
