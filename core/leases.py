"""Taking rows for a process for as long as it lives. The outbox and the jobs share it.

A process claims rows under a token of its own, with a lease that ends at a moment of the database's clock.
What it writes about a row, it writes only where its token still stands (`own`). A process that dies writes
nothing more; once its lease has run out, the next one takes its rows up (`ABANDONED`). So neither a killed
process nor a broker that forgot everything loses a row, and no row has two owners at a time.
"""

import uuid
from datetime import timedelta
from typing import TypeVar

from django.db import models, transaction
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Leased(models.Model):
    """A row that processes claim."""

    token = models.UUIDField(_("claim"), null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=Leased)

FREE: dict[str, None] = {"token": None, "lease_until": None}  # the columns of a row that nobody has
# The lease has run out, by the database's clock: the process died or hangs.
ABANDONED = models.Q(lease_until__lt=Now())


def until(seconds: float) -> CombinedExpression:
    """When a lease of now ends, by the database's clock."""
    return Now() + timedelta(seconds=seconds)


def claim(
    rows: models.QuerySet[Row], *, most: int, lease_until: models.expressions.Combinable, **changes: object
) -> list[Row]:
    """Take rows for this process, past what others are taking at this moment.

    Args:
        rows: those that may be taken, in the order to take them.
        most: how many at once.
        lease_until: when the lease ends, by the database's clock; see `until`.
        changes: columns to change along, such as the state.

    Returns:
        The rows, all under one new token, in the given order.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        taken = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
        if not taken:
            return []
        every = rows.model._base_manager
        every.filter(pk__in=taken).update(token=token, lease_until=lease_until, **changes)
    found = {row.pk: row for row in every.filter(token=token)}
    return [found[pk] for pk in taken if pk in found]


def own(row: Row, **more: object) -> models.QuerySet[Row]:
    """The row, as long as this process's claim on it stands.

    Args:
        row: as it was claimed.
        more: what else must still be so, such as the state.
    """
    return type(row)._base_manager.filter(pk=row.pk, token=row.token, **more)
