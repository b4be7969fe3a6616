"""How often one address may ask. The counts are in Postgres, so they hold while the broker is away."""

from django.conf import settings
from django.http import HttpRequest

from core import limits


def too_many(request: HttpRequest, what: str, *, limit: int | None = None) -> bool:
    """Count this request and tell whether its address asked too often within ten minutes.

    Args:
        request: its client's address is counted.
        what: which form, so that each has its own count.
        limit: how many are fine; `settings.RSVP_LIMIT` by default.
    """
    most = limit if limit is not None else getattr(settings, "RSVP_LIMIT", 60)
    return limits.too_many(request, f"events:{what}", limit=most)
