"""A pause where many people use one connection: nobody is refused, and nothing typed is lost.

`settings.PACE_OF_FORMS` and `PACE_OF_SEARCHES` say which pages; `core.limits` keeps the line. Who has to wait
gets a page that holds what was typed and sends it again when the turn has come. A signed ticket, good once
and only for the same words, keeps the place in line. Who finds the line too long joins a second one a minute
later: a program that sends and never comes back fills the first line only.
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase, QueryDict

from core import clock, limits

from .errors import paused

SALT = "core.pages.pause"
FIELD = "turn"
AGAIN = 60  # seconds until who found the line too long joins the line of those who came back
KEPT = 3600  # seconds a ticket is good after its turn has come
SECRETS = frozenset({"password", "password1", "password2"})  # never written into a page; typed again


class PaceMiddleware:
    """Ask for patience before a view is called, where its network sent much in a short time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        what, pace = _pace(request)
        if pace is None:
            return None
        typed = _typed(request)
        ticket = typed.get(FIELD, "")
        if FIELD in typed:  # no view and no link knows of it
            del typed[FIELD]
            setattr(request, request.method or "", typed)
        line, due = _read(ticket, request.path, typed)
        now = clock.now().timestamp()
        if due > now:
            return _wait(request, typed, due - now, ticket=ticket)
        if line and not cache.add(
            f"{SALT}:{hashlib.sha256(ticket.encode()).hexdigest()}", 1, KEPT + limits.LONGEST
        ):
            return _wait(request, typed, pace[1], ticket="")  # each ticket lets one request through
        if line == "turn":
            return None
        free, every = pace
        wait = limits.turn_in(request, f"{what}:{line}" if line else what, free=free, every=every)
        if wait == 0:
            return None
        line, wait = ("turn", wait) if wait <= limits.LONGEST else ("again", AGAIN)
        ticket = signing.dumps([_digest(request.path, typed), line, now + wait], salt=SALT)
        return _wait(request, typed, wait, ticket=ticket)


def _pace(request: HttpRequest) -> tuple[str, tuple[int, float] | None]:
    """The line that a request belongs to, and how many may come at once and each how many seconds."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if request.method == "POST":
        return name, settings.PACE_OF_FORMS.get(name)
    # A page without words is free.
    if request.method == "GET" and name in settings.SEARCHES and request.GET.get("q", "").strip():
        return "search", settings.PACE_OF_SEARCHES
    return name, None


def _typed(request: HttpRequest) -> QueryDict:
    return (request.POST if request.method == "POST" else request.GET).copy()


def _fields(typed: QueryDict) -> Iterator[tuple[str, str]]:
    for name, values in sorted(typed.lists()):
        if name != "csrfmiddlewaretoken" and name not in SECRETS:
            yield from ((name, str(value)) for value in values)


def _digest(path: str, typed: QueryDict) -> str:
    return hashlib.sha256(json.dumps([path, *_fields(typed)]).encode()).hexdigest()


def _read(ticket: str, path: str, typed: QueryDict) -> tuple[str, float]:
    """What a ticket is for ("turn" or "again") and when it is due; "" and 0 without a good one."""
    try:
        digest, line, due = signing.loads(ticket, salt=SALT)
    except (signing.BadSignature, TypeError, ValueError):
        return "", 0
    good = digest == _digest(path, typed) and due + KEPT > clock.now().timestamp()
    return (line, float(due)) if good else ("", 0)


def _wait(request: HttpRequest, typed: QueryDict, seconds: float, *, ticket: str) -> HttpResponseBase:
    wait = math.ceil(seconds)
    secrets = sorted(name for name in SECRETS if typed.get(name))
    context = {
        "wait": wait,
        "method": "get" if request.method == "GET" else "post",
        "action": request.path if request.method == "GET" else request.get_full_path(),
        "typed": [*_fields(typed), (FIELD, ticket)],
        "secrets": secrets,
    }
    return paused(request, wait, context)
