"""How often one client may ask. The counts are in Postgres, so they hold while the broker is away."""

from django.http import HttpRequest

from . import counters
from .addresses import client_network

WINDOW = 600  # seconds
SEARCHES = 120  # within the window: what nobody types, and a program that copies the directory soon has


def too_many(request: HttpRequest, what: str, *, limit: int) -> bool:
    """Count this request and tell whether its client asked too often within ten minutes.

    Args:
        request: its client is counted: an IPv4 address, or an IPv6 network.
        what: a name, so that each form has a count of its own.
        limit: how many are fine.
    """
    network = client_network(request)
    return bool(network) and counters.count_up(f"{what}:{network}", WINDOW) > limit


def too_many_searches(request: HttpRequest) -> bool:
    """Count a search with words in it, and tell whether there were too many. A page without words is free."""
    return bool(request.GET.get("q", "").strip()) and too_many(request, "search", limit=SEARCHES)
