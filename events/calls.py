"""Noting whom to call: what a mail tells the others, these parties hear by phone."""

from collections.abc import Iterable

from core import clock

from .choices import News
from .models import PhoneCall, Registration


def note(parties: Iterable[Registration], news: News) -> None:
    """Put a call on the desk's list for each of these parties. The caller holds the event's lock.

    A call of the same news that is still to be made gives way: who marked the older one as made would
    otherwise mark this one unseen.

    Args:
        parties: of one event, without an address.
        news: what they are to be told.
    """
    known = [each.pk for each in parties]
    PhoneCall.objects.filter(registration__in=known, news=news, done_at=None).delete()
    now = clock.now()
    PhoneCall.objects.bulk_create(PhoneCall(registration_id=pk, news=news, created_at=now) for pk in known)
