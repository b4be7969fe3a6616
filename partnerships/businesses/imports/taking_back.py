"""An import is taken back: what it added goes, what it changed becomes what it was.

What a person changed since stays, field by field, and so does a place to which something belongs by now: a
contact, a claim, an application. Which ones stay, and why, is kept as `ImportChange`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pghistory.models import Event

from core import audit, clock, locks, words
from core.access import Actor, Refusal, Refused, check
from core.progress import Progress
from partnerships.businesses.models import (
    Business,
    DuplicatePair,
    ImportBatch,
    ImportChange,
    Organization,
    SourceRecord,
    Stays,
)

from . import LOCK, before

GONE = Refusal("import_gone", gettext_lazy("This import was taken back already."))
TOO_LATE = Refusal(
    "import_too_late",
    format_lazy(
        gettext_lazy("An import can be taken back for {days} days. That time has passed."),
        days=before.KEPT_FOR,
    ),
)
NOT_OF_PLACES = Refusal("import_of_areas", gettext_lazy("Only an import of businesses can be taken back."))
_PLACES = Business._meta.db_table
_ORGANIZATIONS = Organization._meta.db_table


@dataclass
class Undone:
    """What came of it, or would.

    Attributes:
        removed: places that the import had added and that go.
        organizations: organizations that go with them.
        restored: places that become what they were.
        stayed: places of which something, or all, stays as it is.
    """

    removed: int = 0
    organizations: int = 0
    restored: int = 0
    stayed: int = 0


def refusal(batch: ImportBatch) -> Refusal | None:
    """Why an import can't be taken back now, or `None`."""
    if batch.kind != "businesses":
        return NOT_OF_PLACES
    if batch.taken_back_at is not None:
        return GONE
    if batch.at < clock.now() - timedelta(days=before.KEPT_FOR):
        return TOO_LATE
    rows = ImportBatch.objects.filter(kind=batch.kind, preset=batch.preset, taken_back_at=None)
    later = rows.filter(pk__gt=batch.pk).order_by("-pk").first()
    if later is None:
        return None
    told = _("A later file of the same kind was imported: “%(file)s” on %(day)s. Take that one back first.")
    return Refusal("import_not_last", told % {"file": later.file_name, "day": words.day(later.at, "long")})


def outlook(batch: ImportBatch) -> Undone:
    """What would come of taking an import back now; nothing is changed.

    Args:
        batch: an import of businesses.
    """
    values = _values(batch, None)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FILTER (WHERE {_stays()} IS NULL), "  # noqa: S608  (our own text, no values)
            f"count(*) FILTER (WHERE {_stays()} IS NOT NULL) "
            f"FROM {_PLACES} b JOIN {_ORGANIZATIONS} o ON o.id = b.organization_id "
            "WHERE b.batch_id = %(batch)s",
            values,
        )
        removed, stays = cursor.fetchone()
        cursor.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {_touched()}) FROM {_of_places()}",  # noqa: S608
            values,
        )
        changed, touched = cursor.fetchone()
    return Undone(removed=removed, restored=changed, stayed=stays + touched)


def take_back(*, batch: ImportBatch, actor: Actor, progress: Progress | None = None) -> Undone:
    """Take an import back, all of it or nothing.

    Args:
        batch: the import; it is read again under a lock.
        actor: an admin or a supervisor; `None` for the system.
        progress: told the steps and how many there are. When it raises, nothing is changed.

    Returns:
        What came of it.

    Raises:
        Refused: the actor may not, it was taken back already, its time is over, or a later file of its kind
            was imported.
    """
    check(actor, "businesses.import_files")
    with transaction.atomic():
        locks.one_at_a_time(LOCK)
        row = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if (found := refusal(row)) is not None:
            raise Refused(found)
        values, done = _values(row, actor), Undone()
        for step, _nothing in enumerate(_steps(values, done), 1):
            if progress is not None:
                progress(step, len(_STEPS))
        row.taken_back_at, row.taken_back_by = values["now"], values["name"]
        row.save(update_fields=["taken_back_at", "taken_back_by"])
        audit.record(
            "businesses.import_taken_back", row, actor=actor, detail=f"{done.removed}+{done.restored}"
        )
    return done


def _values(batch: ImportBatch, actor: Actor) -> dict[str, Any]:
    name = str(getattr(actor, "display_name", actor) or "")[:200]
    return {
        "batch": batch.pk,
        "at": batch.at,
        "source": batch.preset,
        "now": clock.now(),
        "today": clock.today(),
        "name": name,
        "by": f"import of {batch.file_name} taken back"[:200],
    }


def _steps(values: dict[str, Any], done: Undone) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_min_messages = warning")
        # As in an import: row triggers ask for this setting, and its absence costs a caught error each time.
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
        cursor.execute("DROP TABLE IF EXISTS goes")
        for name, statement in _STEPS:
            cursor.execute(statement(), values)
            if name:
                setattr(done, name, getattr(done, name) + cursor.rowcount)
            yield


def _uses(model: type[models.Model], row: str) -> str:
    """Whether anything belongs to a row, in SQL: of every table that points to it, whichever room's it is.

    Args:
        model: whose row it is.
        row: its alias.
    """
    found = []
    for each in model._meta.get_fields(include_hidden=True):
        other = each.related_model
        if not (each.one_to_many or each.one_to_one) or not each.auto_created or each.concrete:
            continue
        if not isinstance(other, type) or issubclass(other, (Event, ImportChange, DuplicatePair)):
            continue
        if (model, other) == (Organization, Business):  # its places are looked at one by one
            continue
        found.append(
            f"EXISTS (SELECT FROM {other._meta.db_table} r "  # noqa: S608  (our own text, no values)
            f"WHERE r.{each.field.column} = {row}.id)"  # type: ignore[union-attr]  # a relation
        )
    return f"({' OR '.join(found)})"


def _looked_at(row: str) -> str:
    """Whether somebody said of a place that it is not the same as another."""
    return (
        f"EXISTS (SELECT FROM {DuplicatePair._meta.db_table} p WHERE p.status <> 'open' "  # noqa: S608
        f"AND {row}.id IN (p.one_id, p.other_id))"
    )


def _later(row: str) -> str:
    """Whether another import changed a place since."""
    return (
        f"EXISTS (SELECT FROM {ImportChange._meta.db_table} c "  # noqa: S608  (our own text, no values)
        f"WHERE c.business_id = {row}.id AND c.batch_id <> %(batch)s)"
    )


def _stays() -> str:
    """Why a place `b` that the import added, of organization `o`, is not removed; NULL when it is."""
    new = "(o.source = %(source)s AND o.created_at = %(at)s)"
    return (
        f"CASE WHEN {_uses(Business, 'b')} OR {_looked_at('b')} OR ({new} AND {_uses(Organization, 'o')}) "
        f"THEN '{Stays.IN_USE}' "
        f"WHEN b.updated_at <> %(at)s OR ({new} AND o.updated_at <> %(at)s) OR {_later('b')} "
        f"THEN '{Stays.CHANGED}' END"
    )


def _of_places() -> str:
    """The places `b` that the import changed, as they `was` before it and as they `became`."""
    return (
        f"{ImportChange._meta.db_table} c JOIN {_PLACES} b ON b.id = c.business_id, "
        f"jsonb_populate_record(NULL::{_PLACES}, c.before) was, "
        f"jsonb_populate_record(NULL::{_PLACES}, c.after) became "
        "WHERE c.batch_id = %(batch)s"
    )


def _touched() -> str:
    """Whether a person changed something since of what the import changed of a place."""
    return " OR ".join(
        f"(was.{name} IS DISTINCT FROM became.{name} AND b.{name} IS DISTINCT FROM became.{name})"
        for name in before.restored()
    )


def _restored(name: str) -> str:
    """What a column of a place becomes: what it was, unless somebody changed it since."""
    same = f"b.{name} IS NOT DISTINCT FROM became.{name}"
    if name in {"latitude", "longitude", "area_id"}:  # one thing: where it is
        same = " AND ".join(
            f"b.{each} IS NOT DISTINCT FROM became.{each}" for each in ("latitude", "longitude", "area_id")
        )
    if name == "closed_on":  # a day before it opened is none that the table takes
        same += " AND (was.closed_on >= b.opened_on) IS NOT FALSE"
    return f"{name} = CASE WHEN {same} THEN was.{name} ELSE b.{name} END"


# Whoever works with one of them waits until we are done, or we for them: nothing can begin to belong to a
# place between the look at it and its end. In the order of `services/turns.py`.
def _organizations_in_turn() -> str:
    return f"""
SELECT FROM {_ORGANIZATIONS} WHERE id IN (
    SELECT organization_id FROM {_PLACES} WHERE batch_id = %(batch)s
    UNION SELECT organization_id FROM {ImportChange._meta.db_table} WHERE batch_id = %(batch)s
    UNION SELECT b.organization_id FROM {_PLACES} b JOIN {ImportChange._meta.db_table} c
        ON c.business_id = b.id WHERE c.batch_id = %(batch)s
) ORDER BY id FOR UPDATE
"""  # noqa: S608  (our own text, no values)


def _places_in_turn() -> str:
    return f"""
SELECT FROM {_PLACES} WHERE batch_id = %(batch)s OR id IN (
    SELECT business_id FROM {ImportChange._meta.db_table} WHERE batch_id = %(batch)s
) ORDER BY id FOR UPDATE
"""  # noqa: S608  (our own text, no values)


def _look() -> str:
    return f"""
CREATE TEMPORARY TABLE goes ON COMMIT DROP AS
SELECT b.id, b.organization_id, {_stays()} AS stays
FROM {_PLACES} b JOIN {_ORGANIZATIONS} o ON o.id = b.organization_id WHERE b.batch_id = %(batch)s
"""  # noqa: S608  (our own text, no values)


def _told_to_stay() -> str:
    return f"""
INSERT INTO {ImportChange._meta.db_table} (batch_id, business_id, before, after, stays)
SELECT %(batch)s, id, '{{}}', '{{}}', stays FROM goes WHERE stays IS NOT NULL ORDER BY id
"""  # noqa: S608  (our own text, no values)


def _forget_pairs() -> str:
    # That it may be one with another place is nobody's word, until somebody said that it is not.
    table = DuplicatePair._meta.db_table
    gone = "(SELECT id FROM goes WHERE stays IS NULL)"
    return f"DELETE FROM {table} WHERE one_id IN {gone} OR other_id IN {gone}"  # noqa: S608


def _remove_places() -> str:
    return f"DELETE FROM {_PLACES} b USING goes g WHERE g.id = b.id AND g.stays IS NULL"  # noqa: S608


def _remove_organizations() -> str:
    return f"""
DELETE FROM {_ORGANIZATIONS} o
WHERE o.id IN (SELECT organization_id FROM goes WHERE stays IS NULL)
  AND o.source = %(source)s AND o.created_at = %(at)s AND o.updated_at = %(at)s
  AND NOT EXISTS (SELECT FROM {_PLACES} b WHERE b.organization_id = o.id)
  AND NOT {_uses(Organization, "o")}
"""  # noqa: S608  (our own text, no values)


def _tell_touched() -> str:
    return f"""
UPDATE {ImportChange._meta.db_table} SET stays = '{Stays.CHANGED}'
WHERE id IN (SELECT c.id FROM {_of_places()} AND c.before <> '{{}}' AND ({_touched()}))
"""  # noqa: S608  (our own text, no values)


def _restore_places() -> str:
    changes = ", ".join(_restored(name) for name in before.restored())
    return f"""
UPDATE {_PLACES} b
SET {changes}, imported = was.imported, updated_at = %(now)s, updated_by_name = %(by)s
FROM {ImportChange._meta.db_table} c,
     jsonb_populate_record(NULL::{_PLACES}, c.before) was,
     jsonb_populate_record(NULL::{_PLACES}, c.after) became
WHERE c.batch_id = %(batch)s AND b.id = c.business_id AND c.before <> '{{}}'
"""  # noqa: S608  (our own text, no values)


def _restore_organizations() -> str:
    names = ", ".join(
        f"{name} = CASE WHEN o.{name} = became.{name} THEN was.{name} ELSE o.{name} END"
        for name in before.OF_ORGANIZATION
    )
    return f"""
UPDATE {_ORGANIZATIONS} o
SET {names}, updated_at = %(now)s, updated_by_name = %(by)s
FROM {ImportChange._meta.db_table} c,
     jsonb_populate_record(NULL::{_ORGANIZATIONS}, c.before) was,
     jsonb_populate_record(NULL::{_ORGANIZATIONS}, c.after) became
WHERE c.batch_id = %(batch)s AND o.id = c.organization_id
"""  # noqa: S608  (our own text, no values)


def _forget_records() -> str:
    return f"DELETE FROM {SourceRecord._meta.db_table} WHERE batch_id = %(batch)s"  # noqa: S608


def _forget() -> str:
    return f"DELETE FROM {ImportChange._meta.db_table} WHERE batch_id = %(batch)s AND stays = ''"  # noqa: S608


_STEPS = (
    ("", _organizations_in_turn),
    ("", _places_in_turn),
    ("", _look),
    ("stayed", _told_to_stay),
    ("", _forget_pairs),
    ("removed", _remove_places),
    ("organizations", _remove_organizations),
    ("stayed", _tell_touched),
    ("restored", _restore_places),
    ("", _restore_organizations),
    ("", _forget_records),
    ("", _forget),
)
