"""A pause where many people use one connection: nobody is refused, and nothing typed is lost.

`settings.PACE_OF_FORMS` and `PACE_OF_SEARCHES` say which pages; `core.limits` keeps the line. Who has to wait
gets a page that holds what was typed and sends it again when the turn has come. A signed ticket, good once
and only for the same words, keeps the place in line.
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
        due = _due(ticket, request.path, typed)
        now = clock.now().timestamp()
        if due is None:
            free, every = pace
            wait = limits.turn_in(request, what, free=free, every=every)
            if wait > limits.LONGEST:
                return _wait(request, typed, limits.LONGEST, ticket="")
            due = now + wait
            ticket = signing.dumps([_digest(request.path, typed), due], salt=SALT)
            if wait == 0:
                return None
        elif due <= now:
            # Each ticket lets one request through.
            if cache.add(f"{SALT}:{hashlib.sha256(ticket.encode()).hexdigest()}", 1, KEPT + limits.LONGEST):
                return None
            return _wait(request, typed, pace[1], ticket="")
        return _wait(request, typed, due - now, ticket=ticket)


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


def _due(ticket: str, path: str, typed: QueryDict) -> float | None:
    """When the turn of a ticket comes or came; `None` without one that is good for these words."""
    try:
        digest, due = signing.loads(ticket, salt=SALT)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    good = digest == _digest(path, typed) and due + KEPT > clock.now().timestamp()
    return float(due) if good else None


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
