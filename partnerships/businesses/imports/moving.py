"""Places of business follow the areas: each is in the one that it lies in today."""

from collections import Counter
from collections.abc import Mapping

from django.db import connection

from core.progress import Progress
from partnerships.businesses.geography import Locator, relocate
from partnerships.businesses.models import Business, Organization

CHUNK = 5_000

Moves = dict[int, tuple[int | None, int | None]]  # by place: from which area into which


def take_turns() -> None:
    """Lock every organization that has a place, in order (docs/decisions/0093).

    A redraw concerns the whole city: triggers write the areas of organizations while districts and places
    change, and nobody may change a place meanwhile who saw the borders of before.
    """
    having = Business.everything.order_by().values("organization")
    list(Organization.everything.filter(pk__in=having).order_by("pk").select_for_update().values_list("pk"))


def follow(successors: Mapping[int, int | None], progress: Progress | None = None) -> Moves:
    """Put every place of business into the area it lies in.

    One without a position was put there by a person: it goes where its area goes.

    Args:
        successors: what follows each area that ends, if anything.
        progress: told the places.

    Returns:
        The places that are in another area now.
    """
    locator = Locator()
    moves: Moves = {}
    seen, last = 0, 0
    columns = ("pk", "latitude", "longitude", "area_id")
    while chunk := list(Business.everything.filter(pk__gt=last).order_by("pk").values_list(*columns)[:CHUNK]):
        last, seen = chunk[-1][0], seen + len(chunk)
        before = {row[0]: row[3] for row in chunk}
        placed = [row for row in chunk if row[1] is not None]
        changes = relocate(placed, locator)
        changes |= {row[0]: successors[row[3]] for row in chunk if row[1] is None and row[3] in successors}
        _write(changes)
        moves |= {pk: (before[pk], area) for pk, area in changes.items()}
        if progress is not None:
            progress(seen, 0)
    return moves


def _write(changes: Mapping[int, int | None]) -> None:
    if not changes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE businesses_business b SET area_id = n.area_id "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS n (id, area_id) WHERE b.id = n.id",
            [list(changes), list(changes.values())],
        )


def across(moves: Moves, successors: Mapping[int, int | None]) -> dict[tuple[int | None, int | None], int]:
    """How many places change from which area into which; a further edition of their own is no change."""
    counted: dict[tuple[int | None, int | None], int] = {}
    for old, new in moves.values():
        if old is None or new is None or successors.get(old) != new:
            counted[old, new] = counted.get((old, new), 0) + 1
    return counted


def by_area(across: Mapping[tuple[int | None, int | None], int]) -> tuple[Counter[int], Counter[int]]:
    """How many places leave each area, and how many come to it."""
    gone: Counter[int] = Counter()
    come: Counter[int] = Counter()
    for (old, new), counted in across.items():
        gone[old or 0] += counted
        come[new or 0] += counted
    return gone, come


def outside() -> int:
    """How many places with a position are in no area."""
    return Business.objects.filter(latitude__isnull=False, area=None).count()
