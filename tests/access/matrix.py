"""What every URL answers to every role: asking, and the checked-in table to compare with."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.urls import get_resolver

from tests.access.urls import every_url, sample_path
from tests.access.world import ROLES, World, arguments

FILE = Path(__file__).with_name("matrix.csv")
METHODS = ("GET", "POST")


def names() -> dict[str, Any]:
    """Every URL's pattern by its full name."""
    return dict(every_url(get_resolver()))


def expected() -> dict[tuple[str, str], dict[str, str]]:
    """The checked-in table: answers by role, by URL and method."""
    with FILE.open(newline="") as lines:
        return {
            (row["url"], row["method"]): {role: row[role] for role in ROLES} for row in csv.DictReader(lines)
        }


def address(world: World, name: str, pattern: Any) -> str:
    """The path a URL is tried on, with objects that the owner and the officer may see."""
    values = arguments(name, world)
    takes_arguments = pattern.pattern.regex.groups > 0
    if takes_arguments and values is None:
        raise LookupError(f"{name} takes arguments: give it a sample in tests/access/world.py.")
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


def answers(world: World, name: str, pattern: Any) -> Iterator[tuple[str, str, Any]]:
    """Ask one URL with both methods as every role.

    Yields:
        Method, role and answer.
    """
    path = address(world, name, pattern)
    for method in METHODS:
        for role in ROLES:
            yield method, role, ask(world, role, method, path)
