"""What a person may do to a queued mail."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import access, audit, clock
from core.access import Guard, Refusal, Refused
from core.models.mail import IN_TROUBLE, OutgoingMail, Status

from .queueing import kick
from .sending import lived

NOT_IN_TROUBLE = Refusal(
    "stale", _("Only a mail that failed, or whose fate is uncertain, can be sent again. This one is neither.")
)
NO_BODY = Refusal(
    "purged", _("This mail held a sign-in code. Its text was removed. Ask the person to request a new one.")
)


def read_mail(user: Any, mail: OutgoingMail | None = None) -> Refusal | None:
    """Officers and supervisors; which mail is a matter of `visible_to`."""
    return access.refusal(user, "accounts.write_desk")


def retry_mail(user: Any, mail: OutgoingMail | None = None) -> Refusal | None:
    """Officers, supervisors and admins, for a mail in trouble whose text is still there."""
    found = access.refusal(user, "accounts.write_desk")
    if found is not None and access.refusal(user, "accounts.administer") is not None:
        return found
    if mail is None:
        return None
    if mail.status not in IN_TROUBLE:
        return NOT_IN_TROUBLE
    return None if mail.has_body else NO_BODY


PERMISSIONS: dict[str, Guard] = {"core.read_mail": read_mail, "core.retry_mail": retry_mail}


@transaction.atomic
def retry(*, mail: OutgoingMail, actor: Any) -> OutgoingMail:
    """Put a failed or uncertain mail back into the queue, under the same Message-ID.

    Args:
        mail: the row; it is read again under a lock.
        actor: the user who asks for it.

    Raises:
        Refused: it is not in trouble any more, its text is gone, or the actor may not.
    """
    row = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    found = access.refusal(actor, "core.retry_mail", row)
    if found is not None:
        raise Refused(found)
    before = row.status
    OutgoingMail.objects.filter(pk=row.pk).update(
        status=Status.WAITING,
        due_at=clock.now(),
        useless_after=None,
        attempts=0,
        first_attempt_at=None,
        life=lived("retried", getattr(actor, "display_name", "")),
    )
    row.refresh_from_db()
    audit.record(
        "core.mail_retried", row, actor=actor, changed=["status"], detail=f"{before} → {Status.WAITING.value}"
    )
    transaction.on_commit(kick, robust=True)
    return row
