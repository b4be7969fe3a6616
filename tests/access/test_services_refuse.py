"""Gate 46: a service refuses who may not, whoever called it, and then nothing has changed.

Views and the admin refuse before; a program or a new page may not. See docs/decisions/0079.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from config import rooms as wiring
from core import access
from core.access import Refused
from tests.access.offered import file, folder
from tests.access.refusals import Call, find, fingerprint, services

pytestmark = [pytest.mark.django_db, pytest.mark.gate(46)]
# Every room that has services; core's inner rooms are walked with core.
ROOMS = [room for room in wiring.ROOMS if room == "core" or not room.startswith("core.")]
ROOMS = [room for room in ROOMS if services(room)]


def samples(room: str) -> dict[str, Call]:
    """The calls that a room's tests give for its services."""
    found: dict[str, Call] = getattr(file(folder(room), "world"), "SERVICES", {})
    return found


ALL = [(room, name) for room in ROOMS for name in samples(room)]
each_service = pytest.mark.parametrize(("room", "name"), ALL, ids=[".".join(each) for each in ALL])


@contextmanager
def undone() -> Iterator[None]:
    """A block whose writes are taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def strangers(world, call: Call):
    """Who may not make this call: a viewer, a member of another business, an officer of another district."""
    yield "viewer", world.people["viewer"]
    if not call.anyone:
        yield "stranger", world.strangers["owner"]
    if not call.anywhere:
        yield "officer of another district", world.strangers["officer"]


def refuses(call: Call, service: Callable[..., Any], arguments: dict[str, Any], person: Any) -> bool:
    """Whether a service refuses a person."""
    try:
        call(service, arguments, person)
    except Refused:
        return True
    return False


@pytest.mark.parametrize("room", ROOMS)
def test_every_service_has_a_call_to_be_tried_with(room):
    assert services(room).keys() == {name for name, call in samples(room).items() if call.who == "actor"}


@pytest.mark.parametrize("room", ROOMS)
def test_nobody_becomes_the_system_by_leaving_the_actor_out(room):
    left_out = [
        name
        for name, service in services(room).items()
        if inspect.signature(service).parameters["actor"].default is not inspect.Parameter.empty
    ]
    assert left_out == []


@each_service
def test_a_service_refuses_who_may_not_and_changes_nothing(world, room, name):
    call, service = samples(room)[name], find(room, name)
    with undone():
        arguments = call.given(world.home)
        before = fingerprint()
        for who, person in strangers(world, call):
            assert refuses(call, service, arguments, person), f"{name} did it for a {who}"
            assert fingerprint() == before, who


@each_service
def test_a_service_does_it_for_who_may(world, room, name):
    call, service = samples(room)[name], find(room, name)
    with undone():
        arguments = call.given(world.home)
        before = fingerprint()
        call(service, arguments, world.people[call.by])
        assert fingerprint() != before


def test_without_the_question_a_viewer_would_do_it(world, monkeypatch):
    """The gate sees what it is for: most services ask nothing else that would stop a viewer."""
    monkeypatch.setattr(access, "refusal", lambda *asked: None)
    done = set()
    for room, name in ALL:
        call = samples(room)[name]
        with undone():
            arguments = call.given(world.home)
            before = fingerprint()
            refuses(call, find(room, name), arguments, world.people["viewer"])
            if fingerprint() != before:
                done.add(f"{room}.{name}")
    assert done >= {
        "partnerships.businesses.services.people.add_membership",
        "partnerships.businesses.services.standing.set_standing",
        "partnerships.vetting.services.reviewing.record_visit",
        "events.services.desk.update_event",
    }
