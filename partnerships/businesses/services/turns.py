"""Whose turn it is: the one order in which rows of an organization are locked (docs/decisions/0093).

The organization's row comes first, then its applications by number, then what belongs to one of them, its
places, claims, memberships and invitations. Who locks one of these alone needs no turn. Who then also needs
the organization's row, to move its standing, for a trigger or for a foreign key, takes the turn first of all.
"""

from partnerships.businesses.models import Organization


def take_turn(organization_id: int) -> Organization:
    """The organization as it is now, for us alone until the transaction ends. A second time it costs a read.

    Args:
        organization_id: whose rows are locked or written next.
    """
    row: Organization = Organization.objects.select_for_update().get(pk=organization_id)
    return row
