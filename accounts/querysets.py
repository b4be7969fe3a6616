"""Sets of users."""

from typing import Any, Self

from core.querysets import ScopedQuerySet


class UserQuerySet(ScopedQuerySet):
    """Users, by who may see them."""

    def visible_to(self, user: Any) -> Self:
        """Admins see everyone, the desk sees the department, everyone sees themselves."""
        role = getattr(user, "role", None)
        if not getattr(user, "is_active", False):
            return self.none()
        if role == "admin":
            return self
        if role in {"officer", "supervisor"}:
            return self.department() | self.filter(pk=user.pk)
        return self.filter(pk=user.pk)

    def department(self) -> Self:
        """Officers, supervisors, viewers and admins."""
        return self.exclude(role="member")
