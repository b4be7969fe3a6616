"""Who sees and stops jobs. Who may ask for one says its kind."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.access import Guard, Person, Refusal
from core.edits import STALE
from core.roles import DEPARTMENT, DESK_ONLY, NO_WRITING, SUPERVISORS_ONLY, Role, role_of

from .models import OVERSEERS, Job

NOT_YOURS = Refusal("not_yours", _("Only the person who asked for it, a supervisor or an admin can stop it."))
ENDED = Refusal(STALE, _("This job has ended already."))
FILE_GONE = Refusal("file_gone", _("The uploaded file is not kept any more. Upload it again."))
STOPPING = Refusal(STALE, _("It is being stopped already."))


def read_jobs(user: Person, obj: Any = None) -> Refusal | None:
    """Everyone of the department who may change something; which job is a matter of `visible_to`."""
    role = role_of(user)
    if role not in DEPARTMENT:
        return DESK_ONLY
    return NO_WRITING if role == Role.VIEWER else None


def read_all_jobs(user: Person, obj: Any = None) -> Refusal | None:
    """Supervisors and admins."""
    return None if role_of(user) in OVERSEERS else read_jobs(user) or SUPERVISORS_ONLY


def stop_job(user: Person, job: Job | None = None) -> Refusal | None:
    """Whoever asked for it, supervisors and admins, as long as it has not ended."""
    if (found := read_jobs(user)) is not None or job is None:
        return found
    if job.owner_id != user.pk and role_of(user) not in OVERSEERS:
        return NOT_YOURS
    if not job.is_ahead:
        return ENDED
    return STOPPING if job.stop_asked_by else None


PERMISSIONS: dict[str, Guard] = {
    "jobs.read_jobs": read_jobs,
    "jobs.read_all_jobs": read_all_jobs,
    "jobs.stop_job": stop_job,
}
