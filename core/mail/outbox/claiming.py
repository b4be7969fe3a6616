"""Taking mails for a process, and taking up what a dead one left behind."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import models

from core import leases
from core.mail.models import OutgoingMail
from core.mail.purposes import HELD_WHEN_UNCERTAIN, Status

from .life import given_back, lived

# A mail whose handing over was interrupted this often may be what kills the worker: a person should look.
INTERRUPTIONS_BORNE = 5


def sweep() -> None:
    """Take up what dead workers left behind, by the database's clock."""
    abandoned = OutgoingMail.objects.abandoned()
    if not abandoned.exists():
        return
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
        seconds=settings.MAIL_LEASE,
        status=Status.SENDING,
        life=lived("claimed"),
    )


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
