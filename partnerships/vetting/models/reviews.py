"""What the department makes of an application. Of these rows an owner sees the letter and nothing else."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import Stamped
from partnerships.vetting.choices import ConditionStatus, Conflict, DeclineReason, Outcomes, Status
from partnerships.vetting.querysets import (
    ConditionQuerySet,
    DecisionQuerySet,
    ReconciliationQuerySet,
    ReviewQuerySet,
    ScoreQuerySet,
)


class Review(Stamped):
    """One reviewer's look at an application in one round: the conflict declaration, then the scores."""

    application = models.ForeignKey("vetting.Application", models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer")
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    assigned_at = models.DateTimeField(_("assigned"), default=clock.now)
    conflict = models.CharField(_("conflict"), max_length=10, choices=Conflict.choices, blank=True)
    declared_at = models.DateTimeField(_("declared"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reviewer", "round"], name="vetting_reviewer_once_a_round"
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at=None) | models.Q(conflict="proceed"),
                name="vetting_review_after_declaration",
            ),
        ]

    def __str__(self) -> str:
        return str(self.reviewer)

    @property
    def is_active(self) -> bool:
        """Counts for the application: the reviewer did not refer it to someone else."""
        return self.conflict != Conflict.REFER


class Score(Stamped):
    """A score 0–4 on one criterion, with the reason for it."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey("vetting.SelectionCriterion", models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(
        _("score"), null=True, blank=True, validators=[MaxValueValidator(4)]
    )
    note = models.TextField(_("note"), max_length=4000, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="vetting_score_once"),
            models.CheckConstraint(
                condition=models.Q(value=None) | models.Q(value__lte=4), name="vetting_score_range"
            ),
        ]

    def __str__(self) -> str:
        return str(self.criterion)


class Reconciliation(models.Model):
    """The score two reviewers agreed on where they lay two or more points apart."""

    application = models.ForeignKey("vetting.Application", models.CASCADE, related_name="reconciliations")
    criterion = models.ForeignKey("vetting.SelectionCriterion", models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    value = models.PositiveSmallIntegerField(_("agreed score"), validators=[MaxValueValidator(4)])
    note = models.TextField(_("why"), max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    at = models.DateTimeField(_("recorded"), default=clock.now)

    objects = ReconciliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreed score")
        verbose_name_plural = _("agreed scores")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "criterion", "round"], name="vetting_reconciled_once"
            ),
            models.CheckConstraint(condition=models.Q(value__lte=4), name="vetting_reconciled_range"),
        ]

    def __str__(self) -> str:
        return str(self.criterion)


class Decision(models.Model):
    """A supervisor's decision of one round, with its letter. It is never changed."""

    application = models.ForeignKey("vetting.Application", models.CASCADE, related_name="decisions")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    outcome = models.CharField(_("outcome"), max_length=30, choices=Outcomes.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), default=clock.now)
    reason_codes = models.JSONField(_("reasons"), default=list, blank=True)
    letter = models.TextField(_("letter"), max_length=8000)
    override_reason = models.TextField(_("reason for the override"), max_length=2000, blank=True)
    total = models.DecimalField(_("weighted total"), max_digits=3, decimal_places=2)
    unmet = models.JSONField(_("criteria below their minimum"), default=list, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["application", "round"], name="vetting_one_decision_a_round")
        ]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def words(self) -> str:
        """What it came to: "Approved with conditions"."""
        return str(Status(self.outcome).label)

    @property
    def tone(self) -> str:
        """The tone of the status that it led to, see `core.tones`."""
        return Status(self.outcome).tone

    @property
    def reasons(self) -> list[str]:
        """The reason codes in words."""
        words = dict(DeclineReason.choices)
        return [str(words.get(code, code)) for code in self.reason_codes]


class Condition(Stamped):
    """What a partner has to do by a date after an approval with conditions."""

    application = models.ForeignKey("vetting.Application", models.CASCADE, related_name="conditions")
    text = models.CharField(_("condition"), max_length=300)
    due_on = models.DateField(_("due"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ConditionStatus.choices,
        default=ConditionStatus.OPEN,
        editable=False,
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    waive_reason = models.CharField(_("why it was waived"), max_length=500, blank=True)

    objects = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def tone(self) -> str:
        """The tone of its status, see `core.tones`."""
        return ConditionStatus(self.status).tone
