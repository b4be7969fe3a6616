"""Is this mail still wanted? Asked again right before sending."""

from typing import Any

from .models import Invitation


def invitation_open(mail: Any) -> bool:
    """An invitation is only sent while it can be accepted."""
    row = Invitation.objects.filter(pk=mail.subject_id).first()
    return row is not None and row.is_open
