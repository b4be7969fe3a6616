"""Is this mail still wanted? Asked again right before sending."""

from typing import Any

from .choices import ON_STATUSES
from .models import Registration

# Which states of the registration each mail still makes sense in.
WANTED: dict[str, frozenset[str]] = {
    "events/confirm": frozenset({"unconfirmed"}),
    "events/waitlisted": frozenset({"waitlisted"}),
    "events/moved": frozenset({"registered", "waitlisted"}),
    "events/already": frozenset({"registered", "waitlisted", "attended"}),
}
BY_DEFAULT = frozenset({"registered", "attended"})


def registration_active(mail: Any) -> bool:
    """Whether the registration still stands as the mail says, and its event takes place.

    Args:
        mail: the `OutgoingMail`; `subject_id` is the registration's key.
    """
    registration = Registration._base_manager.select_related("event").filter(pk=mail.subject_id).first()
    if registration is None or registration.status not in WANTED.get(mail.template, BY_DEFAULT):
        return False
    return registration.event.status in ON_STATUSES
