"""How far a job is, in words."""

from typing import Any

from django.utils.translation import gettext as _

from core import words

from .models import Job, Status


def progress_words(job: Job, counted: Any) -> str:
    """Such as "12,000 of 34,000 rows · 5,100 a second · about 4 seconds left"; "" before anything is done.

    Args:
        job: as it stands.
        counted: what its kind counts, in the plural.
    """
    if job.status != Status.RUNNING or not job.total:
        return ""
    parts = [
        _("%(done)s of %(total)s %(counted)s")
        % {"done": words.number(job.done), "total": words.number(job.total), "counted": counted}
    ]
    if job.rate >= 1:
        parts.append(_("%(rate)s a second") % {"rate": words.number(round(job.rate))})
    if job.seconds_left is not None:
        parts.append(_("about %(time)s left") % {"time": words.duration(max(job.seconds_left, 1))})
    elif job.done >= job.total:
        parts.append(_("being written now"))
    return " · ".join(parts)
