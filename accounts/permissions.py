"""Who may keep accounts. What asks for a role alone stands in `core.roles`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.access import Guard, Person, Refusal
from core.roles import administer, be_signed_in

NOT_YOURSELF = Refusal("not_yourself", _("You can't do this to your own account. Ask another administrator."))
ONLY_YOURSELF = Refusal("only_yourself", _("Only they can choose which mail comes to them."))


def manage_users(user: Person, obj: Any = None) -> Refusal | None:
    """Admins."""
    return administer(user)


def change_role(user: Person, obj: Any = None) -> Refusal | None:
    """Admins, for everyone but themselves: so that at least one admin stays, and nobody slips."""
    if (found := administer(user)) is not None:
        return found
    return NOT_YOURSELF if obj is not None and obj.pk == user.pk else None


def choose_mail(user: Person, obj: Any = None) -> Refusal | None:
    """Everyone who is signed in, for themselves. What someone told an officer is another service."""
    if (found := be_signed_in(user)) is not None:
        return found
    return None if obj is None or obj.pk == user.pk else ONLY_YOURSELF


PERMISSIONS: dict[str, Guard] = {
    "accounts.manage_users": manage_users,
    "accounts.change_role": change_role,
    "accounts.choose_mail": choose_mail,
}
