"""Taking mails for a process, and taking up what a dead one left behind.

Whose lease has run out may be dead or only slow. The connection of one that lives holds a lock, which the
server frees when the process ends in any way. So the lease of a sign-in code can be short: someone waits.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction

from core import leases, locks
from core.mail.models import OutgoingMail
from core.mail.purposes import HELD_WHEN_UNCERTAIN, Category, Status

from .life import given_back, lived

# A mail whose handing over was interrupted this often may be what kills the worker: a person should look.
INTERRUPTIONS_BORNE = 5


def sweep() -> None:
    """Take up what dead workers left behind, by the database's clock."""
    abandoned = OutgoingMail.objects.abandoned()
    for token in set(abandoned.values_list("token", flat=True)):
        with transaction.atomic():
            if locks.if_free(_lock_of(token)):
                _take_up(abandoned.filter(token=token))


def _take_up(abandoned: models.QuerySet[OutgoingMail]) -> None:
    abandoned.filter(status=Status.SENDING).update(
        status=Status.WAITING, life=given_back("released"), **leases.FREE
    )
    uncertain = abandoned.filter(status=Status.ATTEMPTING)
    held = models.Q(category__in=HELD_WHEN_UNCERTAIN) | models.Q(attempts__gte=INTERRUPTIONS_BORNE)
    uncertain.filter(held).update(
        status=Status.UNKNOWN, life=lived("uncertain", "interrupted"), **leases.FREE
    )
    uncertain.exclude(held).update(status=Status.WAITING, life=lived("interrupted"), **leases.FREE)


def claim(now: datetime) -> list[OutgoingMail]:
    """Take the next due mails for this process, past what other workers hold.

    Args:
        now: what is due on or before it, aware.
    """
    return leases.claim(
        OutgoingMail.objects.due(now),
        most=settings.MAIL_BATCH,
        lease_until=models.Case(
            *(models.When(category=name, then=leases.until(lease)) for name, lease in _leases().items()),
            default=leases.until(settings.MAIL_LEASE),
        ),
        status=Status.SENDING,
        life=lived("claimed"),
    )


@contextmanager
def held(mails: Sequence[OutgoingMail]) -> Iterator[None]:
    """Show the others that who claimed these lives, however slow the relay is.

    Args:
        mails: of one claim.
    """
    lock = locks.ConnectionLock(_lock_of(mails[0].token), idle_for=settings.MAIL_LEASE)
    lock.take()
    try:
        yield
    finally:
        lock.release()


def lease_of(mail: OutgoingMail) -> float:
    """How many seconds a claim on it holds."""
    return _leases().get(mail.category, settings.MAIL_LEASE)


def _leases() -> dict[str, float]:
    """By category, where it is not `MAIL_LEASE`."""
    return {Category.SECURITY: settings.MAIL_CODE_LEASE}


def _lock_of(token: Any) -> str:
    return f"core.mail.claim:{token}"


def release(mails: Sequence[OutgoingMail], words: str) -> int:
    """Give back what this process claimed and did not touch.

    Args:
        mails: of one claim.
        words: why, as the relay said it; or "".

    Returns:
        How many were still ours.
    """
    if not mails:
        return 0
    changes: dict[str, object] = {"life": given_back()}
    if words:
        changes = {"life": given_back("relay_down", words), "last_error": words[:500]}
    return OutgoingMail.objects.filter(
        pk__in=[mail.pk for mail in mails], token=mails[0].token, status=Status.SENDING
    ).update(status=Status.WAITING, **leases.FREE, **changes)


def own(mail: OutgoingMail, status: Status) -> models.QuerySet[OutgoingMail]:
    """The row, as long as this process's claim on it stands."""
    return leases.own(mail, status=status)
