"""Workflows as tables that an officer could read, carried out in one place.

A `Workflow` names a model's status column, its starting states and its `Move`s. `move()` locks the row,
checks the source state and the guard, changes the column, writes the audit and runs the effect, all in one
transaction. `triggers()` puts the same table into the database, so that neither `update()` nor the admin
can make a move that is not in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models, transaction
from django.utils.text import camel_case_to_spaces
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from . import audit
from .access import Refusal, Refused

MoveGuard = Callable[..., Refusal | None]
Effect = Callable[..., None]


@dataclass(frozen=True)
class Move:
    """One permitted move.

    Args:
        name: the verb, as `submit`.
        sources: states it may start from.
        target: the state it ends in.
        guard: `(user, instance, **details) -> Refusal | None`; `None` lets the service's own check stand.
        effect: `(instance, *, actor, **details) -> None`, run after the change in the same transaction.
        label: what a button says.
    """

    name: str
    sources: Sequence[str]
    target: str
    guard: MoveGuard | None = None
    effect: Effect | None = None
    label: Any = ""


class StaleMove(Refused):
    """The row left the state the move starts from, usually because someone else was quicker."""


@dataclass(frozen=True)
class Workflow:
    """The permitted moves of one status column.

    Args:
        model: label of the model, as `vetting.Application`.
        field: name of the status column.
        start: states a new row may have.
        moves: the table.
    """

    model: str
    start: Sequence[str]
    moves: Sequence[Move]
    field: str = "status"

    @cached_property
    def by_name(self) -> dict[str, Move]:
        """The moves by their verb."""
        return {each.name: each for each in self.moves}

    def triggers(self) -> list[pgtrigger.Trigger]:
        """The same table for the database: updates follow the moves, inserts begin at a start.

        A row may be updated without a change of state. Put into the model's `Meta.triggers`.
        """
        transitions = {(source, each.target) for each in self.moves for source in each.sources}
        starts = ", ".join(f"'{state}'" for state in self.start)
        return [
            pgtrigger.FSM(
                name=f"{self.field}_moves",
                field=self.field,
                transitions=sorted(transitions),
            ),
            pgtrigger.Trigger(
                name=f"{self.field}_starts",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=(
                    f"IF NEW.{self.field} NOT IN ({starts}) THEN "
                    f"RAISE EXCEPTION 'A new row can''t begin in state %', NEW.{self.field}; "
                    f"END IF; RETURN NEW;"
                ),
            ),
        ]

    def refusal(self, instance: models.Model, name: str, user: Any, **details: Any) -> Refusal | None:
        """Why the move can't be made now by `user`, or `None` when it can."""
        chosen = self.by_name[name]
        if getattr(instance, self.field) not in chosen.sources:
            return self._stale(instance)
        return chosen.guard(user, instance, **details) if chosen.guard else None

    def available(self, instance: models.Model, user: Any) -> list[tuple[Move, Refusal | None]]:
        """The moves that start from the present state, each with the reason that blocks it, if any."""
        state = getattr(instance, self.field)
        return [
            (each, each.guard(user, instance) if each.guard else None)
            for each in self.moves
            if state in each.sources
        ]

    @transaction.atomic
    def move(self, instance: models.Model, name: str, *, actor: Any, **details: Any) -> Any:
        """Carry out a move.

        Args:
            instance: a row of the workflow's model; it is read again under a lock.
            name: the move's verb.
            actor: the user, or `None` for the system.
            details: passed to guard and effect.

        Returns:
            The locked, changed row.

        Raises:
            StaleMove: the row is no longer in a state the move starts from.
            Refused: the guard said no; nothing was changed.
        """
        chosen = self.by_name[name]
        model = apps.get_model(self.model)
        row: Any = model._base_manager.select_for_update().get(pk=instance.pk)
        before = getattr(row, self.field)
        if before not in chosen.sources:
            raise StaleMove(self._stale(row))
        if chosen.guard and (found := chosen.guard(actor, row, **details)) is not None:
            raise Refused(found)
        setattr(row, self.field, chosen.target)
        changed = [self.field]
        if hasattr(row, "updated_at"):
            row.stamp(actor)
            changed += ["updated_at", "updated_by_name"]
        row.save(update_fields=changed)
        audit.record(
            f"{model._meta.app_label}.{model._meta.model_name}_{chosen.name}",
            row,
            actor=actor,
            changed=[self.field],
            detail=f"{before} → {chosen.target}",
        )
        if chosen.effect:
            chosen.effect(row, actor=actor, **details)
        return row

    def _stale(self, row: Any) -> Refusal:
        thing = camel_case_to_spaces(row.__class__.__name__)
        state = getattr(row, f"get_{self.field}_display", lambda: getattr(row, self.field))()
        who = getattr(row, "updated_by_name", "")
        if who:
            return Refusal(
                "stale",
                _t("This %(thing)s is already “%(state)s”. %(who)s changed it.")
                % {"thing": thing, "state": state, "who": who},
            )
        return Refusal(
            "stale", _t("This %(thing)s is already “%(state)s”.") % {"thing": thing, "state": state}
        )


NEEDS_ACTOR = Refusal("no_actor", _("Only a signed-in person can do this."))
