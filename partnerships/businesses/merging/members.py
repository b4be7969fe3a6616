"""Who acts for what, once two organizations are one: nobody gets to see more places than before."""

from collections.abc import Sequence
from typing import Any

from partnerships.businesses.models import MemberRole, Membership


def widen(gone: int, kept: int, sites: Sequence[int]) -> list[dict[str, Any]]:
    """Whoever belongs to both speaks for all that they spoke for before, in one membership.

    Args:
        gone, kept: numbers of the organizations.
        sites: the places that come over.

    Returns:
        What was changed, for `narrow`.
    """
    changed = []
    others = {
        each.user_id: each for each in Membership.objects.filter(organization=gone).prefetch_related("sites")
    }
    both = Membership.objects.select_for_update().filter(organization=kept, user__in=others).order_by("pk")
    for row in both:
        other = others[row.user_id]
        entry: dict[str, Any] = {"pk": row.pk, "role": row.role, "all_sites": row.all_sites, "added": []}
        if MemberRole.OWNER in (row.role, other.role):
            row.role = MemberRole.OWNER
        if not row.all_sites:
            theirs = set(sites) if other.all_sites else {each.pk for each in other.sites.all()}
            entry["added"] = sorted(theirs - set(row.sites.values_list("pk", flat=True)))
            row.sites.add(*entry["added"])
        row.save(update_fields=["role"])
        changed.append({**entry, "then": row.role})
    return changed


def confine(members: Sequence[int], sites: Sequence[int]) -> list[int]:
    """Those who came over and acted for every place act for the places that came with them alone.

    Args:
        members: numbers of the memberships that moved.
        sites: the places that came over.

    Returns:
        The numbers of those that were changed, for `release`.
    """
    rows = list(Membership.objects.select_for_update().filter(pk__in=members, all_sites=True).order_by("pk"))
    for row in rows:
        row.all_sites = False
        row.save(update_fields=["all_sites"])
        row.sites.set(sites)
    return [row.pk for row in rows]


def narrow(changed: Sequence[dict[str, Any]]) -> None:
    """Take `widen` back, where nobody changed the membership since."""
    for entry in changed:
        row = Membership.objects.select_for_update().filter(pk=entry["pk"]).first()
        if row is None:
            continue
        if row.role == entry["then"] != entry["role"]:
            row.role = entry["role"]
            row.save(update_fields=["role"])
        row.sites.remove(*entry["added"])


def release(members: Sequence[int]) -> None:
    """Take `confine` back."""
    for row in Membership.objects.select_for_update().filter(pk__in=members, all_sites=False).order_by("pk"):
        row.all_sites = True
        row.save(update_fields=["all_sites"])
        row.sites.clear()
