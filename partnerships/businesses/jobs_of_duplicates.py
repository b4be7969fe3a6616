"""The long look through the registry for places that stand in it twice."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import Actor, check
from core.jobs.kinds import JobKind, Result
from core.jobs.models import Job
from core.jobs.services import queue_job
from core.pages.moves import Offered
from core.progress import Progress

from .duplicates.scan import find_duplicates
from .models import Business, DuplicatePair

DUPLICATES = "businesses.duplicates"


def look_for_duplicates(job: Job, owner: Any, progress: Progress) -> Result:
    """Look through the whole registry, or keep the pairs of the places that one import added.

    Args:
        job: `arguments` may hold `batch`, the number of an import.
        owner: who asked for it.
        progress: told the places and pairs.
    """
    batch = job.arguments.get("batch")
    if batch is None:
        return find_duplicates(actor=owner, progress=progress).as_json()
    added = list(Business.objects.filter(batch=batch).order_by("pk").values_list("pk", flat=True))
    found_by = DuplicatePair.Found.IMPORT
    return find_duplicates(actor=owner, only=added, found_by=found_by, progress=progress).as_json()


def ask_for_duplicates(*, actor: Actor) -> Job:
    """Have the whole registry looked through; one look at a time is enough.

    Args:
        actor: a supervisor; `None` for the system, as every night.

    Returns:
        The job, or the one that someone asked for already and that has not ended.

    Raises:
        Refused: the actor may not.
    """
    check(actor, "businesses.find_duplicates")
    ahead = Job.objects.ahead().filter(kind=DUPLICATES, arguments={}).order_by("pk").first()
    return ahead or queue_job(kind=DUPLICATES, arguments={}, actor=actor)


def _steps_of_duplicates(job: Job, user: Any) -> list[Offered]:
    return [Offered(gettext_lazy("See the possible duplicates"), reverse("desk:duplicates"))]


def _title_of_duplicates(job: Job) -> str:
    if "batch" in job.arguments:
        return str(_("after an import"))
    return str(_("the whole registry"))


def _ending_of_duplicates(job: Job) -> Any:
    return _("the pairs are being written down now")


JOBS = [
    JobKind(
        key=DUPLICATES,
        label=gettext_lazy("Search for duplicates"),
        counted=gettext_lazy("places and pairs"),
        permission="businesses.find_duplicates",
        run=look_for_duplicates,
        start="desk:duplicates",
        result="businesses/duplicates_found.html",
        title=_title_of_duplicates,
        ending=_ending_of_duplicates,
        steps=_steps_of_duplicates,
    ),
]
