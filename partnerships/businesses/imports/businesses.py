"""A license file into the registry: COPY into a temporary table, then a few statements for all rows at once.

Account → organization, account and site → place of business. Everything happens in one transaction. What a
person changed in the product stands: a field follows the file only while it still has the value that the file
gave it (`imported` keeps that value). See docs/decisions/0021-import.md; `statements` holds the SQL.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import audit, clock, locks, words
from core.access import check
from core.progress import Progress
from partnerships.businesses.geography import Locator
from partnerships.businesses.models import ImportBatch, Industry

from . import LOCK, before, positions, second, statements, survivors
from .errors import ImportRefusedError, sentence
from .fields import Value
from .presets import Preset
from .reading import read_rows
from .rows import Row, Tally

CHUNK = 2_000
A_FEW = 10  # places that any file may close


@dataclass
class Report:
    """What came of a file: `rows = created + updated + unchanged + merged + rejected + left_out +
    by_choice`.

    Attributes:
        merged: rows that were a further license of a place already in the file.
        left_out: rows of no business yet, by the state of their license.
        by_choice: rows that whoever imports leaves out: of places run from a home, or outside the city.
        closed: places that were open here before and are closed by the file.
        open_before: places of this source that were open here before.
        organizations: organizations that are new.
        located: places of business that lie in an area.
        by_area: their number by the area's code.
        kept: places where a person's change stood against a new value in the file.
        matched: places that another source, or a person, had brought here before, and that this file adds to.
        unsure: places that could be one of several that are here; they are added, none is merged.
        placed: places that get a position, of a file of addresses; `updated` counts them, too.
        unknown: addresses of such a file at which nothing stands that lacks a position.
        outdated: places of which the file holds only older licenses than the registry knows; they stay.
        errors_left_out: bad rows beyond those listed.
        batch: the import's own number, by which its rows are found; `None` of a dry run.
    """

    file: str
    preset: str
    dry_run: bool
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    rejected: int = 0
    left_out: int = 0
    by_choice: int = 0
    closed: int = 0
    open_before: int = 0
    located: int = 0
    by_area: dict[str, int] = field(default_factory=dict)
    organizations: int = 0
    kept: int = 0
    outdated: int = 0
    matched: int = 0
    unsure: int = 0
    placed: int = 0
    unknown: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    errors_left_out: int = 0
    batch: int | None = None

    @property
    def closes_many(self) -> bool:
        """Whether it closes so much that a wrong or cut file is likely."""
        return closes_many(self.closed, self.open_before)


def closes_many(closed: int, open_before: int) -> bool:
    """Whether an import closes more than a fifth of the open places of its source, and more than a few."""
    return closed > A_FEW and closed * 5 > open_before


class _DryRunError(Exception):
    """Ends the transaction of a dry run."""


def import_businesses(
    path: Path,
    preset: Preset,
    *,
    actor: Any,
    name: str = "",
    dry_run: bool = False,
    close_many: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Read a license file into the registry, all of it or nothing.

    Args:
        path: the CSV file.
        preset: how to read it.
        actor: who imports, an admin or a supervisor; `None` for the system.
        name: what people call the file; its own name by default.
        dry_run: find out what would happen, and change nothing.
        close_many: also when it closes more than a fifth of what the source holds.
        progress: told the rows read and how many there are. When it raises, nothing is changed.

    Raises:
        ImportRefusedError: it is not a file of this kind, not one row of it is good, or it closes many.
        Refused: the actor may not.
    """
    check(actor, "businesses.import_files")
    report = Report(file=name or path.name, preset=preset.key, dry_run=dry_run)
    tally = Tally()
    try:
        with transaction.atomic():
            _load(path, name or str(path), preset, tally, report, actor, progress)
            if report.closes_many and not (dry_run or close_many):
                raise ImportRefusedError(
                    _(
                        "%(file)s closes %(closed)s of the %(open)s open businesses of its source. "
                        "See whether it is whole and read rightly; then say that it may close them."
                    )
                    % {
                        "file": report.file,
                        "closed": words.number(report.closed),
                        "open": words.number(report.open_before),
                    }
                )
            if dry_run:
                raise _DryRunError
    except _DryRunError:
        pass
    return report


def _load(
    path: Path,
    name: str,
    preset: Preset,
    tally: Tally,
    report: Report,
    actor: Any,
    progress: Progress | None,
) -> None:
    locks.one_at_a_time(LOCK)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_min_messages = warning")
        # Row triggers ask for this setting; while it is missing, each answer costs a caught error.
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
        cursor.execute("DROP TABLE IF EXISTS staged, sites, merged")
        cursor.execute(statements.staging())
        rows = read_rows(path, preset, tally, progress, name=name)
        staged = positions.find(cursor, rows) if preset.is_of_positions else _copy(cursor, rows)
        report.rows, report.rejected, report.left_out = tally.rows, tally.rejected, tally.left_out
        report.by_choice = tally.by_choice
        report.errors = [asdict(error) for error in tally.errors]
        report.errors_left_out = tally.rejected - len(tally.errors)
        if not tally.rows:
            raise ImportRefusedError(_("%(file)s has a header and no rows.") % {"file": name})
        if not staged:
            if not report.errors:
                raise ImportRefusedError(
                    _("Every row of %(file)s is left out, by choice or as of no business yet.")
                    % {"file": name}
                )
            first = report.errors[0]
            told = {
                "n": words.number(tally.rows),
                "file": name,
                "line": first["line"],
                "column": first["column"],
                "reason": sentence(first),
            }
            raise ImportRefusedError(
                _(
                    "None of the %(n)s rows of %(file)s can be read. "
                    "Line %(line)s, column “%(column)s”: %(reason)s"
                )
                % told
                if first["column"]
                else _("None of the %(n)s rows of %(file)s can be read. Line %(line)s: %(reason)s") % told
            )
        batch = ImportBatch.objects.create(
            kind="businesses",
            preset=preset.key,
            file_name=report.file[:255],
            sha256=_digest(path),
            by_name=str(getattr(actor, "display_name", actor) or "")[:200],
        )
        values = {
            "source": preset.key,
            "now": batch.at,
            "today": clock.today(),
            "by": f"import of {report.file}"[:200],
            "batch": batch.pk,
        }
        if preset.is_of_positions:
            _place(cursor, values, report)
        else:
            _write(cursor, values, report, staged)
        audit.record(
            "businesses.file_imported", batch, actor=actor, detail=f"{report.created}+{report.updated}"
        )
        report.batch = None if report.dry_run else batch.pk
        batch.report = {**asdict(report), "errors": report.errors[:50]}
        batch.save(update_fields=["report"])


def _copy(cursor: Any, rows: Iterator[Row]) -> int:
    """Stream the good rows into the temporary table, each with its area and its industry; answer how many."""
    industries = dict(Industry.objects.values_list("code", "pk"))
    locator = Locator()
    columns = tuple(statements.staged())
    staged = 0
    with cursor.copy(statements.copying()) as copy:
        while chunk := list(islice(rows, CHUNK)):
            areas = locator.locate([row.position for row in chunk])
            for row, area in zip(chunk, areas, strict=True):
                told: dict[str, Value] = {
                    **row.values,
                    "line": row.line,
                    "area_id": area,
                    "industry_id": industries.get(row.industry),
                    "industry_rank": row.industry_rank,
                }
                copy.write_row([told[column] for column in columns])
            staged += len(chunk)
    return staged


def _write(cursor: Any, values: dict[str, Any], report: Report, staged: int) -> None:
    def run(statement: str, own: Mapping[str, Any] | None = None) -> int:
        cursor.execute(statement, {**values, **(own or {})})
        return int(cursor.rowcount)

    run("ANALYZE staged")
    sites = run(statements.SITES)
    run("ANALYZE sites")
    report.merged = staged - sites
    report.unsure = second.find(cursor, values)
    report.organizations = run(*statements.new_organizations())
    run(before.FORGET)
    run(before.organizations(statements.RENAMED))
    run(statements.FIND_ORGANIZATIONS)
    run(statements.FIND_BUSINESSES)
    report.matched = second.keep(cursor, values)
    further = survivors.follow(run)
    sites, report.merged = sites - further, report.merged + further
    run(statements.CLOSED_BEFORE)
    run(statements.comparing())
    run(second.comparing())
    cursor.execute(statements.CLOSING, values)
    report.closed, report.open_before = cursor.fetchone()
    run(statements.TURNS)
    run(before.organizations(statements.RELETTERED))
    run(before.places())
    report.created = run(*statements.new_businesses())
    run(survivors.REMEMBER)
    report.updated = run(statements.updating())
    report.kept = run(statements.remembering())
    report.unchanged = sites - report.created - report.updated
    cursor.execute(statements.OUTDATED)
    (report.outdated,) = cursor.fetchone()
    cursor.execute(statements.BY_AREA)
    report.by_area = dict(cursor.fetchall())
    report.located = sum(report.by_area.values())


def _place(cursor: Any, values: dict[str, Any], report: Report) -> None:
    """Give places without a position theirs, of a file of addresses and positions."""
    cursor.execute(before.FORGET, values)
    cursor.execute(positions.TURNS)
    cursor.execute(before.places(), values)
    cursor.execute(statements.updating(), values)
    report.placed = report.updated = cursor.rowcount
    cursor.execute(positions.UNKNOWN)
    (report.unknown,) = cursor.fetchone()
    report.unchanged = report.unknown


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
