"""Workflows as tables that an officer could read, carried out in one place.

A `Workflow` stands on its model: it names the class, the status column, the starting states, the `Move`s and
what the owner is told in each state. `move()` locks the row, checks the source state and the guard, changes
the column, writes the audit and runs the effect, all in one transaction. `hold_in_database()` gives the same
table to the database, so that neither `update()` nor the admin can make a move that is not in it; the room's
`AppConfig.ready()` calls it, since a model knows its states and not what follows from a move.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Concatenate, Generic, TypeVar

import pgtrigger
from django.db import models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from . import audit, edits
from .access import Actor, Refusal, Refused, Words
from .models import Stamped

Row = TypeVar("Row", bound=models.Model)
MoveGuard = Callable[Concatenate[Actor, Row, ...], Refusal | None]
Effect = Callable[Concatenate[Row, ...], None]


@dataclass(frozen=True)
class Move(Generic[Row]):
    """One permitted move.

    Args:
        name: the verb, as `submit`.
        sources: states it may start from.
        target: the state it ends in.
        guard: `(user, instance, **details) -> Refusal | None`; `None` lets the service's own check stand.
        effect: `(instance, *, actor, **details) -> None`, run after the change in the same transaction.
        label: what a button says.
        done: what the page says when a click made it.
    """

    name: str
    sources: Sequence[str]
    target: str
    guard: MoveGuard[Row] | None = None
    effect: Effect[Row] | None = None
    label: Words = ""
    done: Words = ""


class StaleMove(Refused):
    """The row left the state the move starts from, usually because someone else was quicker."""


@dataclass(frozen=True)
class Workflow(Generic[Row]):
    """The permitted moves of one status column.

    Args:
        model: the class that has the column.
        start: states a new row may have.
        moves: the table.
        field: name of the status column.
        told: what the owner is told in each state, as lazy sentences; empty where no owner sees the state.

    Raises:
        ValueError: a state has no sentence although others have one, or a sentence has no state.
    """

    model: type[Row]
    start: Sequence[str]
    moves: Sequence[Move[Row]]
    field: str = "status"
    told: Mapping[str, Words] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.told and (odd := set(self.told) ^ self.states):
            raise ValueError(f"{self.model.__name__}: what is the owner told in {', '.join(sorted(odd))}?")

    @cached_property
    def states(self) -> frozenset[str]:
        """Every state that a row can be in."""
        return frozenset(self.start).union(each.target for each in self.moves)

    @cached_property
    def by_name(self) -> dict[str, Move[Row]]:
        """The moves by their verb."""
        return {each.name: each for each in self.moves}

    def triggers(self) -> list[pgtrigger.Trigger]:
        """The same table for the database: updates follow the moves, inserts begin at a start.

        A row may be updated without a change of state.
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

    def hold_in_database(self) -> None:
        """Register the triggers on the model, from where migrations put them into the database.

        A room's `AppConfig.ready()` calls it for each of its workflows. It is explicit, so that a test may
        make a table of its own for a model that has one. A check names a status column that nothing holds.
        """
        pgtrigger.register(*self.triggers())(self.model)
        _HELD[self.model] = self

    def tells(self, instance: Row) -> str:
        """What the owner is told in the row's present state, in the language of the page."""
        return str(self.told[getattr(instance, self.field)])

    def refusal(self, instance: Row, name: str, user: Actor, **details: Any) -> Refusal | None:
        """Why the move can't be made now by `user`, or `None` when it can."""
        chosen = self.by_name[name]
        if getattr(instance, self.field) not in chosen.sources:
            return self._stale(instance)
        return chosen.guard(user, instance, **details) if chosen.guard else None

    def available(self, instance: Row, user: Actor) -> list[tuple[Move[Row], Refusal | None]]:
        """The moves that start from the present state, each with the reason that blocks it, if any."""
        state = getattr(instance, self.field)
        return [
            (each, each.guard(user, instance) if each.guard else None)
            for each in self.moves
            if state in each.sources
        ]

    @transaction.atomic
    def move(self, instance: Row, name: str, *, actor: Actor, **details: Any) -> Row:
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
        model = self.model
        row: Row = model._base_manager.select_for_update().get(pk=instance.pk)
        before = getattr(row, self.field)
        if before not in chosen.sources:
            raise StaleMove(self._stale(row))
        if chosen.guard and (found := chosen.guard(actor, row, **details)) is not None:
            raise Refused(found)
        setattr(row, self.field, chosen.target)
        changed = [self.field]
        if isinstance(row, Stamped):
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

    def _stale(self, row: Row) -> Refusal:
        thing = self.model._meta.verbose_name
        state = getattr(row, f"get_{self.field}_display", lambda: getattr(row, self.field))()
        who = getattr(row, "updated_by_name", "")
        if who:
            return Refusal(
                edits.STALE,
                _t("This %(thing)s is already “%(state)s”. %(who)s changed it.")
                % {"thing": thing, "state": state, "who": who},
            )
        return Refusal(
            edits.STALE, _t("This %(thing)s is already “%(state)s”.") % {"thing": thing, "state": state}
        )


_HELD: dict[type[models.Model], Workflow[Any]] = {}


def held(model: type[models.Model]) -> Workflow[Any] | None:
    """The workflow of a model that the database holds, if there is one."""
    return _HELD.get(model)


NEEDS_ACTOR = Refusal("no_actor", _("Only a signed-in person can do this."))
