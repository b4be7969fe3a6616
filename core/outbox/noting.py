"""What is written down of a mail in hand: that it is handed over now, and what came of it.

Each is one conditional update on the claim's token. It finds nothing when someone else has the mail by now.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Now

from core import clock, suppressions
from core.models.mail import Category, OutgoingMail, Status

from .claiming import lease, own
from .life import given_back, lived
from .relay import Answer


def mark(mail: OutgoingMail) -> int:
    """Say that a mail is handed over now; 0 when its lease ran out and someone else has it."""
    begun = own(mail, Status.SENDING).filter(lease_until__gt=Now())
    return begun.update(
        status=Status.ATTEMPTING,
        attempts=F("attempts") + 1,
        first_attempt_at=Coalesce("first_attempt_at", Value(clock.now())),
        lease_until=lease(),
        life=lived("attempting"),
    )


def is_marked(mail: OutgoingMail) -> None:
    """Keep in step, in memory, with what `mark` wrote."""
    mail.status = Status.ATTEMPTING
    mail.attempts += 1
    mail.first_attempt_at = mail.first_attempt_at or clock.now()


def note_sent(mail: OutgoingMail, answer: Answer, following: OutgoingMail | None) -> int:
    """Note that a mail is out and, in the same transaction, mark the next: one commit for each mail.

    When the database is away only the note is tried again. The next mail is then looked at anew.
    """

    def sent() -> int:
        return settle(mail, Status.ATTEMPTING, Status.SENT, "sent", answer.words, sent_at=clock.now())

    if following is None:
        return insist(sent)
    try:
        with transaction.atomic():
            noted, marked = sent(), mark(following)
    except (OperationalError, InterfaceError):
        return insist(sent)
    if marked:
        is_marked(following)
    return noted


def fail(mail: OutgoingMail, answer: Answer) -> int:
    """Note a refusal for good; an address where nobody is gets no more mail."""
    with transaction.atomic():
        failed = settle(mail, Status.ATTEMPTING, Status.FAILED, "failed", answer.words)
        if failed and answer.nobody_there:
            suppressions.bounced(address=mail.to, detail=answer.words, mail=mail)
    return failed


def give_back(mail: OutgoingMail, words: str) -> int:
    """Let a mail wait that is not to blame: it stays due, so that the health page sees how long it waits."""
    return own(mail, Status.ATTEMPTING).update(
        status=Status.WAITING,
        token=None,
        lease_until=None,
        attempts=F("attempts") - 1,
        last_error=words[:500],
        life=given_back("relay_down", words),
    )


def next_try(mail: OutgoingMail, now: datetime) -> datetime | None:
    """When to try again after a temporary failure: 1, 5, 15, 60 minutes, then hourly for a day.

    Args:
        mail: with `attempts` and `first_attempt_at` up to date.
        now: the moment of the failure, aware.

    Returns:
        The moment, or `None` when it has been tried long enough.
    """
    waits = settings.MAIL_BACKOFF
    moment = now + timedelta(seconds=float(waits[min(max(mail.attempts, 1), len(waits)) - 1]))
    if moment - (mail.first_attempt_at or now) > settings.MAIL_GIVE_UP_AFTER:
        return None
    return moment


def put_off(mail: OutgoingMail, words: str, *, source: Status = Status.ATTEMPTING) -> int:
    """Let a mail wait for its next try."""
    now = clock.now()
    return own(mail, source).update(
        status=Status.WAITING,
        token=None,
        lease_until=None,
        due_at=next_try(mail, now) or now + timedelta(seconds=float(settings.MAIL_BACKOFF[-1])),
        attempts=mail.attempts,
        first_attempt_at=mail.first_attempt_at,
        last_error=words[:500],
        life=lived("later", words),
    )


def settle(
    mail: OutgoingMail,
    source: Status,
    target: Status,
    what: str,
    words: str,
    *,
    sent_at: datetime | None = None,
) -> int:
    """End a mail's way, if it is still ours. Bodies with sign-in codes go at once."""
    changes: dict[str, object] = {
        "status": target,
        "token": None,
        "lease_until": None,
        "sent_at": sent_at,
        "last_error": words[:500],
        "life": lived(what, words),
    }
    if mail.category == Category.SECURITY and not settings.DEMO:
        changes |= {"text": "", "html": "", "purged_at": clock.now()}
    return own(mail, source).update(**changes)


def insist(write: Callable[[], int]) -> int:
    """Write what happened to a mail, again and again while the database is away.

    The mail is out: what is not written down now would be sent a second time.
    """
    end = time.monotonic() + settings.MAIL_RECORD_FOR
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if time.monotonic() >= end or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(0.25)
