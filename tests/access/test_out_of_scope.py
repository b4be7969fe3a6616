"""Gate 20: an object that does not exist for you looks like a page that does not exist."""

import re

import pytest
from django.db import transaction

from tests.access import matrix
from tests.access.urls import sample_path
from tests.access.world import arguments, samples

pytestmark = [pytest.mark.django_db, pytest.mark.gate(20)]
NAMES = matrix.names()
# Open to every owner on purpose: public events, and prospects that nobody speaks for yet.
FOR_EVERY_OWNER = {"portal:event_register", "portal:application_claim"}
OBJECTS = sorted(name for name in samples() if name in NAMES and name.split(":")[0] in {"portal", "desk"})
EXPECTED = matrix.expected()


def body(answer):
    """A page without what differs anyway."""
    text = answer.content.decode()
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r"\b[0-9a-f]{12}\b", "", text)


def ask(world, role, method, path, stranger=True):
    browser = world.client(role, stranger=stranger)
    with transaction.atomic():
        answer = browser.generic(method, path, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("name", OBJECTS)
def test_a_strangers_object_is_a_missing_page(world, name):
    role = "owner" if name.startswith("portal:") else "officer"
    path = sample_path(name, NAMES[name], arguments(name, world))
    missing = ask(world, role, "GET", f"/{name.split(':')[0]}/no-such-page/")
    assert missing.status_code == 404
    seen = {method: ask(world, role, method, path) for method in matrix.METHODS}
    words = {method: answer.status_code for method, answer in seen.items()}
    if name in FOR_EVERY_OWNER:
        assert words["GET"] == 200
        return
    supervisors = EXPECTED.get((name, "POST"), {}).get("officer") == "403" and role == "officer"
    refused = {404, 405} | ({403} if supervisors else set())
    assert set(words.values()) <= refused, words
    assert 404 in words.values() or supervisors, words
    for answer in seen.values():
        if answer.status_code == 404:
            assert body(answer) == body(missing)


@pytest.mark.parametrize("name", OBJECTS)
def test_the_same_object_opens_for_those_it_exists_for(world, name):
    role = "owner" if name.startswith("portal:") else "officer"
    answers = {
        (method, who): EXPECTED[name, method][who] for method in matrix.METHODS for who in matrix.ROLES
    }
    good = {"200", "302"}
    assert (
        answers["GET", role] in good
        or answers["POST", role] in good
        or {
            answers["GET", "supervisor"],
            answers["POST", "supervisor"],
        }
        & good
    )
