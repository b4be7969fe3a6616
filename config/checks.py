"""System checks on what every room has to hold to."""

from collections.abc import Iterator, Sequence
from typing import Any

import pghistory
import pgtrigger
from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import Model

STATUS_COLUMNS = ("status", "standing")

# Status columns that no table of moves holds, each with the reason.
HELD_OTHERWISE = {
    "businesses.Business.standing": (
        "A copy of the organization's: the trigger `derive` overwrites whatever is put there."
    ),
}


@register()
def statuses_are_held(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """A status moves along its table only, which a trigger `<column>_moves` holds in the database.

    Who forgets `hold_in_database()` in `AppConfig.ready()` would lose it silently. Rows of pghistory are
    left out: triggers alone write them, and they say what was.
    """
    held = {f"{model._meta.label}.{trigger.name}" for model, trigger in pgtrigger.registered()}
    columns = {f"{model._meta.label}.{name}" for model, name in _status_columns()}
    missing = [
        Error(
            f"{column} has choices, and no trigger holds its moves.",
            hint="Give it a Workflow and call its hold_in_database() in the room's AppConfig.ready().",
            id="config.E001",
        )
        for column in sorted(columns - HELD_OTHERWISE.keys())
        if f"{column}_moves" not in held
    ]
    gone = [
        Error(f"{column} is named as held otherwise, and there is no such column.", id="config.E002")
        for column in sorted(HELD_OTHERWISE.keys() - columns)
    ]
    return missing + gone


def _status_columns() -> Iterator[tuple[type[Model], str]]:
    for model in apps.get_models():
        if issubclass(model, pghistory.models.Event):
            continue
        for field in model._meta.concrete_fields:
            if field.name in STATUS_COLUMNS and field.choices:
                yield model, field.name
