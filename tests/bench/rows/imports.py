"""A license file into the registry, against COPY of the same finished rows into the same tables.

The floor keeps what the tables are: indexes, constraints, history, searched words. The work is the whole
import: reading the file, checking each row, finding its area, matching what is there, the report. One license
a place, so that a row of the file is a row of the table.
"""

import csv
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tests.bench.filling import run
from tests.bench.measure import Row, in_turn, row, timed
from tests.bench.servers import Bench
from tests.bench.world import fill

AT, BUDGET = 100_000, 4
TABLES = ("businesses_organization", "businesses_business")
EMPTY = (
    "TRUNCATE businesses_organization, businesses_business, businesses_searchword, "
    "businesses_organizationevent, businesses_businessevent RESTART IDENTITY CASCADE"
)
# The registry as the city's file would have it.
AS_FILE = """
SELECT b.id, b.organization_id, b.site_number, upper(o.legal_name), upper(b.name), upper(b.street), 'CHICAGO',
       'IL', b.postal_code, 'Retail Food Establishment', 'Retail Sales of Perishable Foods', b.latitude,
       b.longitude
FROM businesses_business AS b JOIN businesses_organization AS o ON o.id = b.organization_id ORDER BY b.id
"""
COLUMNS = (
    "LICENSE ID", "ACCOUNT NUMBER", "SITE NUMBER", "LEGAL NAME", "DOING BUSINESS AS NAME", "ADDRESS", "CITY",
    "STATE", "ZIP CODE", "LICENSE DESCRIPTION", "BUSINESS ACTIVITY", "LATITUDE", "LONGITUDE", "DATE ISSUED",
    "LICENSE TERM EXPIRATION DATE",
)  # fmt: skip


def imports(bench: Bench) -> Iterator[Row]:
    """A row for each size."""
    for size in bench.sizes:
        with tempfile.TemporaryDirectory() as folder:
            yield from _at_size(bench, size, Path(folder))


def _at_size(bench: Bench, size: int, folder: Path) -> Iterator[Row]:
    from partnerships.businesses.imports.businesses import Report, import_businesses
    from partnerships.businesses.imports.presets import load_preset

    fill(size)
    file = folder / "licenses.csv"
    issued, until = date(2025, 3, 1).strftime("%m/%d/%Y"), date(2027, 3, 1).strftime("%m/%d/%Y")
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows([*each, issued, until] for each in bench.sql(AS_FILE))
    preset = load_preset("chicago-licenses")
    reports: list[Report] = []

    def whole() -> float:
        run(EMPTY)
        return timed(lambda: reports.append(import_businesses(file, preset, actor=None)))

    def bare() -> float:
        run(EMPTY)
        return timed(lambda: _copy_in(folder))

    whole()
    _copy_out(folder)
    work, floor = in_turn(whole, bare)
    created = reports[-1].created
    if created != size:
        raise RuntimeError(f"Of {size:,} rows {created:,} were created: {reports[-1].errors[:3]}")
    rates = [f"{size / sorted(each)[len(each) // 2]:,.0f}" for each in (work, floor)]
    yield row(
        "license import, a row",
        size,
        work,
        floor,
        per=size,
        floor_name="copy",
        budget=BUDGET if size <= AT else 0,
        note=f"{rates[0]} rows a second; COPY {rates[1]}",
    )


def _columns(table: str) -> str:
    """The columns of a table that are written; what the database works out is not."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) "
            "FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        return str(cursor.fetchone()[0])


def _copy_out(folder: Path) -> None:
    from django.db import connection

    for table in TABLES:
        with (
            connection.cursor() as cursor,
            (folder / table).open("wb") as out,
            cursor.copy(f"COPY (SELECT {_columns(table)} FROM {table} ORDER BY id) TO STDOUT") as copy,  # noqa: S608
        ):
            for block in copy:
                out.write(block)


def _copy_in(folder: Path) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            with (
                (folder / table).open("rb") as file,
                cursor.copy(f"COPY {table} ({_columns(table)}) FROM STDIN") as copy,
            ):
                while block := file.read(1 << 16):
                    copy.write(block)
