"""Celery's way in: each task calls one function and nothing else."""

from contextlib import suppress
from typing import Any

from celery import shared_task
from celery.signals import beat_init, task_prerun, worker_ready
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from kombu.exceptions import OperationalError

from core import reminders
from core.connections import drop_stale_connections
from core.models import Department, Heartbeat
from core.outbox import kick, retention
from core.outbox.queueing import DRAIN
from core.outbox.sending import drain


@shared_task(name=DRAIN)
def drain_outbox(helping: bool = False) -> None:
    """Send what is due. When the time was up first, ask to go on at once instead of at the next tick.

    Args:
        helping: asked for by a drain that has more to do than one batch; who goes on is its matter.
    """
    if drain(helping=helping).more and not helping:
        kick()


@shared_task(name="core.tasks.plan_reminders", time_limit=settings.REMINDER_TASK_LIMIT)
def plan_reminders() -> None:
    """Queue the reminders that are due."""
    drop_stale_connections()
    reminders.plan()


@shared_task(name="core.tasks.purge_mail")
def purge_mail() -> None:
    """Remove the text of mail that was kept long enough."""
    drop_stale_connections()
    retention.purge()


@shared_task(name="core.tasks.heartbeat")
def heartbeat() -> None:
    """Note that beat asked and a worker answered."""
    drop_stale_connections()
    Heartbeat.beat(Heartbeat.BEAT)
    Heartbeat.beat(Heartbeat.WORKER)


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
    """Note a start at once, so that a restarted product is not called dead until the first tick.

    A worker that was away plans at once, too: beat's first tick is minutes off.
    """
    if signal is worker_ready:
        with suppress(OperationalError):  # without a broker the first tick will do
            plan_reminders.apply_async(retry=False, expires=settings.REMINDER_TICK)
    try:
        Heartbeat.beat(Heartbeat.BEAT if signal is beat_init else Heartbeat.WORKER)
    except (DatabaseError, InterfaceError):
        return  # The first tick will note it.
    finally:
        drop_stale_connections()
