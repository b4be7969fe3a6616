"""A place that a second source tells of: found by its name and address, it gains a license and nothing twice.

The source that brought a place here says how it is called and where it is. Another one fills what is empty
and adds its licenses (`SourceRecord`). The same source finds the place by its numbers from then on.
"""

from collections.abc import Iterator
from typing import Any

from partnerships.businesses.models import SourceRecord
from partnerships.businesses.places import POSTAL, address_key, name_key

from . import fields
from .heads import plain
from .statements import GATHERED_KINDS, GATHERED_UNTIL, columns

_RECORDS = SourceRecord._meta.db_table
_AT_ONCE = 2_000
Key = tuple[str, str, str]

_KNOWN = f"""
UPDATE sites s SET second = true, business_id = b.id, organization_id = b.organization_id
FROM {_RECORDS} r JOIN businesses_business b ON b.id = r.business_id
WHERE r.source = %(source)s AND r.account_number = s.account_number AND r.site_number = s.site_number
"""  # noqa: S608  (our own text, no values)
_OTHERS = """
FROM businesses_business b JOIN businesses_organization o ON o.id = b.organization_id
WHERE (o.source <> %(source)s OR b.site_number = '') AND b.closed_on IS NULL AND b.street <> ''
  AND b.merged_into_id IS NULL
  AND NOT EXISTS (SELECT FROM businesses_sourcenumber n WHERE n.business_id = b.id AND n.source = %(source)s)
"""
_ANY_OTHERS = f"SELECT EXISTS (SELECT {_OTHERS})"  # noqa: S608  (our own text, no values)
_HERE = f"SELECT b.id, b.name, o.legal_name, b.street, b.city, b.postal_code {_OTHERS}"  # noqa: S608
_THERE = """
SELECT s.line, s.name, s.legal_name, s.street, s.city, s.postal_code
FROM sites s
WHERE NOT s.second AND s.street <> '' AND s.closed IS NULL AND NOT EXISTS (
    SELECT FROM businesses_business b JOIN businesses_organization o ON o.id = b.organization_id
    WHERE o.source = %(source)s AND o.account_number = s.account_number AND b.site_number = s.site_number
)
"""
# By one name or the other at the same address. A ZIP code is compared where both tell one, else the town.
# Only where one place alone is found: what is unsure is not merged.
_FOUND = """
CREATE TEMPORARY TABLE found ON COMMIT DROP AS
SELECT t.line, min(h.id) AS business_id, count(DISTINCT h.id) AS many
FROM there t JOIN here h ON h.key = t.key AND CASE
    WHEN t.code <> '' AND h.code <> '' THEN t.code = h.code
    WHEN t.town <> '' AND h.town <> '' THEN t.town = h.town
    ELSE true END
GROUP BY t.line
"""
_ATTACH = """
UPDATE sites s SET second = true, business_id = b.id, organization_id = b.organization_id
FROM found f JOIN businesses_business b ON b.id = f.business_id
WHERE f.many = 1 AND f.line = s.line
"""
_UNSURE = "SELECT count(*) FROM found WHERE many > 1"
_KEEP = f"""
INSERT INTO {_RECORDS}
    (business_id, source, account_number, site_number, license_kinds, license_until, batch_id)
SELECT business_id, %(source)s, account_number, site_number, coalesce(license_kinds, ''), until, %(batch)s
FROM sites WHERE second ORDER BY business_id, account_number, site_number
ON CONFLICT (source, account_number, site_number) DO UPDATE
SET license_kinds = EXCLUDED.license_kinds, license_until = EXCLUDED.license_until
WHERE {_RECORDS}.license_kinds <> EXCLUDED.license_kinds
   OR {_RECORDS}.license_until IS DISTINCT FROM EXCLUDED.license_until
"""  # noqa: S608  (our own text, no values)
# What a column becomes: what is here, else what the second source says.
_FILLED = {
    "latitude": "CASE WHEN b.latitude IS NULL THEN s.latitude ELSE b.latitude END",
    "longitude": "CASE WHEN b.latitude IS NULL THEN s.longitude ELSE b.longitude END",
    "area_id": "CASE WHEN b.latitude IS NULL AND s.latitude IS NOT NULL THEN s.area_id ELSE b.area_id END",
    "home_based": "b.home_based OR s.home_based",
    "out_of_town": "b.out_of_town",
    "industry_id": "coalesce(b.industry_id, s.industry)",
    "closed_on": "b.closed_on",
    "license_issued": "b.license_issued",
    "license_kinds": GATHERED_KINDS.format(own="b.imported->>'license_kinds'"),
    "license_until": GATHERED_UNTIL.format(own="(b.imported->>'license_until')::date"),
}


def find(cursor: Any, values: dict[str, Any]) -> int:
    """Find the places of a file that another source, or a person, brought here before.

    Args:
        cursor: with the table `sites`.
        values: the parameters of the import.

    Returns:
        How many could be one of several: those are not merged.
    """
    cursor.execute(_KNOWN, values)
    cursor.execute(_ANY_OTHERS, values)
    if not cursor.fetchone()[0]:
        return 0
    cursor.execute("DROP TABLE IF EXISTS here, there, found")
    for table, column, query in (("here", "id", _HERE), ("there", "line", _THERE)):
        cursor.execute(
            f"CREATE TEMPORARY TABLE {table} ({column} bigint, key text, code text, town text) ON COMMIT DROP"
        )
        for rows in _in_parts(cursor, query, values):
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for number, *said in rows:
                    for key in _keys(*said):
                        copy.write_row((number, *key))
        cursor.execute(f"ANALYZE {table}")
    cursor.execute(_FOUND)
    cursor.execute(_ATTACH)
    cursor.execute(_UNSURE)
    (unsure,) = cursor.fetchone()
    return int(unsure)


def keep(cursor: Any, values: dict[str, Any]) -> int:
    """Keep what the second source says of the places that were found; answer how many there are."""
    cursor.execute(_KEEP, values)
    cursor.execute("SELECT count(*) FROM sites WHERE second")
    (matched,) = cursor.fetchone()
    return int(matched)


def comparing() -> str:
    """Work out what each of these places would become, as `statements.comparing` does for the others."""
    filled = {
        field.name: f"coalesce(NULLIF(b.{field.name}, ''), s.{field.name})"
        if field.sql == "text"
        else f"coalesce(b.{field.name}, s.{field.name})"
        for field in fields.FIELDS
    }
    values = ", ".join(_FILLED.get(column.name, filled.get(column.name, "")) for column in columns())
    before = ", ".join(f"b.{column.name}" for column in columns())
    return f"""
INSERT INTO merged
SELECT DISTINCT ON (b.id) b.id, {values}, b.imported, b.imported, ROW({before})::text
FROM sites s JOIN businesses_business b ON b.id = s.business_id
WHERE s.second ORDER BY b.id, s.line
"""  # noqa: S608  (our own text, no values)


def _in_parts(cursor: Any, query: str, values: dict[str, Any]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query in parts, so that a city does not stand in memory at once."""
    cursor.execute(f"DECLARE parts NO SCROLL CURSOR FOR {query}", values)
    while True:
        cursor.execute(f"FETCH {_AT_ONCE} FROM parts")
        rows = cursor.fetchall()
        if not rows:
            break
        yield rows
    cursor.execute("CLOSE parts")


def _keys(name: str, legal_name: str, street: str, city: str, postal_code: str) -> list[Key]:
    """The keys of a place under its one and its other name: of name and address, its ZIP code, its town."""
    at, code = address_key(street), POSTAL.match(postal_code)
    named = dict.fromkeys(name_key(each) for each in (name, legal_name) if each)
    where = (code[1] if code else "", plain(city))
    return [(f"{each}\n{at}", *where) for each in named if each and at]
