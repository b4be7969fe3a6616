"""The kernel can be tested without the rooms: its tests import none. What it promises for all of them is
tested in tests/house.
"""

import ast
from collections.abc import Iterator

import pytest

from config.local.places import BASE_DIR

ROOMS = ("partnerships", "events")
FACTORIES = tuple(f"tests.factories.{room}" for room in ("businesses", "vetting", "events"))


def imported(text: str) -> Iterator[str]:
    """Every module that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def of_a_room(module: str) -> bool:
    """Whether a module belongs to a room above the accounts, or makes its rows for tests."""
    return module.startswith(tuple(f"{each}." for each in (*ROOMS, *FACTORIES))) or module in ROOMS


TESTS = [path for folder in ("core", "jobs") for path in sorted((BASE_DIR / "tests" / folder).rglob("*.py"))]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_test_of_the_kernel_imports_no_room(path):
    assert [module for module in imported(path.read_text()) if of_a_room(module)] == []


def test_an_import_of_a_room_would_be_found():
    text = """
from core import clock
import partnerships.vetting
def test():
    from events.models import Event
"""
    assert {each for each in imported(text) if of_a_room(each)} == {
        "events.models.Event",
        "partnerships.vetting",
    }
    assert of_a_room("tests.factories.vetting.draft")
    assert not of_a_room("core.events")
