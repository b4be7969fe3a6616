"""No circle of imports in the house, and none against the order inside the kernel and inside mail.

import-linter holds the order of packages. What it is not told, such as two modules of one package that import
each other, or an import inside a function that hides a circle, is counted here.
"""

from pathlib import Path

import pytest

from config.local.places import BASE_DIR

from .imports import circles, faults, graph, orders, upward

ROOTS, ORDERS = orders(BASE_DIR)
HOUSE = graph(BASE_DIR, ROOTS)


def test_there_is_no_circle_of_imports_in_the_house():
    assert not circles(HOUSE)


@pytest.mark.parametrize("container", sorted(ORDERS))
def test_no_import_runs_up_inside_a_package_not_even_inside_a_function(container):
    assert not upward(HOUSE, container, ORDERS[container])


def test_the_orders_of_the_kernel_and_of_mail_are_looked_at():
    assert set(ORDERS) == {"core", "core.mail"}
    assert len(HOUSE) > 300


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A house of one package, in which a circle and an upward import hide where Python never meets them."""
    package = tmp_path / "house"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "roof.py").write_text("from .wall import brick\n")
    (package / "wall.py").write_text("from house import floor\n\n\ndef brick():\n    pass\n")
    (package / "floor.py").write_text("")
    return tmp_path


def test_an_upward_import_inside_a_function_is_found(tiny):
    (tiny / "house/floor.py").write_text("def up():\n    from house import roof\n\n    return roof\n")
    found = graph(tiny, ["house"])
    assert upward(found, "house", ["roof", "wall | floor"]) == ["house.floor:2 → house.roof"]
    assert circles(found) == [["house.floor", "house.roof", "house.wall"]]


def test_a_circle_for_types_alone_is_found(tiny):
    words = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from house.wall import brick\n"
    (tiny / "house/floor.py").write_text(words)
    assert circles(graph(tiny, ["house"])) == [["house.floor", "house.wall"]]


def test_a_house_in_order_has_neither(tiny):
    found = graph(tiny, ["house"])
    assert not circles(found)
    assert not upward(found, "house", ["roof", "wall", "floor"])


def test_what_make_check_runs_names_the_circle_and_the_upward_import(tiny):
    (tiny / "house/floor.py").write_text("def up():\n    from house import roof\n\n    return roof\n")
    (tiny / "pyproject.toml").write_text(
        """[tool.importlinter]
root_packages = ["house"]
[[tool.importlinter.contracts]]
layers = ["house"]
[[tool.importlinter.contracts]]
containers = ["house"]
layers = ["roof", "wall | floor"]
"""
    )
    assert faults(tiny) == [
        "A circle: house.floor → house.roof → house.wall",
        "Against the order of house: house.floor:2 → house.roof",
    ]
    assert "-m tests.architecture.imports" in (BASE_DIR / "Makefile").read_text()
