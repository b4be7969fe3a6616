"""How the gates open this room's pages in the demonstration; see `tests.access.offered`."""

from collections.abc import Callable

from django.urls import reverse

from tests.gates.visits import Rows


def _portal_home() -> Rows:
    for word, who in (("", "rosa@panaderia-espiga.example"), (" chain", "owner")):
        yield f"portal:home{word}", reverse("portal:home"), who


def _desk_home() -> Rows:
    for who in ("supervisor", "officer", "viewer"):
        yield f"desk:home {who}", reverse("desk:home"), who


# What is opened in place of the access tests' sample.
RICHER: dict[str, Callable[[], Rows]] = {
    "portal:home": _portal_home,
    "desk:home": _desk_home,
}


def more() -> Rows:
    """What no URL name stands for: what is missing or refused, an empty list, a filtered one."""
    yield "desk:refused", reverse("desk:home"), "owner", 403


# Pages that show the longest names.
LONG_ON = {"portal:home": "", "desk:home": ""}
