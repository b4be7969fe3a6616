"""A later file of addresses and positions: the places that stand at one of them without a position get it.

A unit counts where the file tells it; else the building does. A place that has a position keeps it.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from partnerships.businesses.geography import Locator
from partnerships.businesses.places import POSTAL, address_parts

from .rows import Row
from .statements import columns

CHUNK = 2_000
_HERE = """
SELECT b.id, b.street, b.postal_code FROM businesses_business b
WHERE b.latitude IS NULL AND b.street <> '' AND b.merged_into_id IS NULL ORDER BY b.id
"""
_TABLES = """
DROP TABLE IF EXISTS told, here, merged;
CREATE TEMPORARY TABLE told (
    line integer, building text, unit text, code text, latitude float8, longitude float8, area_id bigint
) ON COMMIT DROP;
CREATE TEMPORARY TABLE here (id bigint, building text, unit text, code text) ON COMMIT DROP
"""
# Of several rows the one of the same unit, then the one with the ZIP code. A place without a ZIP code gets
# none where the file knows its address under two.
_FOUND = """
SELECT DISTINCT ON (h.id) h.id, t.latitude, t.longitude, t.area_id
FROM here h JOIN told t ON t.building = h.building AND h.building <> ''
    AND (t.code = h.code OR t.code = '' OR h.code = '') AND t.unit IN (h.unit, '')
WHERE h.code <> '' OR (SELECT count(DISTINCT o.code) FROM told o WHERE o.building = h.building) = 1
ORDER BY h.id, t.unit = h.unit DESC, t.code = h.code DESC, t.line
"""
TURNS = """
SELECT FROM businesses_organization WHERE id IN (
    SELECT b.organization_id FROM merged m JOIN businesses_business b ON b.id = m.id
) ORDER BY id FOR NO KEY UPDATE
"""
# Rows of addresses at which no place stands that lacks a position.
UNKNOWN = "SELECT count(*) FROM told t WHERE NOT EXISTS (SELECT FROM here h WHERE h.building = t.building)"


def find(cursor: Any, rows: Iterator[Row]) -> int:
    """Work out which place gets which position, as the table `merged` of the import.

    Args:
        cursor: of the import's transaction.
        rows: with a street and a position each.

    Returns:
        How many rows there are.
    """
    cursor.execute(_TABLES)
    locator, count = Locator(), 0
    with cursor.copy("COPY told FROM STDIN") as copy:
        while chunk := list(islice(rows, CHUNK)):
            areas = locator.locate([row.position for row in chunk])
            for row, area in zip(chunk, areas, strict=True):
                values = row.values
                key = _key(str(values["street"]), str(values["postal_code"]))
                copy.write_row((row.line, *key, values["latitude"], values["longitude"], area))
            count += len(chunk)
    _copy_here(cursor)
    cursor.execute("ANALYZE told; ANALYZE here")
    named = {"latitude": "f.latitude", "longitude": "f.longitude", "area_id": "f.area_id"}
    become = ", ".join(f"{named.get(each.name, f'b.{each.name}')} AS {each.name}" for each in columns())
    before = ", ".join(f"b.{each.name}" for each in columns())
    cursor.execute(
        f"CREATE TEMPORARY TABLE merged ON COMMIT DROP AS "  # noqa: S608  (our own text, no values)
        f"SELECT b.id, {become}, b.imported, b.imported AS imported_before, ROW({before})::text AS before "
        f"FROM ({_FOUND}) AS f JOIN businesses_business b ON b.id = f.id"
    )
    return count


def _copy_here(cursor: Any) -> None:
    """The places without a position, in parts, so that a city does not stand in memory at once."""
    cursor.execute(f"DECLARE lacking NO SCROLL CURSOR FOR {_HERE}")
    while True:
        cursor.execute(f"FETCH {CHUNK} FROM lacking")
        rows = cursor.fetchall()
        if not rows:
            break
        with cursor.copy("COPY here FROM STDIN") as copy:
            for number, street, code in rows:
                copy.write_row((number, *_key(street, code)))
    cursor.execute("CLOSE lacking")


def _key(street: str, postal_code: str) -> tuple[str, str, str]:
    """The building, the unit and the five digits by which an address is compared."""
    found = address_parts(street)
    code = POSTAL.match(postal_code)
    number, road, units = found if found is not None else ("", "", ())
    return f"{number} {road}".strip(), " ".join(units), code[1] if code else ""
