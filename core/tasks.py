"""Celery's way in: each task calls one function and nothing else."""

from typing import Any

from celery import shared_task
from celery.signals import beat_init, task_prerun, worker_ready
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from core import expired, files
from core.connections import drop_stale_connections
from core.models import Department, Heartbeat

BEAT = {
    "heartbeat": {"task": "core.tasks.heartbeat", "schedule": settings.HEARTBEAT_TICK},
    "purge-files": {"task": "core.tasks.purge_files", "schedule": 3600.0},
    "purge-expired": {"task": "core.tasks.purge_expired", "schedule": 3600.0},
}


@shared_task(name="core.tasks.heartbeat")
def heartbeat() -> None:
    """Note that beat asked and a worker answered."""
    drop_stale_connections()
    Heartbeat.beat(Heartbeat.BEAT)
    Heartbeat.beat(Heartbeat.WORKER)


@shared_task(name="core.tasks.purge_files")
def purge_files() -> None:
    """Remove stored files that no row knows."""
    drop_stale_connections()
    files.remove_orphans()


@shared_task(name="core.tasks.purge_expired")
def purge_expired() -> None:
    """Remove sessions and kept answers whose time is over."""
    drop_stale_connections()
    expired.purge()


@task_prerun.connect
def in_the_departments_zone(**kwargs: Any) -> None:
    """Local dates of a task are the department's, as they are in a request."""
    try:
        drop_stale_connections()
        timezone.activate(Department.current().zone)
    except (DatabaseError, InterfaceError):
        return  # The task meets the same and its next tick tries again.


@beat_init.connect
@worker_ready.connect
def note_start(signal: Any = None, **kwargs: Any) -> None:
    """Note a start at once, so that a restarted product is not called dead until the first tick."""
    try:
        Heartbeat.beat(Heartbeat.BEAT if signal is beat_init else Heartbeat.WORKER)
    except (DatabaseError, InterfaceError):
        return  # The first tick will note it.
    finally:
        drop_stale_connections()
