"""Asking for a job, and stopping one."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Q

from core import access, audit, clock, files
from core.access import Actor, Refused

from .kinds import kinds
from .models import Job, Status
from .permissions import FILE_GONE
from .waking import kick
from .workflow import JOB


@transaction.atomic
def queue_job(
    *,
    kind: str,
    arguments: Mapping[str, Any],
    actor: Actor,
    file: File | None = None,
    with_file_of: Job | None = None,
) -> Job:
    """Ask for a job. A worker begins it once the transaction is committed.

    Args:
        kind: a key of `kinds()`.
        arguments: what JSON can hold; the kind knows them.
        actor: who asks, and owns the job; `None` for the system.
        file: a checked file that the work needs, with its name for people; it is kept until some days after
            the last job that needs it.
        with_file_of: a job whose file this one needs, too.

    Raises:
        Refused: the kind's permission says no, or the file of the other job is not kept any more.
        KeyError: no room has such a kind.
    """
    access.check(actor, kinds()[kind].permission)
    job = Job(
        kind=kind,
        arguments=dict(arguments),
        owner_id=getattr(actor, "pk", None),
        owner_name=str(getattr(actor, "display_name", ""))[:200],
    )
    if file is not None:
        job.file_name = str(file.name)[:200]
        job.file.save(job.file_name, file, save=False)
    elif with_file_of is not None:
        source = _held(with_file_of)
        if not source.file:
            raise Refused(FILE_GONE)
        job.file, job.file_name = source.file.name, source.file_name
    job.save()
    audit.record("jobs.job_asked_for", job, actor=actor, detail=kind)
    transaction.on_commit(kick, robust=True)
    return job


def _held(job: Job) -> Job:
    """The job under a lock, so that its file stays until whoever needs it is on record as well."""
    return Job.objects.select_for_update().get(pk=job.pk)


@transaction.atomic
def stop_job(*, job: Job, actor: Actor) -> Job:
    """Stop a job: one that waits at once, one that runs within a step. What it wrote is undone.

    Args:
        job: it is read again under a lock.
        actor: the user who asks for it; `None` for the system.

    Returns:
        The job; one that runs is stopped by its own worker a moment later.

    Raises:
        Refused: the actor may not, or it has ended.
    """
    row = Job.objects.select_for_update().get(pk=job.pk)
    access.check(actor, "jobs.stop_job", row)
    row.stop_asked_by = str(getattr(actor, "display_name", "") or "system")[:200]
    if row.status == Status.QUEUED:
        return JOB.move(row, "cancel", actor=actor, stop_asked_by=row.stop_asked_by)
    row.save(update_fields=["stop_asked_by"])
    audit.record("jobs.job_asked_to_stop", row, actor=actor, changed=["stop_asked_by"])
    return row


def remove_old_files() -> int:
    """Remove the files of jobs that ended some days ago, unless another job needs the same.

    Returns:
        How many files were removed.
    """
    kept_since = clock.now() - settings.JOB_FILES_KEPT
    needed = Job.objects.exclude(file="").filter(Q(finished_at=None) | Q(finished_at__gte=kept_since))
    removed = 0
    for name in (
        Job.objects.exclude(file="")
        .exclude(file__in=needed.values("file"))
        .order_by("file")
        .values_list("file", flat=True)
        .distinct()
    ):
        with transaction.atomic():
            rows = list(Job.objects.select_for_update().filter(file=name))
            # Asked again once they are held: who waited for them sees only now who else needs the file.
            if rows and not needed.filter(file=name).exists():
                files.remove_after_commit(rows[0].file)
                Job.objects.filter(file=name).update(file="")
                removed += 1
    return removed
