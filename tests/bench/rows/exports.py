"""The list of businesses taken along as a file, against COPY of the same columns to a file.

Memory is what the process had at its peak beyond what it had before, by the operating system's own count.
"""

import resource
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet

from tests.bench.measure import Row, in_turn, row, timed
from tests.bench.servers import Bench
from tests.bench.world import fill

COPY = """COPY (
    SELECT b.name, b.street, b.city, b.state, b.postal_code, b.standing, i.title, a.code, p.code, u.full_name,
           b.updated_at
    FROM businesses_business b JOIN businesses_organization o ON o.id = b.organization_id
    LEFT JOIN businesses_industry i ON i.id = b.industry_id LEFT JOIN businesses_area a ON a.id = b.area_id
    LEFT JOIN businesses_area p ON p.id = a.parent_id LEFT JOIN accounts_user u ON u.id = o.lead_officer_id
    ORDER BY b.name, b.id
) TO STDOUT WITH (FORMAT csv)"""


def exports(bench: Bench) -> Iterator[Row]:
    """Rows for each size: CSV and a workbook."""
    from core.pages.export import csv_file, excel_file
    from partnerships.businesses.columns import DESK
    from partnerships.businesses.lists import listed_rows
    from partnerships.businesses.models import Business

    for size in bench.sizes:
        fill(size)
        rows: QuerySet[Any] = listed_rows(Business.objects.order_by("name", "pk"))
        for what, write in (("CSV", csv_file), ("Excel", excel_file)):

            def work(write: Callable[..., Any] = write, rows: QuerySet[Any] = rows) -> float:
                return timed(lambda: sum(len(each) for each in write("bench", DESK, rows).streaming_content))

            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            seconds, floor = in_turn(work, _bare)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            rate = f"{size / sorted(seconds)[len(seconds) // 2]:,.0f} rows a second"
            note = f"{rate}, {grown:.0f} MiB more memory"
            yield row(
                f"export as {what}, a row", size, seconds, floor, per=size, floor_name="copy", note=note
            )


def _bare() -> float:
    return timed(_copy)


def _copy() -> None:
    from django.db import connection

    with tempfile.TemporaryFile() as out, connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for block in copy:
            out.write(block)
