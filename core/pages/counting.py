"""How many rows a list has: counted as far as anyone would count, estimated beyond."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import words

COUNTED = 10_000  # rows; counting so many takes a few milliseconds
FIGURES = 3  # of an estimate: nobody knows more of it


@dataclass(frozen=True)
class Count:
    """How many there are.

    Args:
        number: of rows.
        exact: it was counted; else it is the database's estimate.
    """

    number: int
    exact: bool = True

    def __str__(self) -> str:
        """For people: "1,204", "about 12,400"."""
        figure = words.number(self.number)
        return figure if self.exact else _("about %(number)s") % {"number": figure}


def count(rows: QuerySet[Any]) -> Count:
    """Count the rows of a list; above `COUNTED` take the planner's estimate, in three figures.

    The estimate is as good as the table's statistics, which Postgres keeps up to date by itself.
    """
    keys = rows.order_by().values("pk")
    found = keys[: COUNTED + 1].count()
    if found <= COUNTED:
        return Count(found)
    plan = json.loads(keys.explain(format="json"))[0]["Plan"]
    return Count(_rounded(max(int(plan["Plan Rows"]), found)), exact=False)


def _rounded(number: int) -> int:
    unit = 10 ** max(len(str(number)) - FIGURES, 0)
    return round(number / unit) * unit
