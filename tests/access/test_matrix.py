"""Gate 19: every URL × role × GET/POST against the checked-in table; a new URL without a row fails.

Each row of a room's matrix.csv says what an empty GET or POST answers: a status, `login` (sent to sign in) or
`factor` (sent to the second factor). Objects are those of the world's district 1, which the owner and the
officer see.
"""

import pytest
from django.urls import ResolverMatch

from config.access import permissions_of
from core import access
from tests.access import matrix
from tests.access.offered import faults, misplaced, table

pytestmark = [pytest.mark.django_db, pytest.mark.gate(19)]
EXPECTED = matrix.expected()
NAMES = matrix.names()


def test_every_url_has_its_rows_and_every_row_its_url():
    wanted = {(name, method) for name in NAMES for method in matrix.METHODS}
    assert sorted(wanted - set(EXPECTED)) == [], "run: python -m tests.access.suggest"
    assert sorted(set(EXPECTED) - wanted) == []


def test_every_row_stands_once_and_in_the_table_of_its_own_room():
    views = {name: pattern.callback for name, pattern in NAMES.items()}
    assert misplaced(matrix.FILE, views) == []
    assert sum(len(rows) for rows in table(matrix.FILE).values()) == len(EXPECTED)


def test_no_name_in_what_the_rooms_tests_offer_is_misspelled():
    assert list(faults()) == []


def test_no_row_expects_a_fault_of_ours():
    faults = [key for key, row in EXPECTED.items() if any(word.startswith("5") for word in row.values())]
    assert [key for key in faults if key[0] != "public:health_ready"] == []


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_role_gets_what_the_table_says(world, name):
    found = {}
    for method, role, word, answer in matrix.answers(world, name, NAMES[name]):
        found[method, role] = word
        if answer is not None:
            _carries_its_guards(answer, signed_in=role != "visitor")
    wanted = {
        (method, role): EXPECTED.get((name, method), {}).get(role) for method, role in matrix.asked(name)
    }
    assert found == wanted


def test_every_page_of_the_admin_is_declared_by_one_line():
    """So that a few roles asking for a few of its pages speak for all."""
    declared = {
        name: permissions_of(ResolverMatch(NAMES[name].callback, (), {}, app_names=["admin"]))
        for name in NAMES
        if name.startswith("admin:")
    }
    assert len(declared) > 100
    assert set(declared.values()) == {("core.administer",)}
    # A view of the admin that declared something of its own would not be asked by that line.
    assert not [name for name in declared if access.declared(NAMES[name].callback) is not None]


def test_the_door_alone_says_what_a_whole_request_says(world):
    """The quick way of asking, held to the slow one: one page of each audience, every role."""
    for name in ("desk:businesses", "portal:people", "desk:applications", "public:join"):
        path = matrix.address(world, name, NAMES[name])
        for role in matrix.ROLES:
            whole = matrix.word_for(matrix.ask(world, role, "GET", path))
            assert matrix.turned_away(world, role, "GET", path) == (
                whole if whole in matrix.TURNED_AWAY else ""
            )


def _carries_its_guards(answer, *, signed_in):
    """Gate 27, and the headers of gate 40."""
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    policy = headers["Content-Security-Policy"]
    if policy.startswith("sandbox"):  # a mail or a file that strangers wrote: no script at all
        assert "default-src 'none'" in policy
        assert "script" not in policy
    else:
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
    if signed_in:
        assert "private" in headers["Cache-Control"]
        assert "no-store" in headers["Cache-Control"]
