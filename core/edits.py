"""How a row that people edit is changed: what may change, whose version counts, who did it.

    row = edits.locked(business)
    edits.change(
        row, fields, allowed=BUSINESS_FIELDS, verb="businesses.business_changed", by=actor, seen=seen
    )

A page with a form hands on the version that its reader saw: whoever was quicker is not overwritten unseen.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from core import words

from . import audit
from .access import Actor, Refusal, Refused
from .models.base import Changed
from .typed import kind_of

RowT = TypeVar("RowT", bound=Changed)

# The code of every refusal because someone was quicker: an edit of an older version, a move, a step.
STALE = "stale"


def stale_edit(row: Changed) -> Refusal:
    """The refusal of an edit of an older version: who changed the row since, and when.

    Args:
        row: as it stands now.
    """
    return Refusal(
        STALE,
        _(
            "Changed by %(name)s at %(time)s. Your text is kept below. "
            "Compare the two versions, then save once more to replace theirs."
        )
        % {
            "name": row.updated_by_name or _("someone else"),
            # The sentence ends with the dot of "a.m."
            "time": words.moment(row.updated_at).rstrip("."),
        },
    )


def only(fields: Iterable[str], allowed: Collection[str]) -> None:
    """Refuse fields that are not to be written this way: the caller's mistake, not a person's.

    Raises:
        TypeError: names them.
    """
    if unknown := set(fields) - set(allowed):
        raise TypeError(f"Not to be written here: {', '.join(sorted(unknown))}.")


def typed(model: type[Model], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields with the texts among them as they are kept: names, states, addresses (`core.typed`).

    Args:
        model: whose columns they are; one that it lacks stays as it is.
        fields: values by field.

    Raises:
        Refused: what is written there can't be kept, or there is none where one is needed.
    """
    kept = dict(fields)
    for column in model._meta.concrete_fields:
        kind = kind_of(column) if column.name in fields else None
        if kind is None:
            continue
        try:
            kept[column.name] = kind.clean(fields[column.name])
            if not column.blank:
                kind.check(kept[column.name])
        except ValidationError as error:
            raise Refused(Refusal(error.code or "", error.messages[0], field=column.name)) from None
    return kept


def locked(row: RowT) -> RowT:
    """The row as it is now, for us alone until the transaction ends."""
    found: RowT = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    return found


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one. Moments are compared in one zone: Python finds no moment of an hour that
    comes twice equal to the same one in another zone.
    """
    if isinstance(one, datetime) and isinstance(other, datetime) and one.tzinfo and other.tzinfo:
        return one.astimezone(UTC) == other.astimezone(UTC)
    return bool(one == other)


def change(
    row: RowT,
    fields: Mapping[str, Any],
    *,
    allowed: Collection[str],
    verb: str,
    by: Actor,
    seen: datetime | None = None,
    settle: Callable[[RowT, set[str]], Iterable[str] | None] | None = None,
) -> set[str]:
    """Write what really changed, stamped and with one audit row; nothing when nothing did.

    Args:
        row: read in this transaction, usually by `locked`. Afterwards it holds the new values.
        fields: new values by field.
        allowed: the fields that may be written this way.
        verb: for the audit.
        by: who caused it; nobody is asked here. `None` for the system.
        seen: `updated_at` of the version the editor saw; `None` to skip the check.
        settle: what follows from the change. It gets the row with its new values and the names of what
            changed, may set more of the row or raise `Refused`, and answers what it changed beside the row.

    Returns:
        The names of what changed: those of `allowed`, and what `settle` answered.

    Raises:
        Refused: someone else was quicker (code `STALE`), or a text can't be kept (`typed`).
        TypeError: a field that is not `allowed`.
    """
    only(fields, allowed)
    model, read = type(row), row.updated_at
    fields = typed(model, fields)
    if seen is not None and read != seen:
        raise Refused(stale_edit(row))
    before = {field: getattr(row, field.attname) for field in model._meta.concrete_fields}
    changed = {name for name, value in fields.items() if not _same(getattr(row, name), value)}
    for name in changed:
        setattr(row, name, fields[name])
    beside = set((settle(row, changed) if settle else None) or ())
    written = {field for field, value in before.items() if not _same(getattr(row, field.attname), value)}
    if not written and not beside:
        return set()
    row.stamp(by)
    values = {field.attname: getattr(row, field.attname) for field in written}
    stamps = {"updated_at": row.updated_at, "updated_by_name": row.updated_by_name}
    # Where the row was not locked, whoever was quicker stands.
    if not model._base_manager.filter(pk=row.pk, updated_at=read).update(**{**values, **stamps}):
        raise Refused(stale_edit(model._base_manager.get(pk=row.pk)))
    told = {field.name for field in written if field.name in allowed} | beside
    audit.record(verb, row, actor=by, changed=told)
    return told
