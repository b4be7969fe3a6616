"""Who may keep accounts. What asks for a role alone stands in `core.roles`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.access import Guard, Person, Refusal
from core.roles import administer

NOT_YOURSELF = Refusal("not_yourself", _("You can't do this to your own account. Ask another administrator."))


def manage_users(user: Person, obj: Any = None) -> Refusal | None:
    """Admins."""
    return administer(user)


def change_role(user: Person, obj: Any = None) -> Refusal | None:
    """Admins, for everyone but themselves: so that at least one admin stays, and nobody slips."""
    if (found := administer(user)) is not None:
        return found
    return NOT_YOURSELF if obj is not None and obj.pk == user.pk else None


PERMISSIONS: dict[str, Guard] = {
    "accounts.manage_users": manage_users,
    "accounts.change_role": change_role,
}
