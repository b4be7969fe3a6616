"""The base of rows that people edit."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.access import Actor


class Changed(models.Model):
    """A row that people edit: when it was changed last, and by whom. `core.edits` writes it."""

    updated_at = models.DateTimeField(_("changed"), default=clock.now, editable=False)
    updated_by_name = models.CharField(_("changed by"), max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True

    def stamp(self, actor: Actor = None) -> None:
        """Note who changes the row now; the service saves it."""
        self.updated_at = clock.now()
        self.updated_by_name = str(getattr(actor, "display_name", actor) or "")[:200]


class Stamped(Changed):
    """The same, and when it was made."""

    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    class Meta:
        abstract = True
