"""Rooms depend one way. import-linter sees imports; these see foreign keys, reverse names and new rooms."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from config.local.places import BASE_DIR
from config.rooms import ROOMS

TOOLS = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["tool"]
LAYERS = [name.strip("()") for name in TOOLS["importlinter"]["contracts"][0]["layers"]]
LAYERS[-1:] = ["core.jobs", "core.mail", "core"]  # apps inside the kernel, above the rest of it
OURS = {config.label: config.name for config in apps.get_app_configs() if config.name in LAYERS}


def height(label: str) -> int:
    """How high a room lies: 0 is the kernel."""
    return len(LAYERS) - 1 - LAYERS.index(OURS[label])


def links() -> Iterator[tuple[str, type[models.Model], Any]]:
    """Every relation of our models that leads to a model of ours, those declared by a string among them."""
    for label in OURS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
                target = field.remote_field.model if field.remote_field else None
                if isinstance(target, type) and target._meta.app_label in OURS:
                    yield label, target, field


def test_every_room_has_its_place_in_the_order() -> None:
    unplaced = [
        config.name
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(BASE_DIR)
        and ".venv" not in config.path
        and config.name not in {*LAYERS, "config"}
    ]
    assert not unplaced, "Give these a place in [tool.importlinter] of pyproject.toml."


def test_the_list_of_rooms_stands_in_the_order_of_the_layers() -> None:
    built = [name for name in LAYERS if name in OURS.values()]
    assert built == ROOMS


def test_there_are_foreign_keys_between_rooms_to_look_at() -> None:
    assert any(label != target._meta.app_label for label, target, _ in links())


def test_no_foreign_key_points_to_a_room_above() -> None:
    upward = [
        f"{field.model._meta.label}.{field.name} → {target._meta.label}"
        for label, target, field in links()
        if height(target._meta.app_label) > height(label)
    ]
    assert not upward


def test_the_kernel_names_no_user() -> None:
    named = [f"{field.model._meta.label}.{field.name}" for label, _, field in links() if label == "core"]
    assert all(name.startswith("core.") for name in named)
    assert not [f for f in links() if f[0] == "core" and f[1]._meta.app_label != "core"]


def _reverse_names() -> dict[str, set[str]]:
    """For each room the names by which rooms above hang on its models."""
    found: dict[str, set[str]] = {label: set() for label in OURS}
    for label, target, field in links():
        below = target._meta.app_label
        if height(label) > height(below):
            related = field.remote_field.related_name
            name = related or (f"{field.model._meta.model_name}_set")
            if name and not name.endswith("+"):
                found[below].add(name)
                found[below].add(field.remote_field.related_query_name or name)
    return found


def _names_in(text: str) -> Iterator[tuple[int, str]]:
    """Attributes, and the first words of lookups such as `site__events`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.value.lineno, node.arg.split("__")[0]
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.fullmatch(r"\w+__\w+", node.value)
        ):
            yield node.lineno, node.value.split("__")[0]


def _sources(label: str) -> Iterator[Path]:
    here = Path(apps.get_app_config(label).path)
    within = [Path(each.path) for each in apps.get_app_configs() if here in Path(each.path).parents]
    for path in here.rglob("*.py"):
        inner = path.relative_to(here).parts
        if "migrations" not in inner and not any(other in path.parents for other in within):
            yield path


def _names_above(label: str) -> set[str]:
    """Reverse names of upper rooms; those that are also fields of the room itself prove nothing."""
    own = {
        each.name if hasattr(each, "name") else ""
        for model in apps.get_app_config(label).get_models()
        for each in model._meta.get_fields()
        if not each.auto_created or not each.related_model or each.related_model._meta.app_label == label
    }
    return _reverse_names()[label] - own


@pytest.mark.parametrize("label", sorted(OURS))
def test_no_room_uses_the_reverse_name_of_a_room_above(label: str) -> None:
    """`business.application_set` inside `businesses` is an import of vetting in disguise."""
    above = _names_above(label)
    used = [
        f"{path.name}:{line} {name}"
        for path in _sources(label)
        for line, name in _names_in(path.read_text())
        if name in above
    ]
    assert not used


def test_a_reverse_name_would_be_found() -> None:
    names = {name for _line, name in _names_in("Organization.objects.filter(applications__isnull=True)")}
    assert names & _names_above("businesses")


def test_rooms_read_nothing_of_the_wiring_but_its_lists() -> None:
    """The kernel asks `config.rooms` and `config.access`; settings come through `django.conf`."""
    pattern = re.compile(
        r"^\s*(?:import config\b|from config(?:\.\w+)* import (?!rooms\b|access\b)).*", re.MULTILINE
    )
    sources = [path for label in OURS for path in _sources(label)]
    guilty = {str(path): found for path in sources if (found := pattern.findall(path.read_text()))}
    assert not guilty


def test_locks_by_name_are_taken_through_core_locks_alone() -> None:
    """One way of making a number of a name: two would let two holders of one name work at a time."""
    takes = {
        path
        for label in OURS
        for path in _sources(label)
        if re.search(r"pg_(try_)?advisory", path.read_text())
    }
    assert {str(path.relative_to(BASE_DIR)) for path in takes} == {"core/locks.py"}


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_mail_of_the_rooms_is_made_by_its_declaration() -> None:
    """`Mail.draft` alone makes a `Draft`: what a room wrote by hand could say another category or reason."""
    made = {
        str(path.relative_to(BASE_DIR))
        for label in OURS
        for path in _sources(label)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Draft"
    }
    assert made == {"core/mail/outbox/catalog.py"}
