"""What must hold before jobs can be trusted."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.template.loader import get_template

from core import rooms
from core.access import is_registered


@register()
def kinds_can_be_carried_out(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Each kind that a room declares has a name, a guard and a page of its own."""
    found: list[CheckMessage] = []
    kinds = [each for _room, jobs in rooms.offered("jobs", "JOBS") for each in jobs]
    for key, times in Counter(each.key for each in kinds).items():
        if times > 1:
            found.append(
                Error(f"{times} kinds of jobs are called {key}.", hint="Give each its own.", id="jobs.E002")
            )
    for each in kinds:
        get_template(each.result)
        if not is_registered(each.permission):
            found.append(
                Error(f"The job {each.key} asks for {each.permission}, which nobody answers.", id="jobs.E003")
            )
    return found


@register()
def times_fit(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """A claim outlives some missed beats of its job: else a busy machine would begin the work twice."""
    if settings.JOB_LEASE < 3 * settings.JOB_PULSE:
        return [
            Error(
                "JOB_LEASE is below three times JOB_PULSE.",
                hint="A job whose pulse misses a beat or two would be taken from its worker.",
                id="jobs.E004",
            )
        ]
    return []
