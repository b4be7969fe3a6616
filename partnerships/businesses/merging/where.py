"""Where an address or a number of a record leads that was merged into another."""

from typing import Any

from django.urls import reverse

from core.access import Actor, visible
from partnerships.businesses.models import Business, Merge


def survivor_of(**of: Any) -> Business | None:
    """The place that stays in place of one that was merged; `None` where none was.

    Args:
        of: which place: its `pk` or its `slug`.
    """
    row = Business.everything.filter(merged_into__isnull=False, **of).select_related("merged_into").first()
    return row.merged_into if row is not None else None


def merged_address(pk: int, user: Actor) -> str | None:
    """Where the desk's page of a merged record leads: to its merge, else to the place that stays.

    Args:
        pk: of the record.
        user: who asks; `None` is the answer where they see neither.
    """
    stays = survivor_of(pk=pk)
    if stays is None:
        return None
    rows: Any = visible(Merge, user)
    if (merge := rows.standing().filter(merged=pk).first()) is not None:
        return str(merge.get_absolute_url())
    seen = visible(Business, user).filter(pk=stays.pk).exists()
    return reverse("desk:business", args=[stays.pk]) if seen else None
