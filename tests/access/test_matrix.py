"""Gate 19: every URL × role × GET/POST against the checked-in table; a new URL without a row fails.

Each row of matrix.csv says what an empty GET or POST answers: a status, `login` (sent to sign in) or `factor`
(sent to the second factor). Objects are those of the world's district 1, which the owner and the officer see.
"""

import pytest

from tests.access import matrix

pytestmark = [pytest.mark.django_db, pytest.mark.gate(19)]
EXPECTED = matrix.expected()
NAMES = matrix.names()


def test_every_url_has_its_rows_and_every_row_its_url():
    wanted = {(name, method) for name in NAMES for method in matrix.METHODS}
    assert sorted(wanted - set(EXPECTED)) == [], "run: python -m tests.access.suggest"
    assert sorted(set(EXPECTED) - wanted) == []


def test_no_row_expects_a_fault_of_ours():
    faults = [key for key, row in EXPECTED.items() if any(word.startswith("5") for word in row.values())]
    assert [key for key in faults if key[0] != "public:health_ready"] == []


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_role_gets_what_the_table_says(world, name):
    found = {}
    for method, role, answer in matrix.answers(world, name, NAMES[name]):
        found[method, role] = matrix.word_for(answer)
        _carries_its_guards(answer, signed_in=role != "visitor")
    wanted = {
        (method, role): EXPECTED.get((name, method), {}).get(role)
        for method in matrix.METHODS
        for role in matrix.ROLES
    }
    assert found == wanted


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
