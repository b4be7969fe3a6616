"""The registry looked through for duplicates, against reading all its places once.

One place in a hundred is written down a second time, misspelled and in capitals, beside those that are alike
by chance. Memory is what the process had at its peak beyond what it had before.
"""

import resource
from collections.abc import Iterator

from tests.bench.filling import run
from tests.bench.measure import Row, in_turn, row, timed
from tests.bench.servers import Bench
from tests.bench.world import fill

ROUNDS = 3  # a look takes minutes
AGAIN = """
INSERT INTO businesses_organization (name, legal_name, kind, source, account_number, standing, imported,
                                     created_at, updated_at, updated_by_name)
SELECT upper(b.name), '', 'business', 'again', b.id::text, 'prospect', '{}', now(), now(), ''
FROM businesses_business b WHERE b.id % 100 = 0
"""
PLACES = """
INSERT INTO businesses_business (
    organization_id, name, site_number, slug, street, city, state, postal_code, latitude, longitude, area_id,
    phone, website, email_on_record, description, license_kinds, standing, listed, listed_by_name,
    listing_wording, imported, search_text, created_at, updated_at, updated_by_name
)
SELECT o.id, overlay(upper(b.name) PLACING '' FROM 3 FOR 1), '', '', upper(b.street), b.city, b.state,
    b.postal_code, b.latitude, b.longitude, b.area_id, '', '', '', '', '', 'prospect', false, '', '', '{}',
    '', now(), now(), ''
FROM businesses_organization o JOIN businesses_business b ON b.id = o.account_number::bigint
WHERE o.source = 'again'
"""


def duplicates(bench: Bench) -> Iterator[Row]:
    """A row for each size: the whole look."""
    from partnerships.businesses.duplicates.scan import Found, find_duplicates
    from partnerships.businesses.duplicates.traits import COLUMNS
    from partnerships.businesses.models import Business

    for size in bench.sizes:
        fill(size)
        run(AGAIN)
        run(PLACES)
        run("ANALYZE businesses_organization, businesses_business")
        found: list[Found] = []

        def look(found: list[Found] = found) -> float:
            run("TRUNCATE businesses_duplicatepair")
            return timed(lambda: found.append(find_duplicates(actor=None)))

        def read() -> float:
            return timed(lambda: sum(1 for _row in Business.objects.values("pk", *COLUMNS).iterator()))

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        seconds, floor = in_turn(look, read, ROUNDS)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        told = found[-1]
        note = (
            f"{sorted(seconds)[len(seconds) // 2]:.0f} s in all, {told.compared:,} pairs judged, "
            f"{told.pairs:,} alike, {told.crowded:,} blocks too crowded, {grown:.0f} MiB more memory"
        )
        yield row(
            "look for duplicates, a place", size, seconds, floor, per=size, floor_name="read", note=note
        )
