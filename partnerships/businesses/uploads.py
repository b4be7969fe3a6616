"""Jobs over a file that someone sent: where it lies, and what followed a dry run."""

from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import Refusal
from core.jobs.kinds import JobRefusedError
from core.jobs.models import AHEAD, Job, Status

TAKEN = Refusal("businesses.import_taken", gettext_lazy("Someone has already asked for this import."))


def path_of(job: Job) -> Path:
    """The job's file on the disk.

    Raises:
        JobRefusedError: it is not kept any more.
    """
    if not job.file or not Path(job.file.path).is_file():
        raise JobRefusedError(
            _("The uploaded file is not kept any more. Nothing was changed. Upload it again.")
        )
    return Path(job.file.path)


def import_of(tried: Job) -> Job | None:
    """The import that follows a dry run: waiting, running or done; one that failed may be asked for again."""
    return (
        Job.objects.filter(kind=tried.kind, arguments__tried=tried.pk, status__in=[*AHEAD, Status.DONE])
        .defer("result")
        .first()
    )
