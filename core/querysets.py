"""The default way in: nothing is visible until a room says to whom."""

from typing import Any, Self

from django.db import models
from django.utils.module_loading import import_string

# What a scope function answers for a user whom nothing is hidden from.
ALL = "all"


def mail_scope(user: Any) -> Any:
    """Whose mail a user may see at the desk.

    Returns:
        `ALL`, the ids of organizations, or () for those who see no mail. Admins: all. Officers and
        supervisors: what `config.rooms.MAIL_SCOPE` gives them.
    """
    from config import rooms
    from core.access import refusal

    if refusal(user, "accounts.administer") is None:
        return ALL
    if refusal(user, "accounts.write_desk") is not None:
        return ()
    return import_string(rooms.MAIL_SCOPE)(user)


class ScopedQuerySet(models.QuerySet):
    """A queryset that shows nobody anything; rooms override `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        """The rows that exist for `user`."""
        return self.none()
