"""A license file into the registry: COPY into a temporary table, then a few statements for all rows at once.

Account → organization, account and site → place of business. Everything happens in one transaction. What a
person changed in the product stands: a field follows the file only while it still has the value that the file
gave it (`imported` keeps that value). See docs/decisions/0021-import.md.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from core import audit, clock, locks
from partnerships.businesses.geography import Locator
from partnerships.businesses.models import ImportBatch, Industry

from . import LOCK
from .errors import ImportRefusedError
from .presets import Preset
from .reading import Row, Tally, read_rows

CHUNK = 2_000

Progress = Callable[[int, int], None]


@dataclass
class Report:
    """What came of a file: `rows = created + updated + unchanged + merged + rejected`.

    Attributes:
        merged: rows that were a further license of a place already in the file.
        organizations: organizations that are new.
        located: places of business that lie in an area.
        by_area: their number by the area's code.
        kept: places where a person's change stood against a new value in the file.
        errors_left_out: bad rows beyond those listed.
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
    located: int = 0
    by_area: dict[str, int] = field(default_factory=dict)
    organizations: int = 0
    kept: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    errors_left_out: int = 0


class _DryRunError(Exception):
    """Ends the transaction of a dry run."""


STAGE = """
CREATE TEMPORARY TABLE staged (
    line integer, account_number text, site_number text, legal_name text, name text, street text, city text,
    state text, postal_code text, phone text, website text, latitude float8, longitude float8, area_id bigint,
    license_kind text, industry_id bigint, industry_rank smallint, issued_on date, license_until date
) ON COMMIT DROP
"""
COPY = "COPY staged FROM STDIN"

# One row per place: the latest license says how it is called and where it is, the surest one what it does.
SITES = """
CREATE TEMPORARY TABLE sites ON COMMIT DROP AS
SELECT latest.*, gathered.license_kinds, gathered.until, gathered.surest AS industry,
       NULL::bigint AS organization_id, NULL::bigint AS business_id, ''::text AS outcome
FROM (
    SELECT DISTINCT ON (account_number, site_number) *
    FROM staged ORDER BY account_number, site_number, issued_on DESC NULLS LAST, line DESC
) AS latest
JOIN (
    SELECT account_number, site_number,
           left(string_agg(DISTINCT NULLIF(license_kind, ''), ', '), 500) AS license_kinds,
           max(license_until) AS until,
           (array_agg(industry_id ORDER BY industry_rank, issued_on DESC NULLS LAST, line DESC)
               FILTER (WHERE industry_id IS NOT NULL))[1] AS surest
    FROM staged GROUP BY account_number, site_number
) AS gathered USING (account_number, site_number)
"""

# A new organization with one name at all its places has that name, a chain its legal name.
ORGANIZATIONS = """
INSERT INTO businesses_organization
    (name, legal_name, kind, source, account_number, standing, imported,
     created_at, updated_at, updated_by_name)
SELECT CASE WHEN count(DISTINCT s.name) = 1 OR max(s.legal_name) = '' THEN min(s.name)
            ELSE min(s.legal_name) END,
       min(s.legal_name), 'business', %(source)s, s.account_number, 'prospect',
       jsonb_build_object('legal_name', min(s.legal_name)), %(now)s, %(now)s, %(by)s
FROM sites s
WHERE NOT EXISTS (SELECT 1 FROM businesses_organization o
                  WHERE o.source = %(source)s AND o.account_number = s.account_number)
GROUP BY s.account_number
ORDER BY min(s.line)
"""
RENAMED = """
UPDATE businesses_organization o
SET legal_name = CASE WHEN o.legal_name = coalesce(o.imported->>'legal_name', '') THEN n.legal_name
                      ELSE o.legal_name END,
    imported = o.imported || jsonb_build_object('legal_name', n.legal_name),
    updated_at = %(now)s, updated_by_name = %(by)s
FROM (SELECT account_number, min(legal_name) AS legal_name FROM sites GROUP BY account_number) AS n
WHERE o.source = %(source)s AND o.account_number = n.account_number
  AND coalesce(o.imported->>'legal_name', '') <> n.legal_name
"""
FIND_ORGANIZATIONS = """
UPDATE sites s SET organization_id = o.id FROM businesses_organization o
WHERE o.source = %(source)s AND o.account_number = s.account_number
"""
FIND_BUSINESSES = """
UPDATE sites s SET business_id = b.id FROM businesses_business b
WHERE b.organization_id = s.organization_id AND b.site_number = s.site_number
"""

IMPORTED = """jsonb_build_object(
    'name', s.name, 'street', s.street, 'city', s.city, 'state', s.state, 'postal_code', s.postal_code,
    'phone', s.phone, 'website', s.website, 'latitude', s.latitude, 'longitude', s.longitude,
    'industry_id', s.industry, 'license_kinds', coalesce(s.license_kinds, ''), 'license_until', s.until)"""

INSERT = f"""
INSERT INTO businesses_business
    (organization_id, name, site_number, slug, street, city, state, postal_code, latitude, longitude,
     area_id, industry_id, phone, website, email_on_record, description, license_kinds, license_until,
     standing, listed, listed_by_name, listing_wording, batch_id, imported, search_text,
     created_at, updated_at, updated_by_name)
SELECT s.organization_id, s.name, s.site_number, '', s.street, s.city, s.state, s.postal_code, s.latitude,
       s.longitude, s.area_id, s.industry, s.phone, s.website, '', '', coalesce(s.license_kinds, ''), s.until,
       'prospect', false, '', '', %(batch)s, {IMPORTED}, '', %(now)s, %(now)s, %(by)s
FROM sites s WHERE s.business_id IS NULL ORDER BY s.line
"""  # noqa: S608  (our own text, no values)


def _follows(column: str, source: str, kind: str) -> str:
    """The SQL of a field that follows the file as long as nobody changed it here."""
    if kind == "text":
        return (
            f"CASE WHEN b.{column} = coalesce(b.imported->>'{column}', '') THEN {source} ELSE b.{column} END"
        )
    return (
        f"CASE WHEN b.{column} IS NOT DISTINCT FROM (b.imported->>'{column}')::{kind} "
        f"THEN {source} ELSE b.{column} END"
    )


TEXTS = ("name", "street", "city", "state", "postal_code", "phone", "website")
# A position is one thing: both halves follow, or neither.
UNMOVED = (
    "(b.latitude IS NOT DISTINCT FROM (b.imported->>'latitude')::float8 "
    "AND b.longitude IS NOT DISTINCT FROM (b.imported->>'longitude')::float8)"
)
MERGED = {
    **{each: _follows(each, f"s.{each}", "text") for each in TEXTS},
    "latitude": f"CASE WHEN {UNMOVED} THEN s.latitude ELSE b.latitude END",
    "longitude": f"CASE WHEN {UNMOVED} THEN s.longitude ELSE b.longitude END",
    # Without a position the area is what a person chose.
    "area_id": f"CASE WHEN {UNMOVED} AND s.latitude IS NOT NULL THEN s.area_id ELSE b.area_id END",
    "industry_id": _follows("industry_id", "s.industry", "bigint"),
    "license_kinds": "coalesce(s.license_kinds, '')",
    "license_until": "s.until",
}
COMPARE = f"""
CREATE TEMPORARY TABLE merged ON COMMIT DROP AS
SELECT b.id, {", ".join(f"{sql} AS {column}" for column, sql in MERGED.items())},
       {IMPORTED} AS imported,
       b.imported AS imported_before,
       ROW({", ".join(f"b.{column}" for column in MERGED)})::text AS before
FROM sites s JOIN businesses_business b ON b.id = s.business_id
"""  # noqa: S608  (our own text, no values)
CHANGED = f"ROW({', '.join(f'm.{column}' for column in MERGED)})::text <> m.before"
UPDATE = f"""
UPDATE businesses_business b
SET {", ".join(f"{column} = m.{column}" for column in MERGED)},
    imported = m.imported, updated_at = %(now)s, updated_by_name = %(by)s
FROM merged m WHERE b.id = m.id AND {CHANGED}
"""  # noqa: S608  (our own text, no values)
# The file says something new, a person's change stands: remember what the file said, change nothing else.
REMEMBER = f"""
UPDATE businesses_business b SET imported = m.imported
FROM merged m WHERE b.id = m.id AND m.imported <> m.imported_before AND NOT ({CHANGED})
"""  # noqa: S608  (our own text, no values)
BY_AREA = """
SELECT a.code, count(*) FROM businesses_business b
JOIN sites s ON b.organization_id = s.organization_id AND b.site_number = s.site_number
JOIN businesses_area a ON a.id = b.area_id
GROUP BY a.code ORDER BY a.code
"""


def import_businesses(
    path: Path, preset: Preset, *, actor: Any = None, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """Read a license file into the registry, all of it or nothing.

    Args:
        path: the CSV file.
        preset: how to read it.
        actor: who imports; `None` for the system.
        dry_run: find out what would happen, and change nothing.
        progress: told the bytes read and the size of the file.

    Raises:
        ImportRefusedError: it is not a file of this kind, or not one row of it is good.
    """
    report = Report(file=path.name, preset=preset.key, dry_run=dry_run)
    tally = Tally()
    try:
        with transaction.atomic():
            _load(path, preset, tally, report, actor, progress)
            if dry_run:
                raise _DryRunError
    except _DryRunError:
        pass
    return report


def _load(
    path: Path, preset: Preset, tally: Tally, report: Report, actor: Any, progress: Progress | None
) -> None:
    locks.one_at_a_time(LOCK)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_min_messages = warning")
        # Row triggers ask for this setting; while it is missing, each answer costs a caught error.
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
        cursor.execute("DROP TABLE IF EXISTS staged, sites, merged")
        cursor.execute(STAGE)
        rows = read_rows(path, preset, tally, progress)
        staged = _copy(cursor, rows)
        report.rows, report.rejected = tally.rows, tally.rejected
        report.errors = [asdict(error) for error in tally.errors]
        report.errors_left_out = tally.rejected - len(tally.errors)
        if not tally.rows:
            raise ImportRefusedError(f"{path} has a header and no rows.")
        if not staged:
            first = tally.errors[0]
            where = f", column “{first.column}”" if first.column else ""
            raise ImportRefusedError(
                f"None of the {tally.rows:,} rows of {path} can be read. "
                f"Line {first.line}{where}: {first.reason}"
            )
        batch = ImportBatch.objects.create(
            kind="businesses",
            preset=preset.key,
            file_name=path.name[:255],
            sha256=_digest(path),
            by_name=str(getattr(actor, "display_name", actor) or "")[:200],
        )
        values = {
            "source": preset.key,
            "now": clock.now(),
            "by": f"import of {path.name}"[:200],
            "batch": batch.pk,
        }
        _write(cursor, values, report, staged)
        audit.record(
            "businesses.file_imported", batch, actor=actor, detail=f"{report.created}+{report.updated}"
        )
        batch.report = {**asdict(report), "errors": report.errors[:50]}
        batch.save(update_fields=["report"])


def _copy(cursor: Any, rows: Iterator[Row]) -> int:
    """Stream the good rows into the temporary table, each with its area and its industry; answer how many."""
    industries = dict(Industry.objects.values_list("code", "pk"))
    locator = Locator()
    staged = 0
    with cursor.copy(COPY) as copy:
        while chunk := list(islice(rows, CHUNK)):
            areas = locator.locate(
                [
                    (row.latitude, row.longitude)
                    if row.latitude is not None and row.longitude is not None
                    else None
                    for row in chunk
                ]
            )
            for row, area in zip(chunk, areas, strict=True):
                copy.write_row(
                    (
                        row.line,
                        row.account_number,
                        row.site_number,
                        row.legal_name,
                        row.name,
                        row.street,
                        row.city,
                        row.state,
                        row.postal_code,
                        row.phone,
                        row.website,
                        row.latitude,
                        row.longitude,
                        area,
                        row.license_kind,
                        industries.get(row.industry),
                        row.industry_rank,
                        row.issued_on,
                        row.license_until,
                    )
                )
            staged += len(chunk)
    return staged


def _write(cursor: Any, values: dict[str, Any], report: Report, staged: int) -> None:
    def run(statement: str) -> int:
        cursor.execute(statement, values)
        return int(cursor.rowcount)

    run("ANALYZE staged")
    sites = run(SITES)
    run("ANALYZE sites")
    report.merged = staged - sites
    report.organizations = run(ORGANIZATIONS)
    run(RENAMED)
    run(FIND_ORGANIZATIONS)
    run(FIND_BUSINESSES)
    run(COMPARE)
    report.created = run(INSERT)
    report.updated = run(UPDATE)
    report.kept = run(REMEMBER)
    report.unchanged = sites - report.created - report.updated
    cursor.execute(BY_AREA)
    report.by_area = dict(cursor.fetchall())
    report.located = sum(report.by_area.values())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
