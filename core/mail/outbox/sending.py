"""Emptying the outbox: claim, check, hand over, note. Any number of workers may do it at once.

A mail is `sending` from the claim on, `attempting` from right before it is handed over. A process that dies
leaves one of the two behind; the next claim of any worker takes it up when the lease has run out and the
dead process's connection is gone:
`sending` was surely not handed over and waits again; `attempting` is uncertain, and its category decides.
"""

import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from core import clock
from core.connections import drop_stale_connections
from core.mail.models import OutgoingMail
from core.mail.purposes import DAY_PAST, HELD_WHEN_UNCERTAIN, OUR_FAULT, Purpose, Status

from . import watching
from .catalog import checks
from .claiming import claim, held, release, sweep
from .noting import fail, give_back, insist, mark, next_try, note_sent, put_off, settle
from .pace import Pace
from .queueing import ask_for_help
from .recipients import COMES_BACK, Recipients
from .relay import Answer, Relay, RelayDownError, Result

logger = logging.getLogger(__name__)


@dataclass
class Tally:
    """What one drain did.

    Attributes:
        sent, later, failed, cancelled, unknown: how many mails ended so.
        released: claimed, but given back untouched.
        more: there is more to do: the time was up, or another drain's turn may have come.
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


def drain(*, helping: bool = False) -> Tally:
    """Send what is due until nothing is or the time is up.

    Args:
        helping: another drain has asked for it; this one asks nobody.

    Returns:
        What was done.

    Raises:
        OperationalError: the database is away; leases see to what was in hand.
    """
    tally = Tally()
    if settings.MAIL_PAUSED or (helping and not _is_more()):
        return tally
    end = time.monotonic() + settings.MAIL_DRAIN_LIMIT
    asked, claimed = helping, False
    while not (tally.relay_down or tally.more):
        drop_stale_connections()
        with Pace() as pace:
            if not pace.is_ours:
                return tally  # who has the turn looks again when it ends
            sweep()
            mails = claim(clock.now())
            if mails:
                claimed = True
                reached("claimed")
                if not (asked or pace.is_set) and len(mails) == settings.MAIL_BATCH and _is_more():
                    asked = True
                    ask_for_help()
                with held(mails):
                    _send_batch(mails, end, pace, tally)
        if not mails:
            # Hints that came during our turn found it taken. What nobody can claim now is left to the tick.
            tally.more = claimed and pace.is_set and _is_more()
            break
        if time.monotonic() >= end:
            tally.more = _is_more()
    if tally.sent and not tally.relay_down:
        watching.note_up()
    return tally


def _is_more() -> bool:
    return OutgoingMail.objects.due(clock.now()).exists()


@dataclass
class Batch:
    """The mails a process has claimed, on their way.

    Attributes:
        left: what is still to be dealt with, in turn; the first is in hand.
        relay: the connection for all of them.
        recipients: who of them gets no mail.
        pace: when the next may go.
        end: when to stop, by the monotonic clock.
        tally: what was done.
        claimed: how many mails the batch began with.
    """

    left: list[OutgoingMail]
    relay: Relay
    recipients: Recipients
    pace: Pace
    end: float
    tally: Tally
    claimed: int

    @property
    def goes_on(self) -> bool:
        """There is a next mail, and it may go in time. One that is marked goes in any case.

        So does the first of a batch, unless a rate makes it wait: a machine that takes the whole time for
        claiming would else claim the same mails for ever.
        """
        if not self.left or self.left[0].status == Status.ATTEMPTING:
            return bool(self.left)
        now = time.monotonic() if len(self.left) < self.claimed else 0.0
        return self.pace.is_ours and max(self.pace.next_at, now) < self.end

    def to_mark_along(self) -> OutgoingMail | None:
        """The next mail, if it is known without asking anybody that it will be handed over next.

        One with a check of its own is not: that is asked right before.
        """
        if len(self.left) < 2 or time.monotonic() >= self.end or self.pace.is_set:
            return None  # a mail that waits for its turn is not marked yet
        following = self.left[1]
        if following.still_wanted or not self.relay.is_open or not self.recipients.are_known:
            return None
        return following if _not_wanted(following, self.recipients) is None else None


def _send_batch(mails: list[OutgoingMail], end: float, pace: Pace, tally: Tally) -> None:
    left = list(mails)
    try:
        with Relay() as relay:
            batch = Batch(left, relay, Recipients(left), pace, end, tally, len(left))
            while batch.goes_on:
                _deliver(left[0], batch)
                left.pop(0)
    except RelayDownError as error:
        tally.relay_down = str(error)
    if left:
        tally.released += release(left, tally.relay_down)
        tally.more = not tally.relay_down
    if tally.relay_down:
        watching.note_down(tally.relay_down)


def _deliver(mail: OutgoingMail, batch: Batch) -> None:
    if mail.status != Status.ATTEMPTING and not (_is_wanted(mail, batch) and _begin(mail, batch)):
        return
    reached("attempting")
    try:
        answer = batch.relay.send(mail)
    except RelayDownError as error:
        words = str(error)
        insist(lambda: give_back(mail, words))
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
        words = f"{OUR_FAULT}: {mail.still_wanted}, {type(error).__name__}"
        mail.attempts, mail.first_attempt_at = mail.attempts + 1, mail.first_attempt_at or clock.now()
        if next_try(mail, clock.now()) is None:  # a day: now a person has to look
            tally.failed += settle(mail, Status.SENDING, Status.FAILED, OUR_FAULT, words)
        else:
            tally.later += put_off(mail, words, source=Status.SENDING)
        return False
    if refusal == COMES_BACK and mail.purpose == Purpose.SERVICE:
        # What must reach the person: somebody has to call them.
        tally.failed += settle(mail, Status.SENDING, Status.FAILED, "held_back", refusal)
    elif refusal == DAY_PAST:
        # Its reader would read of a day that is gone, and never learn what it was for: call them.
        tally.failed += settle(mail, Status.SENDING, Status.FAILED, DAY_PAST, refusal)
    elif refusal is not None:
        tally.cancelled += settle(mail, Status.SENDING, Status.CANCELLED, "cancelled", refusal)
    return refusal is None


def _not_wanted(mail: OutgoingMail, recipients: Recipients) -> str | None:
    """Why a mail is not to be sent any more, as a code, or `None`."""
    if mail.useless_after is not None and clock.now() > mail.useless_after:
        return "too_late"
    if mail.names_a_past_day:
        return DAY_PAST
    if refusal := recipients.refusal(mail):
        return refusal
    if mail.still_wanted and not checks()[mail.still_wanted].holds(mail):
        return mail.still_wanted
    return None


def _begin(mail: OutgoingMail, batch: Batch) -> bool:
    """Mark a mail right before it is handed over; `False` when the lease ran out and someone else has it."""
    batch.relay.open()
    batch.pace.wait()
    return mark(mail)


def _note(mail: OutgoingMail, answer: Answer, batch: Batch) -> None:
    tally = batch.tally
    match answer.result:
        case Result.SENT:
            tally.sent += note_sent(mail, answer.words, batch.to_mark_along())
            return
        case Result.NEVER:
            tally.failed += insist(lambda: fail(mail, answer))
            batch.recipients.forget()  # the address may be held back from now on
        case Result.UNCERTAIN if mail.category in HELD_WHEN_UNCERTAIN:
            tally.unknown += insist(
                lambda: settle(mail, Status.ATTEMPTING, Status.UNKNOWN, "uncertain", answer.words)
            )
        case _:
            if next_try(mail, clock.now()) is None:
                ours = answer.result is Result.FAULT
                what, words = (OUR_FAULT, answer.words) if ours else ("failed", f"Gave up. {answer.words}")
                tally.failed += insist(lambda: settle(mail, Status.ATTEMPTING, Status.FAILED, what, words))
            else:
                tally.later += insist(lambda: put_off(mail, answer.words))
