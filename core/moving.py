"""What follows when one row is merged into another: each room says so for its own tables.

In its `movers.py`:

    FOLLOWS = (
        Follows("events.Event.host", _("event"), _("events")),
        Follows("businesses.Claim.business", _("claim"), _("claims"), beside=_claimed_twice),
    )
    STAYS = {"businesses.Merge.kept": "tells what was merged"}

A column or a link table that points to a row which can be merged stands in one of the two; a test names one
that does not. The room whose rows are merged carries it out (`hand_over`) and takes it back (`hand_back`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ManyToManyField, Model

from core import rooms

from .models.base import Changed

# `(gone, kept) -> rows`: of what would follow, or of what is there, the rows that can't stand beside others.
Beside = Callable[[int, int], Any]


class Exactly(DjangoJSONEncoder):
    """For a journal: a moment is kept to the microsecond."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


@dataclass(frozen=True)
class Follows:
    """A column, or a link table, whose rows follow to the row that is kept.

    Args:
        relation: `<app>.<Model>.<field>`.
        one, several: what a row is called, for the page that says what moves.
        beside: which rows are set aside, since they can't stand beside those that are there. They are
            deleted, kept word by word with the merge, and come back when it is undone.
        of: `<app>.<Model>` that a plain number points to; a foreign key says it itself.
        stays_changed: whether a row that was changed since stays where it is when the merge is undone.
        only: which rows follow at all; all by default.
        behind: which rows stay with what is given up, since they can't stand beside others and tell what was.
    """

    relation: str
    one: Any
    several: Any
    beside: Beside | None = None
    of: str = ""
    stays_changed: bool = False
    only: Callable[[Any], Any] | None = None
    behind: Beside | None = None

    @property
    def model(self) -> Any:
        """Whose rows follow: of a link table, that table."""
        found, name = self._parts()
        column = found._meta.get_field(name)
        return column.remote_field.through if isinstance(column, ManyToManyField) else found

    @property
    def column(self) -> str:
        """The column that names the row."""
        found, name = self._parts()
        column = found._meta.get_field(name)
        return str(column.m2m_reverse_name()) if isinstance(column, ManyToManyField) else column.attname

    @property
    def links(self) -> str:
        """Of a link table the column that names the row on the other side; else ""."""
        found, name = self._parts()
        column = found._meta.get_field(name)
        return str(column.m2m_column_name()) if isinstance(column, ManyToManyField) else ""

    @property
    def owner(self) -> str:
        """Of a link table the label of the model on the other side; else that of the model itself."""
        return str(self._parts()[0]._meta.label)

    @property
    def target(self) -> str:
        """The label of the model that it points to."""
        found, name = self._parts()
        return self.of or str(found._meta.get_field(name).related_model._meta.label)

    def rows(self, number: int) -> Any:
        """Those that point to a row.

        Args:
            number: of it.
        """
        found = self.model._base_manager.filter(**{self.column: number}).order_by("pk")
        return self.only(found) if self.only else found

    def _parts(self) -> tuple[Any, str]:
        label, _dot, name = self.relation.rpartition(".")
        return apps.get_model(label), name


@dataclass
class Left:
    """What undoing left as it is.

    Attributes:
        stayed: `relation, number, words` of rows that stay where they are.
        changed: the same of rows that went back with what was changed since.
        gone: how many rows are no longer there.
    """

    stayed: list[tuple[str, int, str]] = field(default_factory=list)
    changed: list[tuple[str, int, str]] = field(default_factory=list)
    gone: int = 0


def follows(target: str = "") -> Iterator[Follows]:
    """What follows, of every room from the top down.

    Args:
        target: the label of a model; "" for all.
    """
    for _room, offered in rooms.offered("movers", "FOLLOWS"):
        for each in offered:
            if not target or each.target == target:
                yield each


def stays() -> dict[str, str]:
    """What does not follow, with the reason, of every room."""
    return {
        relation: why for _room, told in rooms.offered("movers", "STAYS") for relation, why in told.items()
    }


def counted(target: str, gone: int) -> list[tuple[Follows, int]]:
    """What would follow, and how many of each; a query for each relation.

    Args:
        target: the label of the model that is merged.
        gone: the number of the row that is given up.
    """
    found = ((each, each.rows(gone).count()) for each in follows(target))
    return [(each, n) for each, n in found if n]


def hand_over(target: str, gone: int, kept: int) -> list[dict[str, Any]]:
    """Let everything that points to one row point to another, in the transaction that is open.

    Args:
        target: the label of their model.
        gone: the number of the row that is given up.
        kept: of the one that stays.

    Returns:
        A journal that JSON can hold, for `hand_back`.
    """
    return [entry for each in follows(target) if (entry := _hand_over(each, gone, kept))]


def _hand_over(each: Follows, gone: int, kept: int) -> dict[str, Any] | None:
    if not each.rows(gone).exists():
        return None
    aside = list(_beside(each, gone, kept))
    words = _in_words(each.model, aside)
    for row in aside:
        row.delete()
    behind = {row.pk for row in each.behind(gone, kept)} if each.behind else set()
    numbers = [pk for pk in each.rows(gone).values_list("pk", flat=True) if pk not in behind]
    if numbers:
        each.model._base_manager.filter(pk__in=numbers).update(**{each.column: kept})
    return {
        "relation": each.relation, "gone": gone, "kept": kept, "moved": numbers, "aside": words,
    }  # fmt: skip


def _in_words(model: Any, rows: list[Any]) -> list[dict[str, Any]]:
    """Rows word by word, each link of theirs as a row of its own."""
    columns = [column.name for column in model._meta.concrete_fields]
    found = list(serializers.serialize("python", rows, fields=columns))
    for links in model._meta.local_many_to_many:
        through = links.remote_field.through
        theirs = through._base_manager.filter(**{f"{links.m2m_column_name()}__in": [row.pk for row in rows]})
        found += serializers.serialize("python", theirs.order_by("pk"))
    return found


def _beside(each: Follows, gone: int, kept: int) -> Any:
    if each.links:  # a pair of a link table is there once
        there = each.rows(kept).values(each.links)
        return each.rows(gone).filter(**{f"{each.links}__in": there})
    return each.beside(gone, kept) if each.beside else ()


def hand_back(journal: Sequence[dict[str, Any]], since: Any) -> Left:
    """Let what followed point to where it pointed before, the last first, and bring back what was set aside.

    What a person changed since stays changed. A row that points elsewhere by now, or that is not there any
    more, is left alone; so is one whose room says that it stays once it was changed, with its links.

    Args:
        journal: of `hand_over`.
        since: the moment of the merge.
    """
    left = Left()
    known = {each.relation: each for each in follows()}
    stayed: set[tuple[str, int]] = set()
    found = [(each, entry) for entry in reversed(journal) if (each := known.get(entry["relation"]))]
    # Links come behind the rows that have them: what set those aside took their links along.
    for each, entry in sorted(found, key=lambda pair: bool(pair[0].links)):
        _hand_back(each, entry, since, left, stayed)
    return left


def _hand_back(
    each: Follows, entry: dict[str, Any], since: Any, left: Left, stayed: set[tuple[str, int]]
) -> None:
    here = list(each.model._base_manager.filter(pk__in=entry["moved"]))
    left.gone += len(entry["moved"]) - len(here)
    back = []
    for row in here:
        changed = isinstance(row, Changed) and row.updated_at > since
        linked = bool(each.links) and (each.owner, getattr(row, each.links)) in stayed
        elsewhere = getattr(row, each.column) != entry["kept"]
        if elsewhere or linked or (changed and each.stays_changed):
            stayed.add((each.model._meta.label, row.pk))
            if not linked:
                left.stayed.append((each.relation, row.pk, str(row)))
            continue
        back.append(row.pk)
        if changed:
            left.changed.append((each.relation, row.pk, str(row)))
    each.model._base_manager.filter(pk__in=back).update(**{each.column: entry["gone"]})
    for found in serializers.deserialize("python", entry["aside"], ignorenonexistent=True):
        found.save()


def relations_to(*targets: str) -> Iterator[tuple[str, type[Model]]]:
    """Every column and link table that points to one of these models, as `<app>.<Model>.<field>`.

    Args:
        targets: labels of models.
    """
    for model in apps.get_models():
        for column in (*model._meta.concrete_fields, *model._meta.local_many_to_many):
            if column.related_model is not None and column.related_model._meta.label in targets:
                yield f"{model._meta.label}.{column.name}", model
