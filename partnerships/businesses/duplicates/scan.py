"""The whole registry looked through for places that stand in it twice.

The keys of all places (`blocking`) go into a temporary table by COPY, the database says which places meet,
and these are judged (`scoring`) some thousand at a time. Memory does not grow with the registry. It is one
transaction: a scan that is stopped leaves nothing, and the next begins anew.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction

from core import audit, clock, locks
from core.access import Actor, check
from core.progress import Progress
from partnerships.businesses.models import Business, DuplicatePair

from .blocking import LARGEST, keys_of
from .scoring import THRESHOLD, Verdict, compare
from .traits import COLUMNS, Traits, traits_of

LOCK = "businesses.duplicates"
CHUNK = 2_000  # places whose keys are written at once
JUDGED = 5_000  # pairs that are judged at once
KEPT_REASONS = 8

# Places that share a key, each pair once. `only`: those of which one is new.
MEET = """
CREATE TEMPORARY TABLE met ON COMMIT DROP AS
SELECT DISTINCT a.business_id AS one, b.business_id AS other
FROM keyed a JOIN keyed b ON a.key = b.key AND a.business_id < b.business_id
WHERE a.key IN (SELECT key FROM keyed GROUP BY key HAVING count(*) BETWEEN 2 AND %(largest)s)
AND (NOT %(some)s OR a.business_id = ANY(%(only)s::bigint[]) OR b.business_id = ANY(%(only)s::bigint[]))
"""
CROWDED = "SELECT count(*) FROM (SELECT FROM keyed GROUP BY key HAVING count(*) > %(largest)s) AS crowded"
KEEP = """
INSERT INTO businesses_duplicatepair
    (one_id, other_id, score, reasons, found_by, status, created_at, updated_at, updated_by_name)
SELECT one, other, score, reasons, %(found_by)s, 'open', %(now)s, %(now)s, ''
FROM judged
ON CONFLICT (one_id, other_id) DO UPDATE
SET score = EXCLUDED.score, reasons = EXCLUDED.reasons, updated_at = EXCLUDED.updated_at
WHERE businesses_duplicatepair.status = 'open'
AND (businesses_duplicatepair.score, businesses_duplicatepair.reasons) IS DISTINCT FROM
    (EXCLUDED.score, EXCLUDED.reasons)
RETURNING (xmax = 0)
"""
# What was put right since is no longer alike.
FORGET = """
DELETE FROM businesses_duplicatepair p
WHERE p.status = 'open' AND NOT EXISTS (SELECT FROM judged j WHERE j.one = p.one_id AND j.other = p.other_id)
"""


@dataclass
class Found:
    """What came of a look through the registry.

    Attributes:
        places: that were looked at.
        compared: pairs that were judged.
        crowded: blocks that were too large to be compared.
        pairs: that are alike enough.
        new: of these, those that nobody knew of.
        gone: open pairs that are no longer alike.
    """

    places: int = 0
    compared: int = 0
    crowded: int = 0
    pairs: int = 0
    new: int = 0
    gone: int = 0

    def as_json(self) -> dict[str, int]:
        """For the page of the job."""
        return asdict(self)


def find_duplicates(
    *,
    actor: Actor,
    only: Sequence[int] | None = None,
    found_by: str = DuplicatePair.Found.SCAN,
    progress: Progress | None = None,
) -> Found:
    """Look through all places of business and keep the pairs that may be one.

    What people said of a pair stands. A second scan of the same registry changes nothing.

    Args:
        actor: who asks, a supervisor; `None` for the system.
        only: keep the pairs of these places alone, such as those that an import added.
        found_by: a value of `DuplicatePair.Found`, for new pairs.
        progress: told the places and pairs done. When it raises, nothing is changed.

    Raises:
        Refused: the actor may not.
    """
    check(actor, "businesses.find_duplicates")
    found = Found()
    told = progress or (lambda done, total: None)
    with transaction.atomic(), connection.cursor() as cursor:
        locks.one_at_a_time(LOCK)
        cursor.execute("SET LOCAL client_min_messages = warning")
        cursor.execute("DROP TABLE IF EXISTS keyed, met, judged")
        cursor.execute("CREATE TEMPORARY TABLE keyed (key bigint, business_id bigint) ON COMMIT DROP")
        total = Business.objects.count()
        for chunk in _chunks():
            with cursor.copy("COPY keyed FROM STDIN") as copy:
                for pk, place in chunk:
                    for key in keys_of(place):
                        copy.write_row((key, pk))
            found.places += len(chunk)
            told(found.places, 2 * total)  # how many pairs there will be, nobody knows yet
        cursor.execute("ANALYZE keyed")
        values: dict[str, Any] = {"largest": LARGEST, "some": only is not None, "only": list(only or ())}
        cursor.execute(CROWDED, values)
        (found.crowded,) = cursor.fetchone()
        cursor.execute(MEET, values)
        met = cursor.rowcount
        cursor.execute("CREATE INDEX ON met (one, other)")
        cursor.execute(
            "CREATE TEMPORARY TABLE judged (one bigint, other bigint, score smallint, reasons jsonb) "
            "ON COMMIT DROP"
        )
        for pairs in _met(cursor):
            _judge(cursor, pairs)
            found.compared += len(pairs)
            told(found.places + found.compared, found.places + met)
        _keep(cursor, found, found_by, whole=only is None)
        audit.record("businesses.duplicates_looked_for", actor=actor, detail=f"{found.new} of {found.pairs}")
    return found


def _chunks() -> Iterator[list[tuple[int, Traits]]]:
    last = 0
    while rows := list(_rows(Business.objects.filter(pk__gt=last).order_by("pk")[:CHUNK])):
        yield rows
        last = rows[-1][0]


def _rows(places: Any) -> Iterator[tuple[int, Traits]]:
    for row in places.values("pk", *COLUMNS):
        yield row["pk"], traits_of(row)


def _met(cursor: Any) -> Iterator[list[tuple[int, int]]]:
    last = (0, 0)
    while True:
        cursor.execute(
            "SELECT one, other FROM met WHERE (one, other) > (%s, %s) ORDER BY one, other LIMIT %s",
            [*last, JUDGED],
        )
        pairs = cursor.fetchall()
        if not pairs:
            return
        yield pairs
        last = pairs[-1]


def _judge(cursor: Any, pairs: Iterable[tuple[int, int]]) -> None:
    """Judge pairs, and write down those that are alike enough. Two that are closed concern nobody."""
    numbers = {number for pair in pairs for number in pair}
    places = dict(_rows(Business.objects.filter(pk__in=numbers)))
    still = set(Business.objects.open().filter(pk__in=numbers).values_list("pk", flat=True))
    with cursor.copy("COPY judged FROM STDIN") as copy:
        for one, other in pairs:
            if one not in still and other not in still:
                continue
            verdict = compare(places[one], places[other])
            if verdict.score >= THRESHOLD:
                copy.write_row((one, other, verdict.score, json.dumps(told(verdict))))


def told(verdict: Verdict) -> list[list[Any]]:
    """The reasons as a pair keeps them: code and points, what counts most first."""
    return [[each.code, each.points] for each in verdict.reasons[:KEPT_REASONS]]


def _keep(cursor: Any, found: Found, found_by: str, *, whole: bool) -> None:
    cursor.execute("SELECT count(*) FROM judged")
    (found.pairs,) = cursor.fetchone()
    cursor.execute(KEEP, {"found_by": found_by, "now": clock.now()})
    found.new = sum(fresh for (fresh,) in cursor.fetchall())
    if whole:
        cursor.execute(FORGET)
        found.gone = cursor.rowcount
