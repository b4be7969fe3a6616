"""What the worker calls."""

from celery import shared_task

from . import services

BEAT = {
    "lapse-unconfirmed": {"task": "events.tasks.lapse_unconfirmed", "schedule": 60.0},
    "tell-those-without-a-seat": {"task": "events.tasks.tell_those_without_a_seat", "schedule": 60.0},
}


@shared_task(ignore_result=True)
def lapse_unconfirmed() -> None:
    """Let requests lapse whose code was not typed in time, and give their seats to the line."""
    services.lapse_unconfirmed()


@shared_task(ignore_result=True)
def tell_those_without_a_seat() -> None:
    """Tell whoever still waits when an event begins."""
    services.tell_those_without_a_seat()
