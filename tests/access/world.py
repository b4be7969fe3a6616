"""A small world for the access tests: two districts, and in each an owner, an officer and what they work on.

`home` holds objects that the owner and the officer of district 1 may see; `away` those of district 2. What
they are each room says in `tests/<room>/world.py`; see `tests.access.offered`. **A new URL with arguments
needs an entry in its room's `SAMPLES` and two lines in its `matrix.csv`** (`.venv/bin/python -m
tests.access.suggest` prints them).
"""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from core.models import Department
from tests.access.offered import merged, offered
from tests.factories.accounts import (
    AdminFactory,
    OfficerFactory,
    SupervisorFactory,
    UserFactory,
    ViewerFactory,
    sign_in,
)
from tests.factories.businesses import AreaFactory, BeatFactory, DistrictAssignmentFactory

ROLES = ("visitor", "owner", "officer", "supervisor", "viewer", "admin")


@dataclass
class World:
    """People by role, and the objects of both districts."""

    people: dict[str, Any]
    strangers: dict[str, Any]
    home: SimpleNamespace
    away: SimpleNamespace
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, role: str, *, stranger: bool = False) -> Client:
        """A new browser in which someone of the role is signed in, second factor included."""
        browser = Client(raise_request_exception=False)
        key = sign_in_key(role, stranger)
        if key in self.sessions:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[key]
        return browser

    def user(self, role: str) -> Any:
        """Someone of the role, or an anonymous visitor."""
        return self.people[role] or AnonymousUser()


def sign_in_key(role: str, stranger: bool) -> str:
    """Under which a session is kept."""
    return f"strange {role}" if stranger else role


def build() -> World:
    """Make the world. Call it inside a transaction that is rolled back."""
    Department.objects.create(pk=1)
    home_area, away_area = BeatFactory(parent=AreaFactory()), BeatFactory(parent=AreaFactory())
    people = {
        "visitor": None,
        "owner": UserFactory(email="owner@home.example", full_name="Rosa Diaz"),
        "officer": OfficerFactory(full_name="Dana Reyes"),
        "supervisor": SupervisorFactory(full_name="Sam Stone"),
        "viewer": ViewerFactory(full_name="Vi Newton"),
        "admin": AdminFactory(full_name="Alex Boss"),
    }
    strangers = {
        "owner": UserFactory(email="owner@away.example"),
        "officer": OfficerFactory(full_name="Far Away"),
    }
    assigned = DistrictAssignmentFactory(user=people["officer"], area=home_area.parent)
    DistrictAssignmentFactory(user=strangers["officer"], area=away_area.parent)
    home = with_settings(side(home_area, people["owner"], people["officer"]), assigned)
    away = side(away_area, strangers["owner"], strangers["officer"])
    world = World(people=people, strangers=strangers, home=home, away=away)
    # Now, because what a single test signs in is rolled back with it.
    for stranger, group in ((False, people), (True, strangers)):
        for role, user in group.items():
            if user is not None:
                browser = sign_in(Client(), user)
                cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
                world.sessions[sign_in_key(role, stranger)] = cookie.value
    return world


def with_settings(home: SimpleNamespace, assignment: Any) -> SimpleNamespace:
    """Add to a side what belongs to no district: the rows that only an administrator opens."""
    home.assignment = assignment
    for settle in reversed(list(offered("world", "settle"))):
        settle(home)
    return home


def side(area: Any, owner: Any, officer: Any) -> SimpleNamespace:
    """What the owner and the officer of one district work on: the rooms fill it from below."""
    one = SimpleNamespace(area=area, owner=owner, officer=officer)
    for fill in reversed(list(offered("world", "fill"))):
        fill(one)
    for finish in offered("world", "finish"):
        finish(one)
    return one


def samples() -> dict[str, Any]:
    """For each URL with arguments the objects of one side that it is tried on."""
    return merged("world", "SAMPLES")


def arguments(name: str, world: World, side: SimpleNamespace | None = None) -> dict[str, Any] | None:
    """The arguments a URL is tried with: objects of the given side, `home` by default.

    Returns:
        `None` when nobody gave a sample for it.
    """
    if name.startswith("admin:") and (model := _admin_model(name)) is not None:
        row = merged("world", "ADMIN_ROWS").get(model)
        return {"object_id": row(world).pk} if row else None
    sample = samples().get(name)
    return sample(side or world.home) if sample else None


def _admin_model(name: str) -> str | None:
    for suffix in ("_change", "_delete", "_history"):
        if name.endswith(suffix):
            return name.removeprefix("admin:").removesuffix(suffix)
    return None
