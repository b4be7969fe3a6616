"""What the audit and the history tables hold as codes, in the words of the models and their workflows."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.admin.utils import display_for_field
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import workflow
from core.models import AuditEntry

Called = Mapping[tuple[type[Model], str], str]
ARROW = " → "
SOMEONE = re.compile(r"user (\d+)")


def what(entry: AuditEntry, model: type[Model] | None) -> str:
    """What was done: a move by its label, else by the state it led to; all else by its verb.

    Args:
        entry: of the audit.
        model: of the row it was done to, if there still is one.
    """
    verb = entry.verb.partition(".")[2]
    if model is None:
        return capfirst(verb.replace("_", " "))
    thing, own = str(model._meta.verbose_name), f"{model._meta.model_name}_"
    table = workflow.held(model)
    if not verb.startswith(own):
        return capfirst(verb.replace("_", " "))
    name = verb.removeprefix(own)
    if table is None or name not in table.by_name:
        return capfirst(f"{thing} {name.replace('_', ' ')}")
    move = table.by_name[name]
    if move.label:
        return str(move.label)
    state = dict(model._meta.get_field(table.field).flatchoices).get(move.target, move.target)  # type: ignore[union-attr]  # a column
    return _("%(thing)s: %(state)s") % {"thing": capfirst(thing), "state": state}


def someone(entry: AuditEntry) -> str:
    """The key of the user whom an entry names beside the row, or nothing."""
    found = SOMEONE.fullmatch(entry.detail)
    return found.group(1) if found else ""


def why(entry: AuditEntry, model: type[Model] | None, called: Called) -> str:
    """What an entry explains: states and other choices by their labels, a user by their name.

    Args:
        entry: of the audit.
        model: of the row it was done to, if there still is one.
        called: what rows are called, those of `someone` among them.
    """
    if number := someone(entry):
        return called.get((get_user_model(), number), entry.detail)
    codes = entry.detail.split(ARROW)
    for choices in _choices(model, entry.changed):
        if all(code in choices for code in codes):
            return ARROW.join(str(choices[code]) for code in codes)
    return entry.detail.replace("_", " ")


def _choices(model: type[Model] | None, changed: list[str]) -> Iterator[dict[Any, Any]]:
    """The choices of a model's columns, of those that changed first."""
    columns = model._meta.concrete_fields if model else ()
    for column in sorted(columns, key=lambda each: each.name not in changed):
        if column.flatchoices:
            yield dict(column.flatchoices)


def label(model: type[Model] | None, name: str) -> str:
    """What people call a field."""
    columns = {each.name: each for each in model._meta.get_fields()} if model else {}
    plain = name.replace("_", " ").replace(":", ": ")
    return capfirst(str(getattr(columns.get(name), "verbose_name", plain)))


def several(column: Any, values: list[Any]) -> str:
    """The values of a column that holds several."""
    base = getattr(column, "base_field", None)
    return ", ".join(str(display_for_field(each, base, "") if base else each) for each in values)
