"""Jobs: the table that is the truth about long work, from the wish to its result."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock
from core.access import Actor
from core.files import Hidden
from core.leases import ABANDONED, Leased
from core.querysets import ScopedQuerySet
from core.roles import DEPARTMENT, Role, role_of
from core.tones import Toned


class Status(Toned):
    """Where a job is on its way."""

    QUEUED = "queued", "info", pgettext_lazy("job", "Waiting its turn")
    RUNNING = "running", "info", pgettext_lazy("job", "Running")
    DONE = "done", "good", pgettext_lazy("job", "Done")
    FAILED = "failed", "bad", pgettext_lazy("job", "Failed")
    CANCELLED = "cancelled", "neutral", pgettext_lazy("job", "Stopped")


AHEAD = (Status.QUEUED, Status.RUNNING)
# Who sees and stops every job; others have their own.
OVERSEERS = frozenset({Role.SUPERVISOR, Role.ADMIN})


class JobQuerySet(ScopedQuerySet):
    """Sets of jobs."""

    def visible_to(self, user: Actor) -> Self:
        """Admins and supervisors: all. Everyone else who works here: their own."""
        role = role_of(user)
        if role in OVERSEERS:
            return self
        if user is None or role not in DEPARTMENT:
            return self.none()
        return self.filter(owner_id=user.pk)

    def waiting(self) -> Self:
        """Queued, the longest waiting first."""
        return self.filter(status=Status.QUEUED).order_by("pk")

    def ahead(self) -> Self:
        """Not ended yet."""
        return self.filter(status__in=AHEAD)

    def abandoned(self) -> Self:
        """Begun by a process that died or hangs."""
        return self.filter(ABANDONED, status=Status.RUNNING)


class Job(Leased):
    """A piece of long work that somebody asked for.

    Its writes happen in one transaction that also notes it as done, so that a killed worker leaves nothing
    half-written. `done`, `total` and `rate` are written past that transaction while it runs.
    """

    kind = models.CharField(_("kind"), max_length=60)
    arguments: Any = models.JSONField(_("arguments"), default=dict, blank=True)
    file = models.FileField(_("file"), upload_to=Hidden("jobs"), blank=True)
    file_name = models.CharField(_("name of the file"), max_length=200, blank=True)
    owner_id = models.BigIntegerField(_("owner's number"), null=True, blank=True)
    owner_name = models.CharField(_("asked for by"), max_length=200, blank=True)

    status = models.CharField(
        _("state"), max_length=20, choices=Status.choices, default=Status.QUEUED, editable=False
    )
    attempts = models.PositiveSmallIntegerField(_("begun"), default=0, editable=False)
    done = models.PositiveBigIntegerField(_("done"), default=0, editable=False)
    total = models.PositiveBigIntegerField(_("of"), default=0, editable=False)
    rate = models.FloatField(_("a second"), default=0, editable=False)
    result: Any = models.JSONField(_("result"), null=True, blank=True, editable=False)
    error = models.CharField(_("why it failed"), max_length=500, blank=True, editable=False)
    stop_asked_by = models.CharField(_("stopped by"), max_length=200, blank=True, editable=False)

    created_at = models.DateTimeField(_("asked for"), default=clock.now, editable=False)
    started_at = models.DateTimeField(_("begun at"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["id"], name="jobs_ahead", condition=models.Q(status__in=["queued", "running"])
            ),
            # The list of jobs (`JOBS`): one's own, and by state.
            models.Index(fields=["owner_id", "id"], name="jobs_owner"),
            models.Index(fields=["status", "-id"], name="jobs_by_status"),
            models.Index(fields=["file"], name="jobs_file", condition=~models.Q(file="")),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="jobs_known_status"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("desk:job", args=[self.pk])

    @property
    def tone(self) -> str:
        """The color of its state."""
        return Status(self.status).tone

    @property
    def is_ahead(self) -> bool:
        """It has not ended yet."""
        return self.status in AHEAD

    @property
    def took(self) -> timedelta | None:
        """How long the last attempt took; `None` while it runs or when it never began."""
        return self.finished_at - self.started_at if self.finished_at and self.started_at else None

    @property
    def share(self) -> float | None:
        """How much of it is done, from 0 to 1; `None` while nobody knows how much there is."""
        return min(self.done / self.total, 1.0) if self.total else None

    @property
    def seconds_left(self) -> int | None:
        """At the present rate; `None` while nobody can say."""
        if self.status != Status.RUNNING or not (self.total and self.rate) or self.done >= self.total:
            return None
        return round((self.total - self.done) / self.rate)
