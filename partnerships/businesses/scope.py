"""What other kernels ask of the registry: whose mail a user may see."""

from collections.abc import Collection
from email.utils import formataddr
from typing import Any

from core.outbox import ALL

from .models import Organization
from .querysets import covers_all


def mail_organizations(user: Any) -> Any:
    """The ids of the organizations whose mail `user` may see at the desk.

    Returns:
        `core.outbox.ALL` for those who cover the whole city, else a queryset of ids.
    """
    role = getattr(user, "role", None) if getattr(user, "is_active", False) else None
    if role == "admin" or (role == "supervisor" and covers_all(user)):
        return ALL
    if role not in {"officer", "supervisor"}:
        return Organization.objects.none().values("pk")
    return Organization.objects.visible_to(user).order_by().values("pk")


def reply_addresses(organizations: Collection[int]) -> dict[int, str]:
    """Where replies to an organization's mail go: to its lead officer, while that one works here.

    Args:
        organizations: ids.

    Returns:
        `Name <address>` by id; organizations without an active lead officer are not in it.
    """
    rows = Organization.objects.filter(pk__in=organizations, lead_officer__is_active=True)
    return {
        row.pk: formataddr((row.lead_officer.display_name, row.lead_officer.email))
        for row in rows.select_related("lead_officer")
        if row.lead_officer is not None
    }
