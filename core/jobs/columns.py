"""The list of jobs."""

from typing import Any

import django_filters
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.pages.lists import Column
from core.pages.marks import clock, day

from .kinds import kinds
from .models import Job, Status


def _label(job: Job) -> str:
    kind = kinds().get(job.kind)
    return kind.name_of(job) if kind else job.kind


def _about(job: Job) -> str:
    kind = kinds().get(job.kind)
    return kind.title(job) if kind else job.file_name


def _page(job: Job) -> str:
    return reverse("desk:job", args=[job.pk])


COLUMNS = (
    Column("kind", _("Job"), value=_label, link=_page, sub=_about),
    Column(
        "status", _("State"), sort=("status", "-pk"), tag=lambda job: (job.get_status_display(), job.tone)
    ),
    Column("owner", _("Asked for by"), value=lambda job: job.owner_name, hide_on_phone=True),
    Column(
        "created",
        _("When"),
        sort="pk",  # numbered as they were asked for
        value=lambda job: day(job.created_at, "short"),
        sub=lambda job: clock(job.created_at),
    ),
)


class JobFilter(django_filters.FilterSet):
    """By state."""

    status = django_filters.ChoiceFilter(
        label=_("State"), choices=Status.choices, empty_label=_("All states")
    )

    class Meta:
        model = Job
        fields: list[str] = []


def title(job: Job) -> tuple[str, Any]:
    """A job's name and what it is about, for a heading."""
    return _label(job), _about(job)
