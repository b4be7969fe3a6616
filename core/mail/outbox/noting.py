"""What is written down of a mail in hand: that it is handed over now, and what came of it.

Each is a conditional update on the claim's token. It finds nothing when someone else has the mail by now.
"""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from core import clock
from core.mail import suppressions
from core.mail.models import OutgoingMail
from core.mail.purposes import Status

from .claiming import lease_of, own
from .life import given_back, line, lived
from .relay import Answer

# One round trip and one commit for each mail: the note that one is out, and the mark that the next is handed
# over. Either may be left out. It is constant, where the ORM would put two statements together for each mail.
_NOTE_AND_MARK = """
    WITH noted AS (
        UPDATE mail_outgoingmail
        SET status = 'sent', token = NULL, lease_until = NULL, sent_at = %(now)s, last_error = %(words)s,
            life = life || %(sent)s::jsonb,
            text = CASE WHEN %(secret)s THEN '' ELSE text END,
            html = CASE WHEN %(secret)s THEN '' ELSE html END,
            purged_at = CASE WHEN %(secret)s THEN %(now)s ELSE purged_at END
        WHERE id = %(mail)s AND token = %(token)s AND status = 'attempting'
        RETURNING 1
    ), marked AS (
        UPDATE mail_outgoingmail
        SET status = 'attempting', attempts = attempts + 1, lease_until = statement_timestamp() + %(lease)s,
            first_attempt_at = coalesce(first_attempt_at, %(now)s), life = life || %(attempting)s::jsonb
        WHERE id = %(following)s AND token = %(token)s AND status IN ('sending', 'attempting')
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM noted), (SELECT count(*) FROM marked)
"""


def mark(mail: OutgoingMail) -> bool:
    """Say that a mail is handed over now; `False` when someone else has it by now.

    Ours may be marked already, by a statement whose answer was lost. It was not handed over then.
    """
    return _note_and_mark(None, "", mail)[1] > 0


def note_sent(mail: OutgoingMail, words: str, following: OutgoingMail | None) -> int:
    """Note that a mail is out, and mark the next along with it.

    When the database is away only the note is tried again. The next mail is then looked at anew.

    Args:
        mail: the relay took it.
        words: what the relay said.
        following: of the same claim, if it is handed over at once.

    Returns:
        1, or 0 when the mail was not ours any more.
    """
    if following is not None:
        try:
            return _note_and_mark(mail, words, following)[0]
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()
    return insist(lambda: _note_and_mark(mail, words, None)[0])


def _note_and_mark(mail: OutgoingMail | None, words: str, following: OutgoingMail | None) -> tuple[int, int]:
    now = clock.now()
    one = mail or following
    values: dict[str, Any] = {
        "now": now,
        "words": words[:500],
        "mail": mail and mail.pk,
        "following": following and following.pk,
        "token": one and one.token,
        "secret": mail is not None and mail.is_redacted,
        "sent": json.dumps(line("sent", words, now)),
        "attempting": json.dumps(line("attempting", at=now)),
        "lease": timedelta(seconds=lease_of(following) if following else 0),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_AND_MARK, values)
        noted, marked = cursor.fetchone()
    if following is not None and marked:  # keep in step in memory
        following.status = Status.ATTEMPTING
        following.attempts += 1
        following.first_attempt_at = following.first_attempt_at or now
    return noted, marked


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
) -> int:
    """End a mail's way, if it is still ours. Bodies with sign-in codes go at once."""
    changes: dict[str, object] = {
        "status": target,
        "token": None,
        "lease_until": None,
        "last_error": words[:500],
        "life": lived(what, words),
    }
    if mail.is_redacted:
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
