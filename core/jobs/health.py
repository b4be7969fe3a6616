"""How jobs are, for the health page: the one that waits longest, and those that a dead worker left."""

import math
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import words
from core.health import Check, Level

from .models import Job, Status


def checks(now: datetime) -> list[Check]:
    """How jobs are.

    Args:
        now: the moment of asking, aware.
    """
    return [_oldest(now), _abandoned()]


def _oldest(now: datetime) -> Check:
    label = _("Oldest waiting job")
    oldest = Job.objects.waiting().values_list("created_at", flat=True).first()
    if oldest is None:
        return Check("oldest_waiting_job", label, Level.OK, _("No job is waiting."), 0)
    age = max(0, math.floor((now - oldest).total_seconds()))
    level = Level.LATE if age > settings.HEALTH_JOB_LATE else Level.OK
    # Behind one that runs it waits its turn; that nobody begins it is another matter.
    if age > settings.HEALTH_JOB_DOWN and not Job.objects.filter(status=Status.RUNNING).exists():
        level = Level.DOWN
    sentence = _("Asked for %(time)s ago.") % {"time": words.duration(age)}
    return Check("oldest_waiting_job", label, level, sentence, age)


def _abandoned() -> Check:
    """Jobs of dead workers that no sweep took up, although one comes by every few seconds."""
    since = Now() - timedelta(seconds=settings.HEALTH_JOB_ABANDONED)
    count = Job.objects.filter(status=Status.RUNNING, lease_until__lt=since).count()
    sentence = (
        ngettext(
            "%(n)d job was left by its worker, and no other has taken it up.",
            "%(n)d jobs were left by their workers, and no others have taken them up.",
            count,
        )
        % {"n": count}
        if count
        else _("No job was left by its worker.")
    )
    level = Level.LATE if count else Level.OK
    return Check("abandoned_jobs", _("Jobs left by a worker"), level, sentence, count, "count")
