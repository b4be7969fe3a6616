"""Records that were merged into others: what moved, so that it can move back, and their numbers in files."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.moving import Exactly
from partnerships.businesses.querysets import MergeQuerySet

from .registry import Business, Organization


class Merge(models.Model):
    """One record became part of another. The one that was given up stays, out of every list."""

    kept = models.ForeignKey(
        Business, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("place that stays")
    )
    merged = models.ForeignKey(
        Business, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("place given up")
    )
    kept_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization that stays")
    )
    merged_organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("organization given up"),
    )
    at = models.DateTimeField(_("when"), default=clock.now, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    by_name = models.CharField(_("by"), max_length=200, blank=True)
    # See `merging.journal`: what `core.moving` moved, and what else was changed.
    journal: Any = models.JSONField(_("what moved"), default=dict, encoder=Exactly)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by_name = models.CharField(_("undone by"), max_length=200, blank=True)
    left: Any = models.JSONField(_("what undoing left as it was"), default=dict, encoder=Exactly)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-at", "-pk"]
        constraints = [
            # A place, or an organization, is part of one other at a time.
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="businesses_place_merged_once"
            ),
            models.UniqueConstraint(
                fields=["merged_organization"],
                condition=Q(undone_at=None),
                name="businesses_organization_merged_once",
            ),
            models.CheckConstraint(
                condition=Q(merged__isnull=False) | Q(merged_organization__isnull=False),
                name="businesses_merge_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.stays}"

    def get_absolute_url(self) -> str:
        """Its page at the desk, where it is undone."""
        return reverse("desk:merge", args=[self.pk])

    @property
    def gone(self) -> Any:
        """What was given up: a place, or an organization whose places were gathered."""
        return self.merged or self.merged_organization

    @property
    def stays(self) -> Any:
        """What it became part of."""
        return self.kept or self.kept_organization

    @property
    def is_undone(self) -> bool:
        """Whether both stand apart again."""
        return self.undone_at is not None


class SourceNumber(models.Model):
    """Numbers by which a file tells a place that belongs to another organization here."""

    source = models.CharField(_("source"), max_length=60)
    account_number = models.CharField(_("license account"), max_length=40)
    site_number = models.CharField(_("site number"), max_length=20, blank=True)
    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="source_numbers", verbose_name=_("business")
    )

    class Meta:
        verbose_name = _("number in a file")
        verbose_name_plural = _("numbers in files")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "account_number", "site_number"], name="businesses_source_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.account_number} {self.site_number}"
