"""Is this mail still wanted? Asked again right before sending."""

from django.db.models.functions import Lower

from core.mail.models import OutgoingMail

from .choices import ON_STATUSES
from .models import Registration

# Which states of the registration each mail still makes sense in.
WANTED: dict[str, frozenset[str]] = {
    "events/confirm": frozenset({"unconfirmed"}),
    "events/waitlisted": frozenset({"waitlisted"}),
    "events/moved": frozenset({"registered", "waitlisted"}),
    "events/resized": frozenset({"registered", "waitlisted"}),
    "events/missed": frozenset({"no_show"}),
    "events/already": frozenset({"registered", "waitlisted", "attended"}),
}
BY_DEFAULT = frozenset({"registered", "attended"})


def registration_active(mail: OutgoingMail) -> bool:
    """Whether the registration still stands as the mail says, and its event takes place.

    Args:
        mail: the `OutgoingMail`; `subject_id` is the registration's key.
    """
    if mail.subject_id is None:
        return False
    registration = Registration._base_manager.select_related("event").filter(pk=mail.subject_id).first()
    if registration is None or registration.status not in WANTED.get(mail.template, BY_DEFAULT):
        return False
    if mail.template == "events/resized" and _said_anew(mail):
        return False
    return registration.event.status in ON_STATUSES


def _said_anew(mail: OutgoingMail) -> bool:
    """Whether a later mail tells another number of people. It is found by the index of addresses."""
    later = OutgoingMail.objects.alias(address=Lower("to")).filter(address=mail.to.lower(), pk__gt=mail.pk)
    return later.filter(template=mail.template, subject_id=mail.subject_id).exists()
