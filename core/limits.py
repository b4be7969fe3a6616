"""How often one client may ask. The counts are in Postgres, so they hold while the broker is away.

Many people share one address: a fair's Wi-Fi, an office, a phone company. So a network is only slowed down
(`turn_in`); what one person alone can do too often is refused (`too_many`).
"""

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from . import clock, counters, locks
from .addresses import client_network

WINDOW = 600  # seconds
LONGEST = 600  # seconds that a line may be long; a longer one is not lengthened
TOO_OFTEN = "too_often"  # the code of a refusal that ends by itself


def too_many(request: HttpRequest, what: str, *, limit: int) -> bool:
    """Count this request and tell whether its client asked too often within ten minutes.

    Args:
        request: its client is counted: an IPv4 address, or an IPv6 network.
        what: a name, narrow enough that no two people are counted as one: a form and an address for mail.
        limit: how many are fine.
    """
    network = client_network(request)
    return bool(network) and counters.count_up(f"{what}:{network}", WINDOW) > limit


def turn_in(request: HttpRequest, what: str, *, free: int, every: float) -> float:
    """Take a place in the line of this request's network, and tell how long it is.

    A bucket that leaks: one request leaves it each `every` seconds, and as long as no more than `free` are in
    it nobody waits. (The generic cell rate algorithm, ITU-T I.371, with one number kept for a network.)

    Args:
        request: its client's network lines up. A device that has signed in before has a line of its own: one
            program in an office or at a fair keeps no officer and no owner there from signing in.
        what: a name, so that each form has a line of its own.
        free: how many may come at once.
        every: seconds between the turns of those beyond.

    Returns:
        Seconds until its turn, 0 when it is now. More than `LONGEST` when the line is too long to join.
    """
    client = _line_of(request)
    if not client:
        return 0
    name, now = f"turn:{what}:{client}", clock.now().timestamp()
    with transaction.atomic():
        locks.one_at_a_time(name)
        empty = max(cache.get(name) or 0.0, now) + every  # when the bucket will be empty, with this one in it
        wait: float = max(empty - now - free * every, 0)
        if wait <= LONGEST:
            cache.set(name, empty, int(empty - now) + 1)
    return wait


def _line_of(request: HttpRequest) -> str:
    """A device that is known, else a network; "" where neither can be told."""
    device: str = getattr(request, "known_device", str)()
    return f"device-{device}" if device else client_network(request)
