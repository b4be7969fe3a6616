"""What imports changed of what was here before, so that it can be taken back."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.businesses.scoping import OfBusiness, Own

from .places import ImportBatch
from .registry import Business, Organization


class Stays(models.TextChoices):
    """Why something that an import wrote is not taken back with it."""

    CHANGED = "changed", _("Somebody changed it since")
    IN_USE = "in_use", _("Something belongs to it by now")


class ImportChangeQuerySet(OfBusiness):
    """Sets of changes; what was changed of organizations alone is shown to nobody."""

    def of_own(self, own: Own) -> models.Q:
        """None: it is the department that imports."""
        return models.Q(pk__in=[])


class ImportChange(models.Model):
    """One place or one organization as it was before an import changed it, and as the import left it.

    It goes when the import is taken back, or when that time is over. What stayed then keeps a row that says
    why; of a place that the import added such a row is all there is, with nothing before and after.
    """

    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="changes", verbose_name=_("import")
    )
    business = models.ForeignKey(
        Business,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="import_changes",
        verbose_name=_("business"),
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="import_changes",
        verbose_name=_("organization"),
    )
    before: Any = models.JSONField(_("before"), default=dict)
    after: Any = models.JSONField(_("after"), default=dict)
    stays = models.CharField(_("why it stays"), max_length=10, choices=Stays.choices, blank=True)

    objects = ImportChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change by an import")
        verbose_name_plural = _("changes by imports")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "business"],
                condition=~models.Q(business=None),
                name="businesses_import_change_once",
            ),
            models.UniqueConstraint(
                fields=["batch", "organization"],
                condition=~models.Q(organization=None),
                name="businesses_import_change_of_organization_once",
            ),
            models.CheckConstraint(
                condition=models.Q(business=None) ^ models.Q(organization=None),
                name="businesses_import_change_of_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.business or self.organization)
