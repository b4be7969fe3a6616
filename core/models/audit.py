"""The audit: append-only by trigger."""

from typing import Self

import pgtrigger
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.access import Actor
from core.folding import folded
from core.querysets import ScopedQuerySet
from core.roles import Role, role_of


class AuditQuerySet(ScopedQuerySet):
    """The audit is for administrators."""

    def visible_to(self, user: Actor) -> Self:
        """Everything for admins, nothing for anyone else."""
        return self if role_of(user) == Role.ADMIN else self.none()


class AuditEntry(models.Model):
    """One change, login, denial or reading. Append-only: a trigger refuses update and delete."""

    at = models.DateTimeField(_("when"), default=clock.now, db_index=True)
    verb = models.CharField(_("what"), max_length=100)
    target_type = models.CharField(_("kind of thing"), max_length=100, blank=True)
    target_id = models.CharField(_("its number"), max_length=40, blank=True)
    actor_id = models.BigIntegerField(_("actor's number"), null=True, blank=True)
    actor_label = models.CharField(_("who"), max_length=200)
    changed = models.JSONField(_("changed fields"), default=list, blank=True)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    request_id = models.CharField(_("request"), max_length=40, blank=True)
    # As PostgreSQL's own clock has it, the same for all that one transaction writes: so `core.past` finds
    # the old and new values that belong to a row. Rows from before it was kept have none.
    transaction_at = models.DateTimeField(
        _("transaction"), db_default=TransactionNow(), null=True, editable=False
    )

    search_text = folded("verb", "actor_label", "target_id", "detail", "request_id")

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="core_audit_target")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.verb}"
