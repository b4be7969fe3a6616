"""Whose turn it is: the one order in which rows of an organization are locked (docs/decisions/0093).

The organization's row comes first, then its applications by number, then what belongs to one of them, its
places, claims, memberships and invitations. Who locks one of these alone needs no turn. Who then also needs
the organization's row, to move its standing, for a trigger or for a foreign key, takes the turn first of all.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from core.access import Refusal, Refused
from partnerships.businesses.models import Organization

MERGED = Refusal(
    "merged", _("This record was merged with another one meanwhile. Look the business up again.")
)


def take_turn(organization_id: int) -> Organization:
    """The organization as it is now, for us alone until the transaction ends. A second time it costs a read.

    Args:
        organization_id: whose rows are locked or written next.

    Raises:
        Refused: it was merged into another one (`MERGED`).
    """
    row: Organization = Organization.everything.select_for_update().get(pk=organization_id)
    if row.merged_into_id is not None:
        raise Refused(MERGED)
    return row


def take_turns(numbers: Iterable[int]) -> dict[int, Organization]:
    """Several organizations, by number, also such as were merged: for who merges them, or takes it back."""
    rows = Organization.everything.select_for_update().filter(pk__in=set(numbers)).order_by("pk")
    return {row.pk: row for row in rows}
