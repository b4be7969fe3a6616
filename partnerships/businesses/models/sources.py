"""Where else a place of business is known from than the source that brought it here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.businesses.scoping import OfBusiness, Own

from .places import ImportBatch
from .registry import Business


class SourceRecordQuerySet(OfBusiness):
    """Sets of records."""

    def of_own(self, own: Own) -> models.Q:
        """None: it is the department that imports."""
        return models.Q(pk__in=[])


class SourceRecord(models.Model):
    """A place as a second source knows it: by which numbers, and with which licenses.

    The organization's own source and numbers say what the first one calls it.
    """

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="source_records", verbose_name=_("business")
    )
    source = models.CharField(_("source"), max_length=60)
    account_number = models.CharField(_("license account"), max_length=40)
    site_number = models.CharField(_("site number"), max_length=20)
    license_kinds = models.CharField(_("licenses"), max_length=500, blank=True)
    license_until = models.DateField(_("licensed until"), null=True, blank=True)
    batch = models.ForeignKey(
        ImportBatch,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="source_records",
        verbose_name=_("found by"),
    )

    objects = SourceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of another source")
        verbose_name_plural = _("records of other sources")
        ordering = ["source", "account_number", "site_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "account_number", "site_number"], name="businesses_source_record_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.account_number}/{self.site_number}"
