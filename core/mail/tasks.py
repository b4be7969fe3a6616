"""Celery's way into mail: each task calls one function and nothing else."""

from contextlib import suppress
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from kombu.exceptions import OperationalError

from core.connections import drop_stale_connections
from core.mail import reminders
from core.mail.outbox import kick, retention, watching
from core.mail.outbox.queueing import DRAIN
from core.mail.outbox.sending import drain

BEAT = {
    "drain-outbox": {"task": DRAIN, "schedule": settings.MAIL_TICK},
    "plan-reminders": {"task": "core.mail.tasks.plan_reminders", "schedule": settings.REMINDER_TICK},
    "look-at-relay": {"task": "core.mail.tasks.look_at_relay", "schedule": settings.MAIL_RELAY_TICK},
    "purge-mail": {"task": "core.mail.tasks.purge_mail", "schedule": 3600.0},
}


@shared_task(name=DRAIN)
def drain_outbox(helping: bool = False) -> None:
    """Send what is due. When the time was up first, ask to go on at once instead of at the next tick.

    Args:
        helping: asked for by a drain that has more to do than one batch; who goes on is its matter.
    """
    if drain(helping=helping).more and not helping:
        kick()


@shared_task(name="core.mail.tasks.plan_reminders", time_limit=settings.REMINDER_TASK_LIMIT)
def plan_reminders() -> None:
    """Queue the reminders that are due."""
    drop_stale_connections()
    reminders.plan()


@shared_task(name="core.mail.tasks.look_at_relay")
def look_at_relay() -> None:
    """Find out that the relay is away before mail has to wait for it."""
    drop_stale_connections()
    watching.look()


@shared_task(name="core.mail.tasks.purge_mail")
def purge_mail() -> None:
    """Remove the text of mail that was kept long enough."""
    drop_stale_connections()
    retention.purge()


@worker_ready.connect
def plan_at_once(**kwargs: Any) -> None:
    """A worker that was away plans and asks the relay at once: beat's first tick is minutes off."""
    with suppress(OperationalError):  # without a broker the first tick will do
        plan_reminders.apply_async(retry=False, expires=settings.REMINDER_TICK)
        look_at_relay.apply_async(retry=False, expires=settings.MAIL_RELAY_TICK)
