"""Kinds of jobs that the tests of jobs carry out."""

from collections.abc import Callable
from typing import Any

from core.jobs.kinds import JobKind, JobRefusedError
from core.jobs.models import Job
from core.models import AuditEntry
from core.progress import Progress

STEPS = 5
between: list[Callable[[int], Any]] = []  # called at each step, with its number


def count(job: Job, owner: Any, progress: Progress) -> dict[str, Any]:
    """Write a row at each of its steps; what is written is seen in `written`."""
    for step in range(1, STEPS + 1):
        AuditEntry.objects.create(verb=f"tests.step_of_{job.pk}", actor_label="test")
        for each in between:
            each(step)
        progress(step, STEPS)
    return {"steps": STEPS, "owner": owner.email if owner else ""}


def refuse(job: Job, owner: Any, progress: Progress) -> dict[str, Any]:
    count(job, owner, progress)
    raise JobRefusedError("The file has no rows. Choose another.")


def break_down(job: Job, owner: Any, progress: Progress) -> dict[str, Any]:
    count(job, owner, progress)
    raise ZeroDivisionError("a secret detail")


def written(job: Job) -> int:
    """How many rows of a job's work stand."""
    return AuditEntry.objects.filter(verb=f"tests.step_of_{job.pk}").count()


def kind(key: str, run: Any, **needs: type) -> JobKind:
    return JobKind(
        key=key,
        label="Counting",
        counted="steps",
        permission="core.write_desk",
        run=run,
        start="desk:jobs",
        result="sample_room/counted.html",
        needs=needs,
    )


JOBS = [
    kind("tests.count", count),
    kind("tests.refuse", refuse),
    kind("tests.break", break_down),
    kind("tests.needy", count, size=int),
]
