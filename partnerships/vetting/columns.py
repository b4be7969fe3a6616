"""The declared columns of the queue."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Department
from core.pages.columns import Column
from core.workdays import WorkingDays

from . import sentences
from .models import Application


def _stage(row: Application, days: WorkingDays) -> tuple[Any, str]:
    if sentences.age_of(row, days).late:
        return _("%(stage)s · late") % {"stage": row.get_status_display()}, "bad"
    return row.get_status_display(), row.tone


def queue_columns(user: Any, closed: bool) -> tuple[Column, ...]:
    """Business, stage, track, whom it waits for, age against the promise.

    Args:
        user: who looks; what waits for them reads "Your review".
        closed: of closed applications. They only become more, and their names stand on other rows, so
            that no index could give the order: a search finds one by its name.
    """
    days = Department.current().working_days
    return (
        Column(
            "organization.name",
            _("Business"),
            sort=None if closed else "organization__name_key",
            link=lambda row: reverse("desk:application", args=[row.pk]),
            sub=sentences.place_words,
            below=_("Place"),
        ),
        Column("status", _("Stage"), sort="status", tag=lambda row: _stage(row, days)),
        Column("track", _("Track"), sort="track", value=lambda row: row.get_track_display()),
        Column("waiting", _("Waiting for"), value=lambda row: sentences.waiting_for(row, user)),
        Column(
            "promised_on",
            _("Age, working days"),
            sort="promised_on",
            template="vetting/cells/age.html",
            value=lambda row: sentences.age_of(row, days),
            numeric=True,
            file=lambda row: sentences.age_of(row, days).day,
        ),
        Column("promise", _("Answer promised by"), value=lambda row: row.promised_on, on_page=False),
    )
