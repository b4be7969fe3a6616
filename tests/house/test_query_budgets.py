"""Gate 43: a page asks the database as often for three hundred rows as for three.

Every page of the resolver that a role may open is asked in a world with three rows of a kind, and with three
hundred. How many statements each takes stands in its room's `queries.csv`; `WRITE=1` writes these anew.
"""

import os
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.access import matrix
from tests.access.offered import misplaced, table, write
from tests.access.world import World, build
from tests.house.growth import grow

pytestmark = [pytest.mark.django_db, pytest.mark.gate(43)]
FILE = "queries.csv"  # of each room's tests
ROLES = {"public": ("visitor",), "portal": ("owner",), "desk": ("officer", "supervisor")}
FEW, MANY = range(3), range(3, 300)
# Beyond one page rows are counted, and where a page ends among rows without a value it asks for them as well.
BEYOND_ONE_PAGE = 2
NAMES = matrix.names()
VIEWS = {name: pattern.callback for name, pattern in NAMES.items()}
ANSWERS = matrix.expected()


def pages() -> list[tuple[str, str]]:
    """Every page with the role that it is asked as."""
    return [
        (name, role)
        for name in sorted(NAMES)
        for role in ROLES.get(name.split(":")[0], ())
        if ANSWERS[name, "GET"][role] == "200"
    ]


PAGES = pages()


def statements(world: World, name: str, role: str) -> int:
    """How many statements a page takes, the second time it is asked for."""
    path = matrix.address(world, name, NAMES[name])
    matrix.ask(world, role, "GET", path)
    with CaptureQueriesContext(connection) as asked:
        answer = matrix.ask(world, role, "GET", path)
    assert answer.status_code == 200, (name, role, answer.status_code)
    return len(asked)


@pytest.fixture(scope="module")
def counted(django_db_setup, django_db_blocker) -> Iterator[dict[tuple[str, str], tuple[int, int]]]:
    """The statements of every page: with few rows, and with many."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        grow(world.home, FEW)
        few = {page: statements(world, *page) for page in PAGES}
        grow(world.home, MANY)
        many = {page: statements(world, *page) for page in PAGES}
        if os.environ.get("WRITE"):
            columns = ["url", "role", "statements"]
            rows = ((*page, max(few[page], many[page])) for page in PAGES)
            write(FILE, columns, [dict(zip(columns, row, strict=True)) for row in rows], VIEWS)
        yield {page: (few[page], many[page]) for page in PAGES}
        transaction.set_rollback(True)


def budgets() -> dict[tuple[str, str], int]:
    return {
        (row["url"], row["role"]): int(row["statements"]) for rows in table(FILE).values() for row in rows
    }


@pytest.mark.parametrize(("name", "role"), PAGES)
def test_three_hundred_rows_take_no_more_statements_than_three(counted, name, role):
    few, many = counted[name, role]
    assert many <= few + BEYOND_ONE_PAGE


@pytest.mark.parametrize(("name", "role"), PAGES)
def test_page_takes_no_more_statements_than_the_table_says(counted, name, role):
    assert max(counted[name, role]) <= budgets()[name, role], "Fewer? WRITE=1 writes the table anew."


def test_table_has_every_page_and_no_other():
    assert set(budgets()) == set(PAGES)
    assert sum(len(rows) for rows in table(FILE).values()) == len(PAGES)
    assert misplaced(FILE, VIEWS) == []
