"""The selection criteria, in versions. A version that an application was submitted under never changes."""

from typing import Any

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import names
from core.models import Stamped
from partnerships.vetting.choices import VersionStatus
from partnerships.vetting.querysets import CriteriaVersionQuerySet, SelectionCriterionQuerySet

# Asked by the triggers of both tables: was an application already submitted under this version?
_IN_USE = (
    "IF EXISTS (SELECT 1 FROM vetting_application a WHERE a.criteria_version_id = {column} "
    "AND a.first_submitted_at IS NOT NULL) THEN "
    "RAISE EXCEPTION 'Selection criteria are frozen: an application was submitted under this version'; "
    "END IF; "
)

# What applicants were promised; title and status may still change.
FROZEN = (
    "number",
    "threshold",
    "validity_months",
    "promise_working_days",
    "full_track_above_sites",
    "reviewers_basic",
    "reviewers_full",
)


class CriteriaVersion(Stamped):
    """One version of the criteria: what is asked, how it is weighed, and what the department promises."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    title = models.CharField(_("title"), max_length=120, blank=True, validators=[names.check])
    status = models.CharField(
        _("status"), max_length=20, choices=VersionStatus.choices, default=VersionStatus.DRAFT
    )
    threshold = models.DecimalField(
        _("weighted total needed"),
        max_digits=3,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(4)],
        help_text=_("From 0 to 4. The weights add up to 100 percent."),
    )
    validity_months = models.PositiveSmallIntegerField(_("an approval is valid for, months"), default=24)
    promise_working_days = models.PositiveSmallIntegerField(_("promised answer, working days"), default=10)
    full_track_above_sites = models.PositiveSmallIntegerField(_("full track for more sites than"), default=3)
    reviewers_basic = models.PositiveSmallIntegerField(_("reviewers on the basic track"), default=1)
    reviewers_full = models.PositiveSmallIntegerField(_("reviewers on the full track"), default=2)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)

    objects = CriteriaVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the selection criteria")
        verbose_name_plural = _("versions of the selection criteria")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=models.Q(status="published"),
                name="vetting_one_published_version",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewers_basic__gte=1) & models.Q(reviewers_full__gte=1),
                name="vetting_version_has_reviewers",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_update",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*FROZEN),
                func=_IN_USE.format(column="OLD.id") + "RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Selection criteria, version %(number)s") % {"number": self.number})

    @property
    def tone(self) -> str:
        """The tone of its status, see `core.tones`."""
        return VersionStatus(self.status).tone

    def reviewers_for(self, track: str) -> int:
        """How many independent reviews a track asks for."""
        return self.reviewers_full if track == "full" else self.reviewers_basic


class SelectionCriterion(models.Model):
    """One criterion: public guidance, the question owners answer, and the anchors of its scores."""

    version = models.ForeignKey(
        CriteriaVersion, models.CASCADE, related_name="criteria", verbose_name=_("version")
    )
    code = models.SlugField(_("code"), max_length=30)
    title = models.CharField(_("title"), max_length=80, validators=[names.check])
    question = models.CharField(_("question to owners"), max_length=250)
    guidance = models.TextField(_("public guidance"))
    reviewer_note = models.TextField(_("note for reviewers"), blank=True)
    anchors = models.JSONField(
        _("anchors"), default=list, help_text=_("Five entries, for scores 0 to 4: a word and a sentence.")
    )
    weight = models.PositiveSmallIntegerField(
        _("weight, percent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    minimum = models.PositiveSmallIntegerField(_("least score"), default=2, validators=[MaxValueValidator(4)])
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SelectionCriterionQuerySet.as_manager()

    class Meta:
        verbose_name = _("selection criterion")
        verbose_name_plural = _("criteria one by one")
        ordering = ["version", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="vetting_criterion_code_once"),
            models.CheckConstraint(
                condition=models.Q(weight__gte=1, weight__lte=100), name="vetting_criterion_weight"
            ),
            models.CheckConstraint(condition=models.Q(minimum__lte=4), name="vetting_criterion_minimum"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_IN_USE.format(column="OLD.version_id") + "RETURN COALESCE(NEW, OLD);",
            ),
            pgtrigger.Trigger(
                name="frozen_insert",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_IN_USE.format(column="NEW.version_id") + "RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def words(self) -> list[tuple[int, str]]:
        """The anchors' short words with their scores, as choices of a radio field."""
        return [(score, self.anchor(score)["word"]) for score in range(5)]

    def anchor(self, score: int) -> dict[str, Any]:
        """The word and the sentence of a score 0–4; the number itself where none was written."""
        found = self.anchors[score] if score < len(self.anchors) else {}
        return {"word": found.get("word", str(score)), "sentence": found.get("sentence", "")}
