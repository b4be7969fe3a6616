"""Noting whom to call: what a mail tells the others, these parties hear by phone."""

from collections.abc import Iterable
from datetime import datetime

from core import clock

from .choices import News
from .models import PhoneCall, Registration


def note(parties: Iterable[Registration], news: News, *, since: datetime | None = None) -> None:
    """Put a call on the desk's list for each of these parties. The caller holds the event's lock.

    A call of the same news that is still to be made gives way: who marked the older one as made would
    otherwise mark this one unseen.

    Args:
        parties: of one event, without an address.
        news: what they are to be told.
        since: leaves out whom a call of this news was noted for from this moment on, made or not.
    """
    known = {each.pk for each in parties}
    if since is not None:
        noted = PhoneCall.objects.filter(registration__in=known, news=news, created_at__gte=since)
        known -= set(noted.values_list("registration", flat=True))
    PhoneCall.objects.filter(registration__in=known, news=news, done_at=None).delete()
    now = clock.now()
    PhoneCall.objects.bulk_create(
        PhoneCall(registration_id=pk, news=news, created_at=now) for pk in sorted(known)
    )
