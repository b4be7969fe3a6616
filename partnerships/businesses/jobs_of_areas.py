"""The long work over files of districts, beats and neighborhoods: a first look, a dry run, the import."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Avg
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import Actor, Refusal, Refused, check
from core.jobs.kinds import JobKind, JobRefusedError, Result
from core.jobs.models import Job
from core.jobs.services import queue_job
from core.pages.moves import Offered
from core.progress import Progress

from .imports.areas import import_areas
from .imports.errors import ImportRefusedError
from .imports.outlines.looking import look_at
from .imports.outlines.opening import read_layer
from .imports.outlines.systems import Position
from .imports.redraw import OlderEditionError
from .models import Area, Business, ImportBatch
from .uploads import TAKEN, import_of, path_of

LOOK = "businesses.look_at_areas"
AREAS = "businesses.areas"

CHANGED_SINCE = Refusal(
    "businesses.areas_changed_since",
    gettext_lazy("The areas were changed since this dry run. Look the file through again."),
)


def look_at_areas(job: Job, owner: Any, progress: Progress) -> Result:
    """Find out what the job's file draws, in which coordinates, and what its properties probably mean.

    Returns:
        What `outlines.looking.look_at` found.

    Raises:
        JobRefusedError: the file is gone, or holds no areas.
    """
    path = path_of(job)
    try:
        found = look_at(read_layer(path, job.file_name), job.file_name, _near())
    except ImportRefusedError as refused:
        raise _nothing_changed(str(refused)) from None
    progress(found["counted"], found["counted"])
    return found


def read_areas(job: Job, owner: Any, progress: Progress) -> Result:
    """Read the job's file into the registry, or find out what would come of it.

    Args:
        job: `arguments` holds what `import_areas` asks for.
        owner: who asked for it.
        progress: told the places of business that were looked at.

    Returns:
        The report.

    Raises:
        JobRefusedError: the file is gone, or is refused.
    """
    path, told = path_of(job), job.arguments
    try:
        report = import_areas(
            path,
            kind=told["kind"],
            name_field=told["name_field"],
            label_field=told.get("label_field", ""),
            parent_field=told.get("parent_field", ""),
            code=told.get("code", 0),
            swapped=told.get("swapped", False),
            valid_from=date.fromisoformat(told["valid_from"]),
            name=job.file_name,
            actor=owner,
            dry_run=told["dry_run"],
            end_many=told.get("end_many", False),
            progress=progress,
        )
    except OlderEditionError as refused:
        raise _nothing_changed(_("%(reason)s Choose a later day.") % {"reason": refused}) from None
    except ImportRefusedError as refused:
        raise _nothing_changed(str(refused)) from None
    return asdict(report)


def _nothing_changed(reason: str) -> JobRefusedError:
    return JobRefusedError(_("%(reason)s Nothing was changed.") % {"reason": reason})


def _near() -> Position | None:
    """Where the places of the registry lie, on the whole."""
    found = Business.objects.aggregate(north=Avg("latitude"), east=Avg("longitude"))
    return None if found["north"] is None else (found["north"], found["east"])


@transaction.atomic
def begin_areas(tried: Job, actor: Actor, *, end_many: bool = False) -> Job:
    """Ask for the import of what a dry run looked through, once.

    Args:
        tried: the dry run, done.
        actor: who asks.
        end_many: whether it may end more than a fifth of the areas.

    Raises:
        Refused: someone asked already, may not ask, the file is not kept any more, or areas were imported
            since.
    """
    check(actor, "businesses.import_files")
    Job.objects.select_for_update().get(pk=tried.pk)
    if import_of(tried) is not None:
        raise Refused(TAKEN)
    if ImportBatch.objects.filter(kind__startswith="areas: ", at__gt=tried.finished_at).exists():
        raise Refused(CHANGED_SINCE)
    arguments = {**tried.arguments, "dry_run": False, "tried": tried.pk, "end_many": end_many}
    return queue_job(kind=AREAS, arguments=arguments, with_file_of=tried, actor=actor)


def _named(job: Job) -> Any:
    if job.arguments.get("dry_run"):
        return _("Dry run of a file of areas")
    return _("Import of areas")


def _ending(job: Job) -> Any:
    if job.arguments.get("dry_run"):
        return _("being compared with the registry now")
    return _("being written now")


def _facts(job: Job) -> Mapping[str, str]:
    how = _("Dry run: nothing is changed") if job.arguments.get("dry_run") else _("Import")
    kind = job.arguments.get("kind", "")
    labels: dict[str, str] = {value: str(label) for value, label in Area.Kind.choices}
    return {_("Kind of areas"): labels.get(kind, kind), _("What it does"): how}


def _steps(job: Job, user: Any) -> list[Offered]:
    if not job.arguments.get("dry_run"):
        return []
    made = import_of(job)
    if made is not None:
        return [Offered(gettext_lazy("See its import"), made.get_absolute_url())]
    steps = [Offered(gettext_lazy("Import it now"), reverse("desk:areas_run", args=[job.pk]))]
    if looked := job.arguments.get("looked"):
        again = reverse("desk:areas_meaning", args=[looked])
        steps.append(Offered(gettext_lazy("Read it another way"), again))
    return steps


def _steps_of_look(job: Job, user: Any) -> list[Offered]:
    return [Offered(gettext_lazy("Say what it holds"), reverse("desk:areas_meaning", args=[job.pk]))]


def _ending_of_look(job: Job) -> Any:
    return _("what it holds is found out now")


JOBS = [
    JobKind(
        key=LOOK,
        label=gettext_lazy("First look at a file of areas"),
        counted=gettext_lazy("areas"),
        permission="businesses.import_files",
        run=look_at_areas,
        start="desk:areas_import",
        result="businesses/areas_look.html",
        ending=_ending_of_look,
        steps=_steps_of_look,
    ),
    JobKind(
        key=AREAS,
        label=gettext_lazy("Import of areas"),
        counted=gettext_lazy("places of business"),
        permission="businesses.import_files",
        run=read_areas,
        start="desk:areas_import",
        result="businesses/areas_report.html",
        named=_named,
        ending=_ending,
        facts=_facts,
        steps=_steps,
        needs={"kind": str, "name_field": str, "valid_from": str, "dry_run": bool},
    ),
]
