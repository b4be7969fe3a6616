"""Gate 43: a page asks the database as often for three hundred rows as for three.

Every page of the resolver that a role may open is asked in a world with three rows of a kind, and with three
hundred. How many statements each takes stands in `queries.csv`; `WRITE=1` writes it anew.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.access import matrix
from tests.access.world import World, build
from tests.house.growth import grow

pytestmark = [pytest.mark.django_db, pytest.mark.gate(43)]
FILE = Path(__file__).with_name("queries.csv")
ROLES = {"public": ("visitor",), "portal": ("owner",), "desk": ("officer", "supervisor")}
FEW, MANY = range(3), range(3, 300)
# Beyond one page rows are counted, and where a page ends among rows without a value it asks for them as well.
BEYOND_ONE_PAGE = 2
NAMES = matrix.names()
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
        grow(world.home, world.people["officer"], FEW)
        few = {page: statements(world, *page) for page in PAGES}
        grow(world.home, world.people["officer"], MANY)
        many = {page: statements(world, *page) for page in PAGES}
        if os.environ.get("WRITE"):
            with FILE.open("w", newline="") as out:
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow(["url", "role", "statements"])
                writer.writerows([*page, max(few[page], many[page])] for page in PAGES)
        yield {page: (few[page], many[page]) for page in PAGES}
        transaction.set_rollback(True)


def budgets() -> dict[tuple[str, str], int]:
    with FILE.open(newline="") as lines:
        return {(row["url"], row["role"]): int(row["statements"]) for row in csv.DictReader(lines)}


@pytest.mark.parametrize(("name", "role"), PAGES)
def test_three_hundred_rows_take_no_more_statements_than_three(counted, name, role):
    few, many = counted[name, role]
    assert many <= few + BEYOND_ONE_PAGE


@pytest.mark.parametrize(("name", "role"), PAGES)
def test_page_takes_no_more_statements_than_the_table_says(counted, name, role):
    assert max(counted[name, role]) <= budgets()[name, role], "Fewer? WRITE=1 writes the table anew."


def test_table_has_every_page_and_no_other():
    assert set(budgets()) == set(PAGES)
