"""The industry classification, read from the file that ships with the registry."""

import csv
from collections import Counter
from dataclasses import replace
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count

from . import kinds
from .models import Business, Industry

# Trades that most applicants belong to, for a registry that holds few places yet.
OFTEN_CHOSEN = (
    "7225", "4451", "8121", "4581", "4441", "8123", "6244", "8111", "7224", "4561", "4571", "6212",
)  # fmt: skip
COMMON = 12  # as many as a phone shows at once
COUNTED_FOR = 60 * 60  # seconds
PROPOSED = 0.5  # what fits less is not proposed
NEARLY, IN_DOUBT = 0.97, 0.8  # another group that fits nearly as well makes a proposal less sure


def common_groups() -> list[str]:
    """The industry groups that most places of the registry belong to, by code; counted once an hour."""
    counted: list[str] | None = cache.get("businesses.common_groups")
    if counted is None:
        places: Counter[str] = Counter()
        rows = Business.objects.filter(industry__isnull=False).order_by().values_list("industry__code")
        for code, n in rows.annotate(n=Count("*")):
            places[code[:4]] += n
        counted = [code for code, _n in places.most_common() if len(code) == 4][:COMMON]
        cache.set("businesses.common_groups", counted, COUNTED_FOR)
    return list(dict.fromkeys([*counted, *OFTEN_CHOSEN]))[:COMMON]


def proposed(text: str) -> kinds.Kind | None:
    """The kind of business that a city's own words for a category most likely mean.

    Args:
        text: as it stands in the file: "TAVERN", "Beauty Salon License", "Panadería".

    Returns:
        The kind with how sure that is (`score`, 0 to 1); `None` where nothing fits. A word for several groups
        ("Retail Food Establishment") has a low score: ask before it is taken.
    """
    found = kinds.find(text, 4)
    if not found or found[0].score < PROPOSED:
        return None
    best, *others = found
    elsewhere = [each for each in others if each.group.code != best.group.code]
    if best.score < 1 and any(each.score >= best.score * NEARLY for each in elsewhere):
        return replace(best, score=round(best.score * IN_DOUBT, 3))
    return best


def load_industries(**kwargs: Any) -> int:
    """Bring the table of industries up to the file; answer how many it holds.

    Called after every `migrate`, so that an installation always has them.
    """
    if Industry._meta.db_table not in connection.introspection.table_names():
        return 0  # migrated back to before the registry
    with kinds.NAICS.open(newline="", encoding="utf-8") as file:
        rows = [(row["code"], row["title"]) for row in csv.DictReader(file)]
    if dict(Industry.objects.values_list("code", "title")) == dict(rows):
        return len(rows)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE naics (code text, title text, parent text) ON COMMIT DROP")
        parents = _parents([code for code, _title in rows])
        with cursor.copy("COPY naics FROM STDIN") as copy:
            for code, title in rows:
                copy.write_row((code, title, parents[code]))
        cursor.execute(
            "INSERT INTO businesses_industry (code, title) SELECT code, title FROM naics "
            "ON CONFLICT (code) DO UPDATE SET title = EXCLUDED.title"
        )
        cursor.execute(
            "UPDATE businesses_industry i SET parent_id = p.id FROM naics n "
            "JOIN businesses_industry p ON p.code = n.parent "
            "WHERE i.code = n.code AND i.parent_id IS DISTINCT FROM p.id"
        )
    return len(rows)


def _parents(codes: list[str]) -> dict[str, str | None]:
    """The code that each code is part of: one digit less; sectors like 31-33 take in all they span."""
    sectors: dict[str, str] = {}
    for code in codes:
        if "-" in code:
            first, last = code.split("-")
            sectors |= {str(each): code for each in range(int(first), int(last) + 1)}
    known = set(codes)
    found: dict[str, str | None] = {}
    for code in codes:
        shorter = code[:-1] if code.isdigit() and len(code) > 2 else ""
        while shorter and shorter not in known and shorter not in sectors:
            shorter = shorter[:-1]
        found[code] = (shorter if shorter in known else sectors.get(shorter)) or None
    return found
