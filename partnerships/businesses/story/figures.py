"""The public home: how many partners there are."""

from collections.abc import Iterator

from django.db.models import Count
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext

from core import words
from core.pages.story import (
    Figure,
)
from partnerships.businesses.models import (
    Business,
)


def figures() -> Iterator[Figure]:
    """How many partners there are, in how many districts. Totals: no row is shown, so no scope applies."""
    counted = (
        Business.objects.partners()
        .open()
        .aggregate(
            businesses=Count("pk"),
            districts=Count(Coalesce("area__parent_id", "area_id"), distinct=True),
        )
    )
    if not counted["businesses"]:
        return
    districts = ngettext("%(n)s district", "%(n)s districts", counted["districts"]) % {
        "n": words.number(counted["districts"])
    }
    if not counted["districts"]:
        said = ngettext("partner business", "partner businesses", counted["businesses"])
    else:
        said = ngettext(
            "partner business in %(districts)s", "partner businesses in %(districts)s", counted["businesses"]
        ) % {"districts": districts}
    yield Figure(words.number(counted["businesses"]), said, order=10)
