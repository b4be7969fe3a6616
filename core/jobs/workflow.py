"""What may become of a job, as a table. Triggers hold the same in the database."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access import Actor, Refusal
from core.workflow import Move, Workflow

from . import effects
from .models import Job, Status

LOST = Refusal("lost", _("Another worker has taken this job up."))


STOPPED = Refusal("stopped", _("Somebody stopped this job meanwhile."))


def holds_the_claim(user: Actor, job: Job, *, token: UUID | None, **details: Any) -> Refusal | None:
    """Only the process whose claim stands says what came of a job."""
    return None if job.token == token else LOST


def is_not_stopped(user: Actor, job: Job, *, token: UUID | None, **details: Any) -> Refusal | None:
    """As `holds_the_claim`; who stopped a job at its last step was told that nothing of it stays."""
    return holds_the_claim(user, job, token=token) or (STOPPED if job.stop_asked_by else None)


# Workers begin jobs and take up abandoned ones many at a time, past `JOB.move`: see `running`.
JOB = Workflow(
    Job,
    start=(Status.QUEUED,),
    moves=(
        Move("begin", (Status.QUEUED,), Status.RUNNING),
        Move("take_up_again", (Status.RUNNING,), Status.QUEUED),
        Move("finish", (Status.RUNNING,), Status.DONE, guard=is_not_stopped, effect=effects.ends),
        Move("fail", (Status.RUNNING,), Status.FAILED, guard=holds_the_claim, effect=effects.ends),
        Move("stop", (Status.RUNNING,), Status.CANCELLED, guard=holds_the_claim, effect=effects.ends),
        Move(
            "cancel",
            (Status.QUEUED,),
            Status.CANCELLED,
            effect=effects.ends,
            label=pgettext_lazy("job", "Stop it"),
        ),
    ),
)
