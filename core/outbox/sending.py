"""Emptying the outbox: claim, check, hand over, note. Any number of workers may do it at once.

A mail is `sending` from the claim on, `attempting` from right before it is handed over. A process that dies
leaves one of the two behind; the next claim of any worker takes it up when the lease has run out:
`sending` was surely not handed over and waits again; `attempting` is uncertain, and its category decides.
"""

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    connection,
    models,
    transaction,
)
from django.db.models import F, Func, JSONField, Value
from django.db.models.functions import Coalesce, Now
from django.utils.module_loading import import_string

from config import rooms
from core import clock, suppressions
from core.connections import drop_stale_connections
from core.models.consent import Purpose
from core.models.mail import HELD_WHEN_UNCERTAIN, Category, OutgoingMail, Status

from . import life
from .recipients import COMES_BACK, Recipients
from .relay import Answer, Relay, RelayDownError, Result

logger = logging.getLogger(__name__)

# A mail whose handing over was interrupted this often may be what kills the worker: a person should look.
INTERRUPTIONS_BORNE = 5


@dataclass
class Tally:
    """What one drain did.

    Attributes:
        sent, later, failed, cancelled, unknown: how many mails ended so.
        released: claimed, but given back untouched.
        more: the time was up before the outbox was empty.
        relay_down: what the relay said when it could not be reached.
    """

    sent: int = 0
    later: int = 0
    failed: int = 0
    cancelled: int = 0
    unknown: int = 0
    released: int = 0
    more: bool = False
    relay_down: str = ""


def reached(point: str) -> None:
    """Where the crash tests stop a process. Does nothing.

    Args:
        point: `claimed`, `attempting`, `handed-over` or `noted`.
    """


def drain() -> Tally:
    """Send what is due until nothing is or the time is up.

    Returns:
        What was done.

    Raises:
        OperationalError: the database is away; leases see to what was in hand.
    """
    tally = Tally()
    if settings.MAIL_PAUSED:
        return tally
    end = time.monotonic() + settings.MAIL_DRAIN_LIMIT
    while not tally.relay_down:
        drop_stale_connections()
        sweep()
        batch = claim(clock.now())
        if not batch:
            break
        reached("claimed")
        _send_batch(batch, end, tally)
        if time.monotonic() >= end:
            tally.more = OutgoingMail.objects.due(clock.now()).exists()
            break
    return tally


def sweep() -> None:
    """Take up what dead workers left behind, by the database's clock."""
    abandoned = OutgoingMail.objects.abandoned()
    free = {"token": None, "lease_until": None}
    abandoned.filter(status=Status.SENDING).update(status=Status.WAITING, life=lived("released"), **free)
    uncertain = abandoned.filter(status=Status.ATTEMPTING)
    held = models.Q(category__in=HELD_WHEN_UNCERTAIN) | models.Q(attempts__gte=INTERRUPTIONS_BORNE)
    uncertain.filter(held).update(status=Status.UNKNOWN, life=lived("uncertain", "interrupted"), **free)
    uncertain.exclude(held).update(status=Status.WAITING, life=lived("interrupted"), **free)


def claim(now: datetime) -> list[OutgoingMail]:
    """Take the next due mails for this process, past what other workers hold.

    Args:
        now: what is due on or before it, aware.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        taken = list(
            OutgoingMail.objects.due(now)
            .select_for_update(skip_locked=True)
            .values_list("pk", flat=True)[: settings.MAIL_BATCH]
        )
        if not taken:
            return []
        OutgoingMail.objects.filter(pk__in=taken).update(
            status=Status.SENDING, token=token, lease_until=_lease(), life=lived("claimed")
        )
    rows = {row.pk: row for row in OutgoingMail.objects.filter(token=token)}
    return [rows[pk] for pk in taken if pk in rows]


@dataclass
class Batch:
    """The mails a process has claimed, on their way.

    Attributes:
        left: what is still to be dealt with, in turn; the first is in hand.
        relay: the connection for all of them.
        recipients: who of them gets no mail.
        end: when to stop, by the monotonic clock.
        tally: what was done.
    """

    left: list[OutgoingMail]
    relay: Relay
    recipients: Recipients
    end: float
    tally: Tally

    def to_mark_along(self) -> OutgoingMail | None:
        """The next mail, if it is known without asking anybody that it will be handed over next.

        One with a check of its own is not: that is asked right before.
        """
        if len(self.left) < 2 or time.monotonic() >= self.end or settings.MAIL_RATE_PER_SECOND > 0:
            return None  # a mail that waits for its turn is not marked yet
        following = self.left[1]
        if following.still_wanted or not self.relay.is_open or not self.recipients.are_known:
            return None
        return following if _not_wanted(following, self.recipients) is None else None


def _send_batch(mails: list[OutgoingMail], end: float, tally: Tally) -> None:
    left = list(mails)
    try:
        with Relay() as relay:
            batch = Batch(left, relay, Recipients(left), end, tally)
            while left and (left[0].status == Status.ATTEMPTING or time.monotonic() < end):
                _deliver(left[0], batch)
                left.pop(0)
    except RelayDownError as error:
        tally.relay_down = str(error)
        logger.warning("The mail relay can't be used: %s. Mail waits.", error)
    if left:
        tally.released += (
            OutgoingMail.objects.filter(
                pk__in=[mail.pk for mail in left], token=left[0].token, status=Status.SENDING
            )
        ).update(
            status=Status.WAITING,
            token=None,
            lease_until=None,
            last_error=tally.relay_down[:500],
            life=lived("released", tally.relay_down),
        )


def _deliver(mail: OutgoingMail, batch: Batch) -> None:
    if mail.status != Status.ATTEMPTING and not (_is_wanted(mail, batch) and _begin(mail, batch.relay)):
        return
    reached("attempting")
    try:
        answer = batch.relay.send(mail)
    except RelayDownError as error:
        words = str(error)
        _noted(lambda: _give_back(mail, words))
        raise
    reached("handed-over")
    _note(mail, answer, batch)
    reached("noted")


def _is_wanted(mail: OutgoingMail, batch: Batch) -> bool:
    """Whether a mail is to be sent; if not, its way ends here."""
    tally = batch.tally
    batch.recipients.ask()
    try:
        refusal = _not_wanted(mail, batch.recipients)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:
        # A broken check is a fault of ours. The mail is neither sent against the recipient's will nor lost.
        logger.exception("The check %s of mail %s failed.", mail.still_wanted, mail.pk)
        words = f"{mail.still_wanted}: {type(error).__name__}"
        mail.attempts, mail.first_attempt_at = mail.attempts + 1, mail.first_attempt_at or clock.now()
        if next_try(mail, clock.now()) is None:  # a day: now a person has to look
            tally.failed += _settle(mail, Status.SENDING, Status.FAILED, "failed", words)
        else:
            tally.later += _put_off(mail, words, source=Status.SENDING)
        return False
    if refusal == COMES_BACK and mail.purpose == Purpose.SERVICE:
        # What must reach the person: somebody has to call them.
        tally.failed += _settle(mail, Status.SENDING, Status.FAILED, "held_back", refusal)
    elif refusal is not None:
        tally.cancelled += _settle(mail, Status.SENDING, Status.CANCELLED, "cancelled", refusal)
    return refusal is None


def _not_wanted(mail: OutgoingMail, recipients: Recipients) -> str | None:
    """Why a mail is not to be sent any more, as a code, or `None`."""
    if mail.useless_after is not None and clock.now() > mail.useless_after:
        return "too_late"
    if refusal := recipients.refusal(mail):
        return refusal
    if mail.still_wanted:
        check: Callable[[OutgoingMail], bool] = import_string(rooms.MAIL_CHECKS[mail.still_wanted])
        if not check(mail):
            return mail.still_wanted
    return None


def _begin(mail: OutgoingMail, relay: Relay) -> bool:
    """Mark a mail right before it is handed over; `False` when the lease ran out and someone else has it."""
    relay.open()
    relay.keep_the_rate()
    if not _mark(mail):
        return False
    _is_marked(mail)
    return True


def _mark(mail: OutgoingMail) -> int:
    begun = _own(mail, Status.SENDING).filter(lease_until__gt=Now())
    return begun.update(
        status=Status.ATTEMPTING,
        attempts=F("attempts") + 1,
        first_attempt_at=Coalesce("first_attempt_at", Value(clock.now())),
        lease_until=_lease(),
        life=lived("attempting"),
    )


def _is_marked(mail: OutgoingMail) -> None:
    mail.status = Status.ATTEMPTING
    mail.attempts += 1
    mail.first_attempt_at = mail.first_attempt_at or clock.now()


def _note(mail: OutgoingMail, answer: Answer, batch: Batch) -> None:
    tally = batch.tally
    match answer.result:
        case Result.SENT:
            tally.sent += _note_sent(mail, answer, batch.to_mark_along())
            return
        case Result.NEVER:
            tally.failed += _noted(lambda: _fail(mail, answer))
            batch.recipients.forget()  # the address may be held back from now on
        case Result.UNCERTAIN if mail.category in HELD_WHEN_UNCERTAIN:
            tally.unknown += _noted(
                lambda: _settle(mail, Status.ATTEMPTING, Status.UNKNOWN, "uncertain", answer.words)
            )
        case _:
            if next_try(mail, clock.now()) is None:
                words = f"Gave up. {answer.words}"
                tally.failed += _noted(
                    lambda: _settle(mail, Status.ATTEMPTING, Status.FAILED, "failed", words)
                )
            else:
                tally.later += _noted(lambda: _put_off(mail, answer.words))


def _note_sent(mail: OutgoingMail, answer: Answer, following: OutgoingMail | None) -> int:
    """Note that a mail is out and, in the same transaction, mark the next: one commit for each mail.

    When the database is away only the note is tried again. The next mail is then looked at anew.
    """

    def sent() -> int:
        return _settle(mail, Status.ATTEMPTING, Status.SENT, "sent", answer.words, sent_at=clock.now())

    if following is None:
        return _noted(sent)
    try:
        with transaction.atomic():
            noted, marked = sent(), _mark(following)
    except (OperationalError, InterfaceError):
        return _noted(sent)
    if marked:
        _is_marked(following)
    return noted


def _fail(mail: OutgoingMail, answer: Answer) -> int:
    """Note a refusal for good; an address where nobody is gets no more mail."""
    with transaction.atomic():
        failed = _settle(mail, Status.ATTEMPTING, Status.FAILED, "failed", answer.words)
        if failed and answer.nobody_there:
            suppressions.bounced(address=mail.to, detail=answer.words, mail=mail)
    return failed


def _give_back(mail: OutgoingMail, words: str) -> int:
    """Let a mail wait that is not to blame: it stays due, so that the health page sees how long it waits."""
    return _own(mail, Status.ATTEMPTING).update(
        status=Status.WAITING,
        token=None,
        lease_until=None,
        attempts=F("attempts") - 1,
        last_error=words[:500],
        life=lived("later", words),
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


def _put_off(mail: OutgoingMail, words: str, *, source: Status = Status.ATTEMPTING) -> int:
    now = clock.now()
    return _own(mail, source).update(
        status=Status.WAITING,
        token=None,
        lease_until=None,
        due_at=next_try(mail, now) or now + timedelta(seconds=float(settings.MAIL_BACKOFF[-1])),
        attempts=mail.attempts,
        first_attempt_at=mail.first_attempt_at,
        last_error=words[:500],
        life=lived("later", words),
    )


def _settle(
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
    return _own(mail, source).update(**changes)


def _own(mail: OutgoingMail, status: Status) -> models.QuerySet[OutgoingMail]:
    """The row, as long as this process's claim on it stands."""
    return OutgoingMail.objects.filter(pk=mail.pk, token=mail.token, status=status)


def _noted(write: Callable[[], int]) -> int:
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


def _lease() -> models.expressions.CombinedExpression:
    return Now() + timedelta(seconds=settings.MAIL_LEASE)


def lived(what: str, answer: str = "") -> Func:
    """Add a line to the mail's life, in the same UPDATE as the change it tells of."""
    return Func(
        F("life"),
        Value(life.line(what, answer), output_field=JSONField()),
        template="(%(expressions)s)",
        arg_joiner=" || ",
        output_field=JSONField(),
    )
