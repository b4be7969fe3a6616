"""Pairs of places that may be one, and what people said of them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import Stamped
from core.tones import Toned
from partnerships.businesses.querysets import DuplicatePairQuerySet

from .registry import Business


class DuplicatePair(Stamped):
    """Two places of business that may be one. What was said of it is remembered: no scan asks again."""

    class Status(Toned):
        OPEN = "open", "warn", _("To be looked at")
        DISMISSED = "dismissed", "neutral", _("Not a duplicate")
        MERGED = "merged", "good", _("Merged")

    class Found(models.TextChoices):
        """When it was noticed."""

        SCAN = "scan", _("In the whole registry")
        ENTRY = "entry", _("When it was added")
        IMPORT = "import", _("After an import")

    # The smaller number first, so that a pair is there once.
    one = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="+", verbose_name=_("place of business")
    )
    other = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="+", verbose_name=_("the other one")
    )
    score = models.PositiveSmallIntegerField(_("how likely, of 100"))
    reasons: Any = models.JSONField(_("reasons"), default=list, help_text=_("Codes with their points."))
    found_by = models.CharField(_("noticed"), max_length=10, choices=Found.choices, default=Found.SCAN)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.OPEN, editable=False
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("settled by"),
    )

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="businesses_pair_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="businesses_pair_in_order"),
            models.CheckConstraint(condition=Q(score__lte=100), name="businesses_pair_score"),
        ]
        indexes = [
            # The lists of pairs (`OPEN`, `DISMISSED`).
            models.Index(fields=["status", "-score", "id"], name="businesses_pairs_listed"),
        ]

    def __str__(self) -> str:
        return f"{self.one} · {self.other}"

    @property
    def tone(self) -> str:
        """The tone of its status, see `core.tones`."""
        return self.Status(self.status).tone

    def settle(self, by: models.Model | None) -> None:
        """Note who settled it, and when; the service saves it."""
        self.settled_at = clock.now()
        self.settled_by_id = by.pk if by is not None else None
