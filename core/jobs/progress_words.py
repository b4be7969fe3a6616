"""How far a job is, in words."""

from django.utils.translation import gettext as _

from core import words

from .kinds import JobKind
from .models import Job, Status


def progress_words(job: Job, kind: JobKind | None) -> str:
    """Such as "12,000 of 34,000 rows · 5,100 a second · about 4 seconds left"; "" before anything is done.

    Args:
        job: as it stands.
        kind: says what is counted and what follows; `None` of a kind that is gone.
    """
    if job.status != Status.RUNNING or not job.total:
        return ""
    parts = [
        _("%(done)s of %(total)s %(counted)s")
        % {
            "done": words.number(job.done),
            "total": words.number(job.total),
            "counted": kind.counted if kind else "",
        }
    ]
    if job.done >= job.total:
        # The rate was that of what is over.
        if kind is not None:
            parts.append(str(kind.ending(job)))
        return " · ".join(parts)
    if job.rate >= 1:
        parts.append(_("%(rate)s a second") % {"rate": words.number(round(job.rate))})
    if job.seconds_left is not None:
        parts.append(_("about %(time)s left") % {"time": words.duration(max(job.seconds_left, 1))})
    return " · ".join(parts)
