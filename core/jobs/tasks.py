"""Celery's way in: each task calls one function and nothing else."""

from celery import shared_task
from django.conf import settings

from core.connections import drop_stale_connections

from .running import run_next
from .services import remove_old_files
from .waking import RUN, kick


@shared_task(name=RUN, time_limit=settings.JOB_TASK_LIMIT)
def run() -> None:
    """Carry out the job that waits longest; then ask to go on at once instead of at the next tick."""
    if run_next() is not None:
        kick()


@shared_task(name="core.jobs.tasks.purge")
def purge() -> None:
    """Remove the files of jobs that ended some days ago."""
    drop_stale_connections()
    remove_old_files()


BEAT = {
    "run-jobs": {"task": RUN, "schedule": settings.JOB_TICK},
    "purge-jobs": {"task": "core.jobs.tasks.purge", "schedule": 3600.0},
}
