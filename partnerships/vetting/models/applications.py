"""An organization's application, for chosen sites: what the owner tells, what the department asks back."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core import clock, links, mailboxes, names
from core.files import Hidden
from core.models import Stamped
from partnerships.vetting.choices import OPEN, RUNNING, SENT, AskReason, EvidenceKind, Status, Step, Track
from partnerships.vetting.querysets import (
    ActionRequestQuerySet,
    AnswerQuerySet,
    ApplicationQuerySet,
    EvidenceQuerySet,
)


@pghistory.track()
class Application(Stamped):
    """An application of an organization. Its status moves only along `workflow.APPLICATION`."""

    organization = models.ForeignKey(
        "businesses.Organization", models.PROTECT, related_name="applications", verbose_name=_("organization")
    )
    sites = models.ManyToManyField("businesses.Business", related_name="+", verbose_name=_("sites"))
    criteria_version = models.ForeignKey(
        "vetting.CriteriaVersion", models.PROTECT, related_name="+", verbose_name=_("criteria")
    )
    status = models.CharField(
        _("status"), max_length=30, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    track = models.CharField(_("track"), max_length=10, choices=Track.choices, blank=True, editable=False)
    track_reasons = models.JSONField(_("why this track"), default=list, blank=True, editable=False)
    round = models.PositiveSmallIntegerField(_("round"), default=1, editable=False)

    # Written by `steps.note_step` from the rows of reviews and decisions, and read in their place.
    step = models.CharField(
        _("waits for"), max_length=10, choices=Step.choices, default=Step.SEND, editable=False
    )
    step_since = models.DateTimeField(_("waits since"), default=clock.now, editable=False)
    all_in = models.BooleanField(_("all reviews of the round are in"), default=False, editable=False)
    took_part = ArrayField(
        models.BigIntegerField(), verbose_name=_("numbers of those who had a hand in it"), default=list,
        blank=True, editable=False,
        help_text=_("Who wrote, sent, reviewed or decided it does not decide it again."),
    )  # fmt: skip

    # Who applies. An assisted application has no applicant: an officer typed, the owner confirmed.
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("applicant"),
    )  # fmt: skip
    assisted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("filled in by"),
    )  # fmt: skip
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("submitted by"), editable=False,
    )  # fmt: skip

    # Profile
    contact_name = models.CharField(_("your name"), max_length=150, blank=True, validators=[names.check])
    contact_role = models.CharField(_("your role"), max_length=80, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("email"), blank=True, validators=[mailboxes.check])
    languages = models.CharField(_("languages spoken in the business"), max_length=200, blank=True)
    industry = models.ForeignKey(
        "businesses.Industry", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("industry"),
    )  # fmt: skip
    hopes = models.TextField(_("what you hope for"), max_length=2000, blank=True)
    offers = models.TextField(_("what you can offer"), max_length=2000, blank=True)
    offer_kinds = models.JSONField(_("kinds of offer"), default=list, blank=True)
    involves_youth = models.BooleanField(_("work with people under 18"), default=False)
    involves_money = models.BooleanField(_("joint activities raise or hold money"), default=False)

    # Declaration
    declared_true = models.BooleanField(_("everything is true"), default=False)
    declared_response = models.BooleanField(_("no effect on police response"), default=False)
    declared_records = models.BooleanField(_("records may be public"), default=False)
    declared_at = models.DateTimeField(_("declared"), null=True, blank=True, editable=False)
    confirmed_name = models.CharField(_("confirmed by"), max_length=150, blank=True, validators=[names.check])

    # Dates
    first_submitted_at = models.DateTimeField(_("first submitted"), null=True, blank=True, editable=False)
    submitted_at = models.DateTimeField(_("last submitted"), null=True, blank=True, editable=False)
    promised_on = models.DateField(
        _("answer promised by"), null=True, blank=True, editable=False,
        help_text=_("Empty while the department’s clock stands still."),
    )  # fmt: skip
    days_used = models.SmallIntegerField(_("working days used when the clock stopped"), default=0)
    visited_on = models.DateField(_("visited"), null=True, blank=True)
    visited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("visited by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    valid_until = models.DateField(_("valid until"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    appealed_at = models.DateTimeField(_("appealed"), null=True, blank=True, editable=False)
    appeal_text = models.TextField(_("why you appeal"), max_length=4000, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-pk"]
        constraints = [
            # A draft stands in nobody's way: see docs/decisions/0034.
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(status__in=[each.value for each in SENT]),
                name="vetting_one_sent_application",
            ),
            models.UniqueConstraint(
                fields=["organization", "applicant"],
                condition=models.Q(status="draft"),
                name="vetting_one_draft_each",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(status="draft", applicant=None),
                name="vetting_one_assisted_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="vetting_application_known_status"
            ),
            models.CheckConstraint(
                condition=models.Q(step__in=Step.values), name="vetting_application_known_step"
            ),
            models.CheckConstraint(
                condition=models.Q(applicant__isnull=False) | models.Q(assisted_by__isnull=False),
                name="vetting_application_has_someone",
            ),
        ]
        indexes = [
            models.Index(Lower("contact_email"), name="vetting_application_address"),
            # The order of the queue (`QUEUE`): open and closed, by stage, by track, narrowed to one step.
            models.Index(
                fields=["promised_on", "id"],
                name="vetting_application_queue",
                condition=models.Q(status__in=[each.value for each in OPEN]),
            ),
            models.Index(
                fields=["promised_on", "id"],
                name="vetting_application_closed",
                condition=~models.Q(status__in=[each.value for each in OPEN]),
            ),
            models.Index(fields=["status", "id"], name="vetting_application_stage"),
            models.Index(fields=["track", "id"], name="vetting_application_track"),
            models.Index(fields=["step", "promised_on", "id"], name="vetting_application_step"),
        ]

    def __str__(self) -> str:
        return str(_("Application of %(name)s") % {"name": self.organization})

    @property
    def reference(self) -> str:
        """A short name to say on the phone."""
        return f"A-{self.pk:05d}" if self.pk else ""

    @property
    def tone(self) -> str:
        """The tone of its status, see `core.tones`."""
        return Status(self.status).tone

    @property
    def is_draft(self) -> bool:
        """Not sent yet."""
        return bool(self.status == Status.DRAFT)

    @property
    def is_open(self) -> bool:
        """Neither decided nor withdrawn."""
        return self.status in OPEN

    @property
    def is_assisted(self) -> bool:
        """An officer filled it in; the owner confirmed in person."""
        return self.assisted_by_id is not None

    @property
    def clock_runs(self) -> bool:
        """Whether the department owes the next step."""
        return self.status in RUNNING

    @property
    def mail_address(self) -> str:
        """Where mail to the owner goes; empty when they are told by phone and letter."""
        return self.applicant.email if self.applicant else self.contact_email

    @property
    def by_phone(self) -> bool:
        """The owner has no email: call them and print the letter."""
        return not self.mail_address


class Answer(Stamped):
    """The owner's words on one criterion."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    criterion = models.ForeignKey("vetting.SelectionCriterion", models.PROTECT, related_name="+")
    text = models.TextField(_("answer"), max_length=4000, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["application", "criterion"], name="vetting_answer_once")
        ]

    def __str__(self) -> str:
        return str(self.criterion)


class Evidence(models.Model):
    """What shows an answer to be true: a checked file, or a link."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="evidence")
    criterion = models.ForeignKey("vetting.SelectionCriterion", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=EvidenceKind.choices)
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(_("file"), upload_to=Hidden("evidence"), blank=True)
    content_type = models.CharField(_("type"), max_length=50, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True, validators=[links.check_web_address])
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"), default=clock.now, editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(kind="file") & ~models.Q(file=""))
                | (models.Q(kind="link") & ~models.Q(url="")),
                name="vetting_evidence_has_content",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ActionRequest(models.Model):
    """What the owner was asked to mend: a reason, the exact fields, a message, and what changed."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="action_requests")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), default=clock.now)
    reason = models.CharField(_("reason"), max_length=20, choices=AskReason.choices)
    fields = models.JSONField(_("fields"), default=list)
    message = models.TextField(_("message to the owner"), max_length=2000)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed without an answer"), null=True, blank=True)

    objects = ActionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for changes")
        verbose_name_plural = _("requests for changes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(answered_at=None, closed_at=None),
                name="vetting_one_open_request",
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
