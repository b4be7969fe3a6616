"""Where things are and what they do: areas with effective dates, who covers them, and industries."""

from datetime import date
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock, names
from core.folding import key_of
from core.models import Stamped
from partnerships.businesses import kinds
from partnerships.businesses.querysets import (
    AreaQuerySet,
    DistrictAssignmentQuerySet,
    ImportMappingQuerySet,
    IndustryQuerySet,
)

from .derived import areas_follow_parents, codes_follow_areas


class Industry(models.Model):
    """One entry of the North American Industry Classification System, 2 to 6 digits (NAICS 2022)."""

    code = models.CharField(_("NAICS code"), max_length=6, unique=True)
    title = models.CharField(_("title"), max_length=200, validators=[names.check])
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )

    objects = IndustryQuerySet.as_manager()

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    @property
    def short(self) -> str:
        """The title without what stands in brackets: "Supermarkets and Other Grocery Retailers"."""
        return kinds.shortened(self.title)

    @property
    def group_title(self) -> str:
        """What lists show: the title of its industry group (four digits), its own where it is in none."""
        group = kinds.group_of(self.code)
        return group.title if group is not None else self.short


class Area(models.Model):
    """A district, a beat or a neighborhood, for as long as it had this shape.

    The polygon is in `AreaShape`, so that lists that name an area do not read it.
    """

    class Kind(models.TextChoices):
        DISTRICT = "district", _("District")
        BEAT = "beat", _("Beat")
        NEIGHBORHOOD = "neighborhood", _("Neighborhood")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    code = models.CharField(_("number or code"), max_length=20)
    name = models.CharField(_("name"), max_length=100, blank=True, validators=[names.check])
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    valid_from = models.DateField(_("in effect from"))
    valid_until = models.DateField(_("in effect until"), null=True, blank=True)

    code_key = key_of("code")

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["kind", "code_key", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"], condition=Q(valid_until=None), name="businesses_area_one_in_effect"
            ),
            models.UniqueConstraint(fields=["kind", "code", "valid_from"], name="businesses_area_once_a_day"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="businesses_area_ends_after_start",
            ),
        ]
        triggers = [areas_follow_parents(), codes_follow_areas()]

    def __str__(self) -> str:
        return str(self.name or _("%(kind)s %(code)s") % {"kind": self.get_kind_display(), "code": self.code})

    @property
    def in_full(self) -> str:
        """ "District 19, beat 1925" """
        if self.kind == self.Kind.BEAT and self.parent is not None:
            return str(
                _("District %(district)s, beat %(beat)s") % {"district": self.parent.code, "beat": self.code}
            )
        return str(self)

    @property
    def district(self) -> "Area | None":
        """The district: itself, or what it is part of."""
        return self if self.kind == self.Kind.DISTRICT else self.parent


class AreaShape(models.Model):
    """The polygon of an area: a GeoJSON Polygon or MultiPolygon, longitude before latitude, WGS 84."""

    area = models.OneToOneField(
        Area, on_delete=models.CASCADE, primary_key=True, related_name="shape", verbose_name=_("area")
    )
    geometry = models.JSONField(_("polygon (GeoJSON)"))

    class Meta:
        verbose_name = _("shape of an area")
        verbose_name_plural = _("shapes of areas")

    def __str__(self) -> str:
        return str(self.area_id)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class DistrictAssignment(models.Model):
    """An officer or supervisor covers a district, from one day until another."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="district_assignments",
        verbose_name=_("officer"),
    )
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        related_name="assignments",
        limit_choices_to={"kind": "district"},
        verbose_name=_("district"),
    )
    starts_on = models.DateField(_("from"), default=clock.today)
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The first day without it."))

    objects = DistrictAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("district assignment")
        verbose_name_plural = _("district assignments")
        ordering = ["user", "area"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "area"], condition=Q(ends_on=None), name="businesses_assignment_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="businesses_assignment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.area}"

    def covers(self, day: date) -> bool:
        """Whether the assignment holds on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


class ImportBatch(models.Model):
    """One file that was read into the registry, with what came of it."""

    kind = models.CharField(_("kind"), max_length=20)
    preset = models.CharField(_("preset"), max_length=60, blank=True)
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    at = models.DateTimeField(_("when"), default=clock.now)
    by_name = models.CharField(_("by"), max_length=200, blank=True)
    report: Any = models.JSONField(_("report"), default=dict)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    taken_back_by = models.CharField(_("taken back by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.at:%Y-%m-%d}"


class ImportMapping(Stamped):
    """How to read one kind of file, as someone here said it once: a preset of the department's own."""

    key = models.SlugField(_("source"), max_length=60, unique=True, allow_unicode=True)
    label = models.CharField(_("name"), max_length=100, validators=[names.check])
    says: Any = models.JSONField(_("what it says"), default=dict)

    objects = ImportMappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("way to read a file")
        verbose_name_plural = _("ways to read files")
        ordering = ["label", "pk"]
        indexes = [models.Index(fields=["key", "id"], name="businesses_mapping_listed")]

    def __str__(self) -> str:
        return self.label
