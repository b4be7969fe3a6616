"""What a person finds in their mailbox."""

import re

from core.mail.models import OutgoingMail


def newest_code() -> str:
    """The code in the newest mail."""
    mail = OutgoingMail.objects.order_by("-pk").first()
    assert mail is not None
    return re.search(r"\b\d{4}-\d{4}\b", mail.text)[0]
