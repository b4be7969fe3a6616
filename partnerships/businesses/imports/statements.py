"""The statements of an import, written from the table of fields and from the models.

A row is staged by `staging` and `copying`; `SITES` makes one row of the licenses of a place; `columns`
says what each column of a place of business is set to, when it is new and when it is here already.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from partnerships.businesses.models import Business, Organization

from . import fields


@dataclass(frozen=True)
class Column:
    """A column of a place of business that the file fills.

    Attributes:
        name: of the column.
        new: its value for a new place, in SQL over `sites s`.
        merged: its value for a place that is here already, over `sites s` and `businesses_business b`.
        kept: whether `imported` keeps what the file said, to see later whether a person changed it.
    """

    name: str
    new: str
    merged: str
    kept: bool = True


def _follows(column: str, source: str, kind: str) -> str:
    """The SQL of a column that follows the file as long as nobody changed it here."""
    before = f"b.imported->>'{column}'"
    same = (
        f"b.{column} = coalesce({before}, '')"
        if kind == "text"
        else f"b.{column} IS NOT DISTINCT FROM ({before})::{kind}"
    )
    return f"CASE WHEN {same} THEN {source} ELSE b.{column} END"


_NO_MARKS = """'{"home_based": false, "out_of_town": false}'::jsonb"""


def _follows_mark(column: str) -> str:
    """As `_follows`, of a mark: a file that was read before there were marks said no."""
    before = f"coalesce((b.imported->>'{column}')::boolean, false)"
    return f"CASE WHEN b.{column} = {before} THEN s.{column} ELSE b.{column} END"


# A position is one thing: both halves follow, or neither.
_UNMOVED = (
    "(b.latitude IS NOT DISTINCT FROM (b.imported->>'latitude')::float8 "
    "AND b.longitude IS NOT DISTINCT FROM (b.imported->>'longitude')::float8)"
)
# The licenses of a place: those of its own source, and those that other sources tell of.
_NO_RECORDS = "NOT EXISTS (SELECT FROM businesses_sourcerecord r WHERE r.business_id = b.id)"
GATHERED_KINDS = f"""coalesce(CASE WHEN {_NO_RECORDS} THEN {{own}} ELSE (
    SELECT left(string_agg(DISTINCT kind, ', '), 500) FROM (
        SELECT unnest(string_to_array({{own}}, ', ')) AS kind
        UNION ALL SELECT unnest(string_to_array(r.license_kinds, ', '))
        FROM businesses_sourcerecord r WHERE r.business_id = b.id
    ) AS kinds WHERE kind <> ''
) END, '')"""  # noqa: S608  (our own text, no values)
GATHERED_UNTIL = """greatest({own}, (
    SELECT max(r.license_until) FROM businesses_sourcerecord r WHERE r.business_id = b.id
))"""
_LICENSE_KINDS = "coalesce(s.license_kinds, '')"
_WORKED_OUT = (
    Column("latitude", "s.latitude", f"CASE WHEN {_UNMOVED} THEN s.latitude ELSE b.latitude END"),
    Column("longitude", "s.longitude", f"CASE WHEN {_UNMOVED} THEN s.longitude ELSE b.longitude END"),
    # Without a position the area is what a person chose.
    Column(
        "area_id",
        "s.area_id",
        f"CASE WHEN {_UNMOVED} AND s.latitude IS NOT NULL THEN s.area_id ELSE b.area_id END",
        kept=False,
    ),
    Column("industry_id", "s.industry", _follows("industry_id", "s.industry", "bigint")),
    Column("closed_on", "s.closed", _follows("closed_on", "s.closed", "date")),
    Column("home_based", "s.home_based", _follows_mark("home_based")),
    Column("out_of_town", "s.out_of_town", _follows_mark("out_of_town")),
    Column("license_kinds", _LICENSE_KINDS, GATHERED_KINDS.format(own="s.license_kinds")),
    Column("license_until", "s.until", GATHERED_UNTIL.format(own="s.until")),
    Column("license_issued", "s.issued_on", "s.issued_on", kept=False),
)
# What a row of the file is staged with beside its fields.
_STAGED_BESIDE = {
    "line": "integer",
    "area_id": "bigint",
    "industry_id": "bigint",
    "industry_rank": "smallint",
}


def columns() -> list[Column]:
    """Every column of a place of business that the file fills."""
    following = [field for field in fields.FIELDS if field.follows]
    return [
        *(
            Column(each.name, f"s.{each.name}", _follows(each.name, f"s.{each.name}", each.sql))
            for each in following
        ),
        *_WORKED_OUT,
    ]


def staged() -> dict[str, str]:
    """The columns of the staging table and their types, in the order in which rows are copied."""
    return {**_STAGED_BESIDE, **{field.name: field.sql for field in fields.FIELDS if field.staged}}


def staging() -> str:
    """Make the staging table."""
    declared = ", ".join(f"{name} {kind}" for name, kind in staged().items())
    return f"CREATE TEMPORARY TABLE staged ({declared}) ON COMMIT DROP"


def copying() -> str:
    """Stream rows into it, by the names of `staged`."""
    return f"COPY staged ({', '.join(staged())}) FROM STDIN"


# One row per place: the latest license says how it is called and where it is, the surest one what it does.
SITES = """
CREATE TEMPORARY TABLE sites ON COMMIT DROP AS
SELECT latest.*, gathered.license_kinds, gathered.until, gathered.surest AS industry,
       -- The latest license says whether it is closed, unless another one that is open runs longer.
       CASE WHEN NOT gathered.open_ended AND (gathered.open_until <= latest.closed_on) IS NOT FALSE
            THEN latest.closed_on END AS closed,
       NULL::bigint AS organization_id, NULL::bigint AS business_id, false AS outdated, false AS second
FROM (
    SELECT DISTINCT ON (account_number, site_number) *
    FROM staged ORDER BY account_number, site_number, issued_on DESC NULLS LAST, line DESC
) AS latest
JOIN (
    SELECT account_number, site_number,
           left(string_agg(DISTINCT NULLIF(license_kind, ''), ', '), 500) AS license_kinds,
           max(license_until) AS until,
           max(license_until) FILTER (WHERE closed_on IS NULL) AS open_until,
           bool_or(closed_on IS NULL AND license_until IS NULL) AS open_ended,
           (array_agg(industry_id ORDER BY industry_rank, issued_on DESC NULLS LAST, line DESC)
               FILTER (WHERE industry_id IS NOT NULL))[1] AS surest
    FROM staged GROUP BY account_number, site_number
) AS gathered USING (account_number, site_number)
"""

_STAMP = {"created_at": "%(now)s", "updated_at": "%(now)s", "updated_by_name": "%(by)s"}


def _insert(model: type[models.Model], told: Mapping[str, str], rows: str) -> tuple[str, dict[str, Any]]:
    """Insert rows; a column that is not told gets the default of its field, as a row saved by Django does.

    Args:
        model: whose table.
        told: SQL by column.
        rows: the FROM clause and what follows it.

    Returns:
        The statement, and the values of its own parameters.
    """
    values: dict[str, Any] = {}
    sources = dict(told)
    for field in model._meta.concrete_fields:
        column = str(field.column)
        if column in told or field.null or field.primary_key or field.generated or field.has_db_default():
            continue
        values[f"default_{column}"] = field.get_db_prep_save(field.get_default(), connection)
        sources[column] = f"%(default_{column})s"
    statement = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(sources)}) "  # noqa: S608  (our own text, no values)
        f"SELECT {', '.join(sources.values())} {rows}"
    )
    return statement, values


# The account's latest license in the file says its legal name.
_LEGAL_NAME = (
    "coalesce((array_agg(s.legal_name ORDER BY s.issued_on DESC NULLS LAST, s.line DESC) "
    "FILTER (WHERE s.legal_name <> ''))[1], '')"
)


def new_organizations() -> tuple[str, dict[str, Any]]:
    """Add the accounts that are new: named as all their places are, or a chain by its legal name."""
    return _insert(
        Organization,
        {
            "name": "CASE WHEN count(DISTINCT s.name) = 1 OR max(s.legal_name) = '' THEN min(s.name) "
            f"ELSE {_LEGAL_NAME} END",
            "legal_name": _LEGAL_NAME,
            "source": "%(source)s",
            "account_number": "s.account_number",
            "imported": f"jsonb_build_object('legal_name', {_LEGAL_NAME})",
            **_STAMP,
        },
        "FROM sites s "
        "WHERE NOT s.second AND NOT EXISTS (SELECT 1 FROM businesses_organization o "
        "WHERE o.source = %(source)s AND o.account_number = s.account_number) "
        "GROUP BY s.account_number ORDER BY min(s.line)",
    )


# What is known here says more than a license of the file: it is of a later one. A license without a day is
# older than any with one, as among the rows of a file, unless the file knows no days at all.
_OLDER = """({license} < {known} OR (
    {license} IS NULL AND {known} IS NOT NULL AND EXISTS (SELECT FROM staged WHERE issued_on IS NOT NULL)
))"""
# `was` is the organization before, for `before.organizations`.
_LATEST_HERE = "(SELECT max(license_issued) FROM businesses_business WHERE organization_id = o.id)"
RENAMED = f"""
UPDATE businesses_organization o
SET legal_name = CASE WHEN o.legal_name = coalesce(o.imported->>'legal_name', '') THEN n.legal_name
                      ELSE o.legal_name END,
    name = CASE WHEN o.name = o.imported->>'legal_name'
                     AND core_fold(o.name) = core_fold(n.legal_name) THEN n.legal_name
                ELSE o.name END,
    imported = o.imported || jsonb_build_object('legal_name', n.legal_name),
    updated_at = %(now)s, updated_by_name = %(by)s
FROM (
    SELECT account_number, {_LEGAL_NAME} AS legal_name, max(issued_on) AS issued_on
    FROM sites s GROUP BY account_number
) AS n, businesses_organization was
WHERE was.id = o.id AND o.source = %(source)s AND o.account_number = n.account_number
  AND coalesce(o.imported->>'legal_name', '') <> n.legal_name
  AND {_OLDER.format(license="n.issued_on", known=_LATEST_HERE)} IS NOT TRUE
"""  # noqa: S608  (our own text, no values)
FIND_ORGANIZATIONS = """
UPDATE sites s SET organization_id = o.id FROM businesses_organization o
WHERE NOT s.second AND o.source = %(source)s AND o.account_number = s.account_number
"""
FIND_BUSINESSES = f"""
UPDATE sites s
SET business_id = b.id,
    outdated = coalesce({_OLDER.format(license="s.issued_on", known="b.license_issued")}, false)
FROM businesses_business b
WHERE NOT s.second AND b.organization_id = s.organization_id AND b.site_number = s.site_number
"""  # noqa: S608  (our own text, no values)


def _imported() -> str:
    """What the file said, to be kept with the place."""
    pairs = ", ".join(f"'{column.name}', {column.new}" for column in columns() if column.kept)
    return f"jsonb_build_object({pairs})"


def is_changed() -> str:
    """Whether a place of `merged` becomes something else, in SQL."""
    return f"ROW({', '.join(f'm.{column.name}' for column in columns())})::text <> m.before"


# In the order of `services/turns.py`: whoever decides about one of them waits here, and not crosswise.
TURNS = f"""
SELECT FROM businesses_organization WHERE id IN (
    SELECT organization_id FROM sites s LEFT JOIN merged m ON m.id = s.business_id
    WHERE s.business_id IS NULL OR m.imported <> m.imported_before OR {is_changed()}
) ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608  (our own text, no values)

# An organization keeps the name that it was given; only its letters follow the file, for as long as it is
# still called what the file said of one of its places. To be run before the places themselves change.
RELETTERED = """
UPDATE businesses_organization o
SET name = n.name, updated_at = %(now)s, updated_by_name = %(by)s
FROM (
    SELECT DISTINCT ON (s.organization_id, m.imported_before->>'name')
           s.organization_id, m.imported_before->>'name' AS before, s.name
    FROM merged m JOIN sites s ON s.business_id = m.id
    WHERE NOT s.second AND m.imported_before->>'name' <> s.name
    ORDER BY s.organization_id, m.imported_before->>'name', s.line
) AS n, businesses_organization was
WHERE was.id = o.id AND o.id = n.organization_id
  AND o.name = n.before AND core_fold(n.before) = core_fold(n.name)
"""


def new_businesses() -> tuple[str, dict[str, Any]]:
    """Add the places that are new."""
    return _insert(
        Business,
        {
            "organization_id": "s.organization_id",
            "site_number": "s.site_number",
            **{column.name: column.new for column in columns()},
            "batch_id": "%(batch)s",
            "imported": _imported(),
            **_STAMP,
        },
        "FROM sites s WHERE s.business_id IS NULL ORDER BY s.line",
    )


def comparing() -> str:
    """Work out what each place that is here would become."""
    merged = ", ".join(f"{column.merged} AS {column.name}" for column in columns())
    before = ", ".join(f"b.{column.name}" for column in columns())
    return f"""
CREATE TEMPORARY TABLE merged ON COMMIT DROP AS
SELECT b.id, {merged}, {_imported()} AS imported,
       {_NO_MARKS} || b.imported AS imported_before, ROW({before})::text AS before
FROM sites s JOIN businesses_business b ON b.id = s.business_id
WHERE NOT s.outdated AND NOT s.second
"""  # noqa: S608  (our own text, no values)


def updating() -> str:
    """Change the places that become something else."""
    return f"""
UPDATE businesses_business b
SET {", ".join(f"{column.name} = m.{column.name}" for column in columns())},
    imported = m.imported, updated_at = %(now)s, updated_by_name = %(by)s
FROM merged m WHERE b.id = m.id AND {is_changed()}
"""  # noqa: S608  (our own text, no values)


def remembering() -> str:
    """Where a person's change stands against something new in the file: keep what the file said, no more."""
    return f"""
UPDATE businesses_business b SET imported = m.imported
FROM merged m WHERE b.id = m.id AND m.imported <> m.imported_before AND NOT ({is_changed()})
"""  # noqa: S608  (our own text, no values)


# A file that says "closed" and no day means the day on which it was first read so, today or before.
CLOSED_BEFORE = """
UPDATE sites s SET closed = (b.imported->>'closed_on')::date
FROM businesses_business b
WHERE NOT s.second AND b.id = s.business_id AND s.closed = %(today)s AND b.imported->>'closed_on' IS NOT NULL
"""
# Places that are open here and closed by the file, and how many of this source are open.
CLOSING = """
SELECT count(*) FILTER (WHERE m.closed_on IS NOT NULL), count(*)
FROM businesses_business b
JOIN businesses_organization o ON o.id = b.organization_id AND o.source = %(source)s
LEFT JOIN merged m ON m.id = b.id
WHERE b.closed_on IS NULL AND b.merged_into_id IS NULL
"""
OUTDATED = "SELECT count(*) FROM sites WHERE outdated"
BY_AREA = """
SELECT a.code, count(*) FROM businesses_business b
JOIN sites s ON b.organization_id = s.organization_id
    AND CASE WHEN s.second THEN b.id = s.business_id ELSE b.site_number = s.site_number END
JOIN businesses_area a ON a.id = b.area_id
GROUP BY a.code, a.code_key ORDER BY a.code_key
"""
