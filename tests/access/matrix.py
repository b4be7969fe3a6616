"""What every URL answers to every role: asking, and the checked-in table to compare with."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver, resolve

from core.middleware import DefaultDenyMiddleware
from tests.access.offered import table
from tests.access.urls import every_url, sample_path
from tests.access.world import ROLES, World, arguments
from tests.gates import FULL

FILE = "matrix.csv"  # of each room's tests
METHODS = ("GET", "POST")
# One line of config/access.py decides for all of Django's admin: these show that it holds for a page.
TURNED_AWAY = ("403", "login")
ADMIN_ASKED = (("GET", "visitor"), ("GET", "officer"), ("GET", "admin"))


def names() -> dict[str, Any]:
    """Every URL's pattern by its full name."""
    return dict(every_url(get_resolver()))


@cache
def expected() -> dict[tuple[str, str], dict[str, str]]:
    """The checked-in tables of all rooms: answers by role, by URL and method."""
    return {
        (row["url"], row["method"]): {role: row[role] for role in ROLES}
        for rows in table(FILE).values()
        for row in rows
    }


def address(world: World, name: str, pattern: Any) -> str:
    """The path a URL is tried on, with objects that the owner and the officer may see."""
    values = arguments(name, world)
    takes_arguments = pattern.pattern.regex.groups > 0
    if takes_arguments and values is None:
        raise LookupError(f"{name} takes arguments: give it a sample in tests/<room>/world.py.")
    return sample_path(name, pattern, values or {})


def ask(world: World, role: str, method: str, path: str) -> Any:
    """Request a path as a role, in a transaction that is undone."""
    browser = world.client(role)
    with transaction.atomic():
        answer = browser.generic(method, path, content_type="application/x-www-form-urlencoded")
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def word_for(answer: Any) -> str:
    """The answer in a word: its status, or where it sends."""
    target = answer.get("Location", "")
    if target.startswith("/accounts/login/"):
        return "login"
    if target.startswith("/accounts/second-factor/"):
        return "factor"
    return str(answer.status_code)


def asked(name: str, *, full: bool = FULL) -> list[tuple[str, str]]:
    """The methods and roles a URL is asked with: all under `make gates`, fewer of Django's admin else."""
    if name.startswith("admin:") and not full:
        return list(ADMIN_ASKED)
    return [(method, role) for method in METHODS for role in ROLES]


def turned_away(world: World, role: str, method: str, path: str) -> str:
    """What the door says before any view: `login`, `403`, or nothing where it lets the role in.

    As quick as a function call: nothing is rendered. The door is `DefaultDenyMiddleware`, whose refusals the
    requests of other roles show as whole pages.
    """
    user = world.user(role)
    request = RequestFactory().generic(method, path)
    match = request.resolver_match = resolve(path)
    request.user = user
    door = DefaultDenyMiddleware(lambda _request: HttpResponse())
    try:
        sent = door.process_view(request, match.func, list(match.args), dict(match.kwargs))
    except PermissionDenied:
        return "403"
    return "" if sent is None else word_for(sent)


def answers(
    world: World, name: str, pattern: Any, *, full: bool = FULL
) -> Iterator[tuple[str, str, str, Any]]:
    """Ask one URL with both methods as every role.

    Under `make test` a role that the table turns away is turned away at the door, without a page, but for the
    first such role of a method, which gets its whole page.

    Yields:
        Method, role, the answer in a word, and the answer itself, `None` where only the door was asked.
    """
    path = address(world, name, pattern)
    table = expected()
    shown: set[tuple[str, str]] = set()
    for method, role in asked(name, full=full):
        word = table.get((name, method), {}).get(role, "")
        if not full and (method, word) in shown and turned_away(world, role, method, path) == word:
            yield method, role, word, None
            continue
        answer = ask(world, role, method, path)
        if word in TURNED_AWAY:
            shown.add((method, word))
        yield method, role, word_for(answer), answer
