"""How long the text of mail is kept. That it was sent, to whom and why, stays."""

from datetime import datetime, timedelta

from core import clock
from core.mail.models import OutgoingMail
from core.mail.purposes import IN_FLIGHT, IN_TROUBLE, Status
from core.models.department import Department

from .life import lived

BATCH = 500


def purge(now: datetime | None = None) -> int:
    """Remove text, HTML and calendar part of mail that is older than the department keeps it.

    What is still to be sent keeps its text, and so does what failed or is uncertain until someone has seen to
    it: they could not judge it without.

    Args:
        now: an aware moment; the product's clock by default.

    Returns:
        How many mails lost their text.
    """
    moment = now or clock.now()
    before = moment - timedelta(days=Department.current().mail_kept_days)
    unseen = OutgoingMail.objects.filter(status__in=IN_TROUBLE, handled_at=None)
    rows = (
        OutgoingMail.objects.filter(planned_at__lt=before, purged_at=None)
        .exclude(status__in=(Status.WAITING, *IN_FLIGHT))
        .exclude(pk__in=unseen.values("pk"))
        .order_by("planned_at")
    )
    purged = 0
    while batch := list(rows.values_list("pk", flat=True)[:BATCH]):
        # Asked again in the UPDATE: someone may have released one since.
        gone = (
            rows.order_by()
            .filter(pk__in=batch)
            .update(text="", html="", calendar="", purged_at=moment, life=lived("purged"))
        )
        purged += gone
        if not gone:
            break
    return purged
