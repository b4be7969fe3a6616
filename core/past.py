"""What was done to a row, and to all that hangs on it: the audit, with old and new values beside it.

The audit says who, when and which fields, never a value. The values stand in the history tables, which
triggers write whatever way a row is changed. Both of one change are written in one transaction, and bear its
time.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import CharField, Model, Q, Value
from django.db.models.functions import Cast
from pghistory.models import Event

from core.access import Actor
from core.models import AuditEntry, Stamped

LONGEST = 1000  # of what the audit tells, and of what each history table tells
Keys = Mapping[type[Model], Collection[str]]
Lookups = dict[str, Any]
# Noted by every write: no change of its own.
_BESIDE = {"id", *(each.name for each in Stamped._meta.get_fields())}


@dataclass(frozen=True)
class Diff:
    """What became of a row's columns, as its history table has it.

    Args:
        model: whose row.
        key: of the row.
        at: when the transaction began.
        how: `insert`, `update` or `delete`.
        by: who changed the row last, as the row says.
        values: old and new value by column, `None` for none.
    """

    model: type[Model]
    key: str
    at: datetime
    how: str
    by: str
    values: dict[str, tuple[Any, Any]]


@dataclass
class Happening:
    """Something that was done.

    Attributes:
        at: when.
        who: in words; empty where nobody knows.
        model, key: the row it was done to.
        entry: what the audit tells of it; `None` where the history tables alone know.
        diffs: the columns that changed.
    """

    at: datetime
    who: str
    model: type[Model] | None
    key: str
    entry: AuditEntry | None = None
    diffs: list[Diff] = field(default_factory=list)


@cache
def paths_to(top: type[Model]) -> dict[type[Model], str]:
    """The models whose rows hang on one of `top`, each with the shortest way up to it.

    Returns:
        Lookups by model, such as `application__organization`; that of `top` itself is `pk`.
    """
    found = {top: "pk"}
    waiting = deque([top])
    while waiting:
        parent = waiting.popleft()
        for link in parent._meta.get_fields(include_hidden=True):
            child: Any = link.related_model
            if not (link.one_to_many or link.one_to_one) or not link.auto_created or child in found:
                continue
            if child._meta.auto_created or issubclass(child, Event):
                continue
            up = link.field.name  # type: ignore[union-attr]  # it is the other side of a foreign key
            found[child] = up if parent is top else f"{up}__{found[parent]}"
            waiting.append(child)
    return found


@cache
def _table_of(model: type[Model]) -> Any:
    """The history table of a model, or `None`."""
    tables = [each for each in apps.get_models() if issubclass(each, Event)]
    return next((each for each in tables if each.pgh_tracked_model is model), None)


def keys(rows: Sequence[Model], *, above: str = "") -> Keys:
    """Rows and all that hangs on them, also what was deleted since if a history table knows it.

    Args:
        rows: of one model, at least one.
        above: their foreign key to rows that are told of as well, with what hangs on those alone.
    """
    model, pks = type(rows[0]), [row.pk for row in rows]
    own = paths_to(model)
    ways: dict[type[Model], list[Lookups]] = {each: [{f"{path}__in": pks}] for each, path in own.items()}
    if above:
        tops: list[Model] = [getattr(row, above) for row in rows]
        for each, path in paths_to(type(tops[0])).items():
            up = {f"{path}__in": [top.pk for top in tops]}
            if each not in own:
                ways[each] = [up]
            elif each is not model:
                ways[each].append({**up, f"{own[each]}__isnull": True})
    return _read(ways)


def _read(ways: dict[type[Model], list[Lookups]]) -> Keys:
    """The keys that some lookups find, in the tables and in the history tables, in one query."""
    sets = []
    for model, lookups in ways.items():
        table, label = _table_of(model), Value(model._meta.label, CharField())
        condition = reduce(or_, (Q(**each) for each in lookups))
        sets.append(model._base_manager.filter(condition).values_list(label, Cast("pk", CharField())))
        columns = {each.name for each in table._meta.get_fields()} - {"id"} if table else set()
        if {name.partition("__")[0] for each in lookups for name in each} <= columns:
            rows = table._base_manager.filter(condition)
            sets.append(rows.values_list(label, Cast("pgh_obj_id", CharField())))
    found: dict[type[Model], set[str]] = defaultdict(set)
    first, *others = (each.order_by() for each in sets)
    for label, key in first.union(*others):
        found[apps.get_model(label)].add(key)
    return found


def about(found: Keys) -> Q:
    """Of the audit, what was done to rows with these keys."""
    wanted = (Q(target_type=model._meta.label_lower, target_id__in=pks) for model, pks in found.items())
    return reduce(or_, wanted, Q(pk__in=[]))


def happenings(found: Keys, user: Actor) -> list[Happening]:
    """What was done to rows with these keys, the newest first.

    Args:
        found: of `keys`.
        user: for whom; the audit is for administrators.
    """
    entries = list(AuditEntry.objects.visible_to(user).filter(about(found)).order_by("-pk")[:LONGEST])[::-1]
    told: list[Happening] = []
    together: dict[Any, list[Happening]] = defaultdict(list)
    for entry in entries:
        told.append(Happening(entry.at, entry.actor_label, model_of(entry), entry.target_id, entry))
        together[entry.transaction_at].append(told[-1])
    # Both from the last to the first, so that what was done twice in a transaction finds its own values.
    for diff in (diff for model, pks in found.items() for diff in reversed(list(_diffs(model, pks)))):
        act = next(iter(together[diff.at]), None)
        mine = _told_by(diff, reversed(together[diff.at]))
        if mine is None:
            at, who = (act.at, act.who) if act else (diff.at, diff.by)
            mine = Happening(at, who, diff.model, diff.key)
            told.append(mine)
        mine.diffs.append(diff)
    return sorted(told, key=lambda each: each.at, reverse=True)


def _told_by(diff: Diff, together: Iterable[Happening]) -> Happening | None:
    """Of what was done in the same transaction: to its row, the next that does not tell of it yet."""
    mine = [each for each in together if (each.model, each.key) == (diff.model, diff.key)]
    free = [each for each in mine if not any(_clash(diff, other) for other in each.diffs)]
    named = (each for each in free if each.entry and diff.values.keys() & set(each.entry.changed))
    return next(named, next(iter(free), None))


def _clash(one: Diff, other: Diff) -> bool:
    """Whether they can't both come of one act: made and changed, or one column changed twice."""
    return one.how != other.how or bool(one.values.keys() & other.values)


def _diffs(model: type[Model], pks: Collection[str]) -> Iterator[Diff]:
    """What the history table of a model holds on some rows, the oldest first."""
    table = _table_of(model)
    if table is None:
        return
    rows = list(table._base_manager.filter(pgh_obj_id__in=pks).order_by("-pgh_id")[:LONGEST])[::-1]
    kept = {each.name for each in table._meta.concrete_fields} - _BESIDE
    columns = [each for each in model._meta.concrete_fields if each.name in kept]
    last: dict[Any, Any] = {}
    for row in rows:
        then = last.get(row.pgh_obj_id)
        last[row.pgh_obj_id] = row
        if row.pgh_label == "update" and then is None:
            continue  # what it was before is older than what was read
        both = {each.name: _two(each, row, then) for each in columns}
        values = {name: (old, new) for name, (old, new) in both.items() if old != new}
        if values:
            by = getattr(row, "updated_by_name", "")
            yield Diff(model, str(row.pgh_obj_id), row.pgh_created_at, row.pgh_label, by, values)


def _two(column: Any, row: Any, then: Any) -> tuple[Any, Any]:
    """A column's value before and after; empty is as good as none."""
    value = getattr(row, column.attname)
    if row.pgh_label == "delete":
        return value or None, None
    if row.pgh_label == "insert":
        return None, None if not value or value == column.get_default() else value
    return getattr(then, column.attname), value


def model_of(entry: AuditEntry) -> type[Model] | None:
    """The model of the row that an entry of the audit tells of, if there still is one."""
    try:
        return apps.get_model(entry.target_type)
    except (LookupError, ValueError):
        return None


def names(found: Keys) -> dict[tuple[type[Model], str], str]:
    """What rows are called, by model and key, in a query for each model."""
    words: dict[tuple[type[Model], str], str] = {}
    for model, pks in found.items():
        along = [each.name for each in model._meta.fields if each.is_relation]
        rows = model._base_manager.select_related(*along) if along else model._base_manager.all()
        words |= {(model, str(row.pk)): str(row) for row in rows.filter(pk__in=pks)}
    return words
