"""What follows from the end of a job."""

from typing import Any
from uuid import UUID

from core import clock
from core.access import Actor

from .models import Job


def ends(job: Job, *, actor: Actor, token: UUID | None = None, **changes: Any) -> None:
    """Note when it ended and what came of it; nobody has it any more."""
    job.token, job.lease_until, job.finished_at = None, None, clock.now()
    for name, value in changes.items():
        setattr(job, name, value)
    job.save(update_fields=["token", "lease_until", "finished_at", *changes])
