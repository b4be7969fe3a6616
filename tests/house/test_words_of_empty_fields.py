"""A field that was left empty is asked for in our own words, on every form of every page.

Forms are found by opening every page as everyone who may, also between two steps of signing in, and by
walking the classes: what no page of the samples shows is looked at as it is written.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.forms import Field

from core.pages.forms import OwnWords
from tests.access import matrix
from tests.access.conftest import world
from tests.access.urls import sample_path
from tests.access.world import World, arguments
from tests.gates.pages import BETWEEN
from tests.house.test_edit_pages import MORE_STEPS, forms_of

__all__ = ["world"]
pytestmark = pytest.mark.django_db
STOCK = str(Field.default_error_messages["required"])
ROOMS = ("accounts", "core", "events", "partnerships")


def opened(world: World) -> Iterator[Any]:
    """Every page but Django's admin, as every role that it opens for."""
    patterns = matrix.names()
    for (name, method), answers in matrix.expected().items():
        if method != "GET" or name.startswith("admin:"):
            continue
        given = arguments(name, world) or {}
        steps: list[dict[str, Any]] = [{}, *({"step": step} for page, step in MORE_STEPS if page == name)]
        for step in steps:
            path = sample_path(name, patterns[name], {**given, **step})
            yield from (
                matrix.ask(world, role, "GET", path) for role, answer in answers.items() if answer == "200"
            )


def between() -> Iterator[Any]:
    """The pages of an account, of those who have not signed in to the end, or have a password."""
    pages = [
        sample_path(name, pattern)
        for name, pattern in matrix.names().items()
        if name.startswith(("account_", "mfa_")) and not pattern.pattern.regex.groups
    ]
    for begin in BETWEEN.values():
        for path in pages:
            with transaction.atomic():
                yield begin().get(path)
                transaction.set_rollback(True)


def stock(form: type | forms.BaseForm, fields: dict[str, Field], own: Any = ()) -> set[str]:
    """The fields of a form that are asked for in Django's words, where people see them."""
    kind = form if isinstance(form, type) else type(form)
    return {
        f"{kind.__module__}.{kind.__qualname__}.{name}"
        for name, field in fields.items()
        if field.required and not field.widget.is_hidden and name not in own
        if str(field.error_messages.get("required")) == STOCK
    }


def written(base: type) -> Iterator[type]:
    """The forms that our rooms declare and that no other form stands on, but those of the admin."""
    for each in base.__subclasses__():
        ours = each.__module__.partition(".")[0] in ROOMS and "admin" not in each.__module__
        if ours and not each.__subclasses__():
            yield each
        yield from written(each)


def test_every_form_asks_in_our_own_words_for_what_was_left_empty(world: World) -> None:
    found: dict[type, set[str]] = {}
    for answer in chain(opened(world), between()):
        for form in forms_of(answer):
            found.setdefault(type(form), set()).update(stock(form, form.fields))
    for each in set(written(forms.BaseForm)) - found.keys():
        found[each] = stock(each, getattr(each, "base_fields", {}), getattr(each, "required_words", ()))
    assert set(OwnWords.__subclasses__()) <= found.keys()
    assert {"WaiveForm", "RequestForm", "AnswerForm", "SignInForm"} <= {each.__name__ for each in found}
    assert sorted(set().union(*found.values())) == []


def test_it_sees_a_field_with_the_words_of_django() -> None:
    class Asked(OwnWords):
        required_words = {"said": "Say it."}  # noqa: RUF012 - as every form declares it
        said = forms.CharField()
        unsaid = forms.CharField()

    assert [each.rpartition(".")[2] for each in stock(Asked(), Asked().fields)] == ["unsaid"]
    assert [each.rpartition(".")[2] for each in stock(Asked, Asked.base_fields, Asked.required_words)] == [
        "unsaid"
    ]
