"""Sets of users."""

from typing import Self

from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat, Trim

from core.access import Actor
from core.querysets import ScopedQuerySet
from core.roles import WRITERS, Role, role_of


class UserQuerySet(ScopedQuerySet):
    """Users, by who may see them."""

    def visible_to(self, user: Actor) -> Self:
        """Admins see everyone, the desk sees the department, everyone sees themselves."""
        role = role_of(user)
        if user is None or role is None:
            return self.none()
        if role == Role.ADMIN:
            return self
        if role in WRITERS:
            return self.department() | self.filter(pk=user.pk)
        return self.filter(pk=user.pk)

    def department(self) -> Self:
        """Officers, supervisors, viewers and admins."""
        return self.exclude(role=Role.MEMBER)


def display_name(of: str) -> Case:
    """`User.display_name` for the database: "Officer Dana Reyes", else the address.

    Args:
        of: the way to the user, as "reviewer"; "" among users.
    """
    at = f"{of}__" if of else ""
    full = Trim(Concat(f"{at}title", Value(" "), f"{at}full_name"))
    return Case(When(**{f"{at}full_name": ""}, then=F(f"{at}email")), default=full)
