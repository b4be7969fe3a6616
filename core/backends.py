"""How `user.has_perm` is answered: by the guards of `core.access`."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied

from core import access


class GuardBackend(BaseBackend):
    """Makes `user.has_perm("app.verb_thing", obj)` ask the same guard as the views; it signs nobody in."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the guard allows it.

        Raises:
            PermissionDenied: it refuses. Django then asks no other backend, and so no table of permissions.
        """
        if not access.is_registered(perm):
            return False  # a permission of Django's own, such as `auth.add_group`
        if access.refusal(user_obj, perm, obj) is not None:
            raise PermissionDenied
        return True
