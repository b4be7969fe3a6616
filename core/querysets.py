"""The default way in: nothing is visible until a room says to whom."""

from typing import Self

from django.db import models

from core.access import Actor

# What a scope function answers for a user whom nothing is hidden from.
ALL = "all"


class ScopedQuerySet(models.QuerySet):
    """A queryset that shows nobody anything; rooms override `visible_to`."""

    def visible_to(self, user: Actor) -> Self:
        """The rows that exist for `user`."""
        return self.none()
