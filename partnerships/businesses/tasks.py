"""What the worker calls."""

from celery import shared_task
from celery.schedules import crontab

from core.connections import drop_stale_connections

from .jobs_of_duplicates import ask_for_duplicates

BEAT = {
    # In UTC: between 2 and 5 at night anywhere in the country.
    "find-duplicates": {
        "task": "partnerships.businesses.tasks.find_duplicates",
        "schedule": crontab(hour="10", minute="20"),
    },
}


@shared_task(name="partnerships.businesses.tasks.find_duplicates", ignore_result=True)
def find_duplicates() -> None:
    """Ask for the nightly look through the registry."""
    drop_stale_connections()
    ask_for_duplicates(actor=None)
