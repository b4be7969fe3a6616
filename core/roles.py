"""Roles: what a person is here, the sets of roles that rules speak of, and the guards that ask for no more.

A room asks `role_of(user)` and compares with `Role` or one of the sets; no other file spells a role out.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access import Actor, Guard, Refusal


class Role(models.TextChoices):
    """What a person is here. Business owners and their staff are members; their memberships say of what."""

    MEMBER = "member", _("Business member")
    OFFICER = "officer", _("Community liaison officer")
    SUPERVISOR = "supervisor", _("Supervisor")
    VIEWER = "viewer", _("Viewer")
    ADMIN = "admin", _("Admin")


# Who writes at the desk, in the districts that they cover.
WRITERS = frozenset({Role.OFFICER, Role.SUPERVISOR})
# Who works at the desk.
DESK = WRITERS | {Role.VIEWER}
# Who works for the department, and so needs a second factor.
DEPARTMENT = DESK | {Role.ADMIN}
# Who sees the whole city, whatever districts there are.
CITYWIDE = frozenset({Role.VIEWER, Role.ADMIN})

PORTAL_ONLY = Refusal("portal_only", _("This part is for businesses. You are signed in for the department."))
DESK_ONLY = Refusal("desk_only", _("This part is for the department's liaison officers."))
NO_WRITING = Refusal("read_only", _("Your role may look here, but not change anything."))
SUPERVISORS_ONLY = Refusal("supervisors_only", _("A supervisor has to do this."))
ADMINS_ONLY = Refusal("admins_only", _("This part is for administrators."))


def role_of(user: Actor) -> Role | None:
    """The role of an active user; `None` for a visitor, a blocked account or an unknown role."""
    if not getattr(user, "is_active", False):
        return None
    role = getattr(user, "role", None)
    return Role(role) if role in Role.values else None


def use_portal(user: Actor, obj: Any = None) -> Refusal | None:
    """Members of businesses."""
    return None if role_of(user) == Role.MEMBER else PORTAL_ONLY


def use_desk(user: Actor, obj: Any = None) -> Refusal | None:
    """Officers, supervisors and viewers."""
    return None if role_of(user) in DESK else DESK_ONLY


def write_desk(user: Actor, obj: Any = None) -> Refusal | None:
    """Officers and supervisors."""
    if (found := use_desk(user)) is not None:
        return found
    return None if role_of(user) in WRITERS else NO_WRITING


def supervise(user: Actor, obj: Any = None) -> Refusal | None:
    """Supervisors."""
    if (found := use_desk(user)) is not None:
        return found
    return None if role_of(user) == Role.SUPERVISOR else SUPERVISORS_ONLY


def administer(user: Actor, obj: Any = None) -> Refusal | None:
    """Admins, in Django admin."""
    return None if role_of(user) == Role.ADMIN else ADMINS_ONLY


def write_department(user: Actor, obj: Any = None) -> Refusal | None:
    """Officers and supervisors at the desk, and admins in Django admin."""
    return None if administer(user) is None else write_desk(user)


def be_signed_in(user: Actor, obj: Any = None) -> Refusal | None:
    """Anyone with an account of a known role."""
    return None if role_of(user) is not None else DESK_ONLY


PERMISSIONS: dict[str, Guard] = {
    "core.use_portal": use_portal,
    "core.use_desk": use_desk,
    "core.write_desk": write_desk,
    "core.supervise": supervise,
    "core.administer": administer,
    "core.write_department": write_department,
    "core.be_signed_in": be_signed_in,
}
