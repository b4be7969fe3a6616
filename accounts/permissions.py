"""Who may enter which part of the house."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.access import Guard, Refusal

PORTAL_ONLY = Refusal("portal_only", _("This part is for businesses. You are signed in for the department."))
DESK_ONLY = Refusal("desk_only", _("This part is for the department's liaison officers."))
NO_WRITING = Refusal("read_only", _("Your role may look here, but not change anything."))
SUPERVISORS_ONLY = Refusal("supervisors_only", _("A supervisor has to do this."))
NOT_YOURSELF = Refusal("not_yourself", _("You can't do this to your own account. Ask another administrator."))
ADMINS_ONLY = Refusal("admins_only", _("This part is for administrators."))


def use_portal(user: Any, obj: Any = None) -> Refusal | None:
    """Members of businesses."""
    return None if getattr(user, "role", None) == "member" else PORTAL_ONLY


def use_desk(user: Any, obj: Any = None) -> Refusal | None:
    """Officers, supervisors and viewers."""
    return None if getattr(user, "is_desk", False) else DESK_ONLY


def write_desk(user: Any, obj: Any = None) -> Refusal | None:
    """Officers and supervisors."""
    if (found := use_desk(user)) is not None:
        return found
    return None if user.role in {"officer", "supervisor"} else NO_WRITING


def supervise(user: Any, obj: Any = None) -> Refusal | None:
    """Supervisors."""
    if (found := use_desk(user)) is not None:
        return found
    return None if user.role == "supervisor" else SUPERVISORS_ONLY


def administer(user: Any, obj: Any = None) -> Refusal | None:
    """Admins, in Django admin."""
    return None if getattr(user, "role", None) == "admin" else ADMINS_ONLY


def be_signed_in(user: Any, obj: Any = None) -> Refusal | None:
    """Anyone with an account of a known role."""
    return (
        None
        if getattr(user, "role", None) in {"member", "officer", "supervisor", "viewer", "admin"}
        else DESK_ONLY
    )


def manage_users(user: Any, obj: Any = None) -> Refusal | None:
    """Admins."""
    return administer(user)


def change_role(user: Any, obj: Any = None) -> Refusal | None:
    """Admins, for everyone but themselves: so that at least one admin stays, and nobody slips."""
    if (found := administer(user)) is not None:
        return found
    return NOT_YOURSELF if obj is not None and obj.pk == user.pk else None


PERMISSIONS: dict[str, Guard] = {
    "accounts.use_portal": use_portal,
    "accounts.use_desk": use_desk,
    "accounts.write_desk": write_desk,
    "accounts.supervise": supervise,
    "accounts.administer": administer,
    "accounts.manage_users": manage_users,
    "accounts.change_role": change_role,
    "accounts.be_signed_in": be_signed_in,
}
