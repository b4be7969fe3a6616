"""The registry's long work: reading a city's license file.

`jobs_of_areas` reads its districts and beats, `jobs_of_duplicates` looks for what is there twice.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import Refusal, Refused, check
from core.jobs.kinds import JobKind, JobRefusedError, Result
from core.jobs.models import AHEAD, Job, Status
from core.jobs.services import queue_job
from core.pages.moves import Offered
from core.progress import Progress

from . import jobs_of_areas, jobs_of_duplicates
from .imports import mappings
from .imports.businesses import import_businesses
from .imports.errors import ImportRefusedError
from .imports.looking import look_through
from .imports.reading import rows_at
from .imports.taking_back import refusal as cant_be_taken_back
from .imports.taking_back import take_back
from .models import ImportBatch
from .uploads import TAKEN, import_of, path_of

IMPORT = "businesses.import"
LOOK = "businesses.look"
TAKE_BACK = "businesses.take_back"
READ_ANOTHER_WAY = Refusal(
    "businesses.read_another_way",
    gettext_lazy("How such files are read was changed since this dry run. Look the file through again."),
)


def import_file(job: Job, owner: Any, progress: Progress) -> Result:
    """Read the job's file into the registry, or find out what would come of it.

    Args:
        job: `arguments` holds `preset`, a name, and `dry_run`.
        owner: who asked for it.
        progress: told the rows.

    Returns:
        The report, as `manage.py import_businesses --report` writes it.

    Raises:
        JobRefusedError: the file or the preset is gone, or the file is refused as a whole.
    """
    preset = job.arguments["preset"]
    if not mappings.is_known(preset):
        raise JobRefusedError(
            _("There is no preset “%(name)s” any more. Nothing was changed. Upload the file with another.")
            % {"name": preset}
        )
    path = path_of(job)
    try:
        report = import_businesses(
            path,
            mappings.load(preset),
            name=job.file_name,
            actor=owner,
            dry_run=job.arguments["dry_run"],
            close_many=job.arguments.get("close_many", False),
            progress=progress,
        )
    except ImportRefusedError as refused:
        raise JobRefusedError(_("%(reason)s Nothing was changed.") % {"reason": refused}) from None
    if report.created and not report.dry_run:
        queue_job(kind=jobs_of_duplicates.DUPLICATES, arguments={"batch": report.batch}, actor=None)
    return asdict(report)


def look_at_file(job: Job, owner: Any, progress: Progress) -> Result:
    """Find out what columns the job's file has and what they probably hold.

    Returns:
        What `looking.look_through` found.

    Raises:
        JobRefusedError: the file is gone, or is no table.
    """
    try:
        return look_through(path_of(job), job.file_name, progress, encoding=job.arguments.get("encoding", ""))
    except ImportRefusedError as refused:
        raise JobRefusedError(_("%(reason)s Nothing was changed.") % {"reason": refused}) from None


def take_import_back(job: Job, owner: Any, progress: Progress) -> Result:
    """Take an import back.

    Args:
        job: `arguments` holds the number of the `batch`.

    Returns:
        What came of it, see `taking_back.Undone`.

    Raises:
        JobRefusedError: it is gone, or can't be taken back any more.
    """
    batch = ImportBatch.objects.filter(pk=job.arguments["batch"]).first()
    if batch is None:
        raise JobRefusedError(_("There is no such import any more. Nothing was changed."))
    try:
        return asdict(take_back(batch=batch, actor=owner, progress=progress))
    except Refused as refused:
        raise JobRefusedError(_("%(reason)s Nothing was changed.") % {"reason": refused.refusal}) from None


def rows_of(job: Job, lines: Set[int]) -> tuple[Sequence[str], dict[int, list[str]]]:
    """What stands in some lines of the file of an import: its heads, and cells by line.

    Args:
        job: the import or its dry run.
        lines: of its file; nothing of them is found where the file is not kept, or can't be read any more.
    """
    preset = job.arguments["preset"]
    if not (lines and job.file and mappings.is_known(preset)):
        return (), {}
    try:
        return rows_at(Path(job.file.path), mappings.load(preset), lines, job.file_name)
    except ImportRefusedError:
        return (), {}


@transaction.atomic
def begin_import(tried: Job, actor: Any, *, close_many: bool = False) -> Job:
    """Ask for the import of what a dry run looked through, once.

    Args:
        tried: the dry run, done.
        actor: who asks.
        close_many: whether it may close more than a fifth of its source.

    Raises:
        Refused: someone asked already, may not ask, the file is not kept any more, or it would be read
            another way than the dry run did.
    """
    check(actor, "businesses.import_files")
    Job.objects.select_for_update().get(pk=tried.pk)
    if import_of(tried) is not None:
        raise Refused(TAKEN)
    if mappings.changed_since(tried.arguments["preset"], tried.created_at):
        raise Refused(READ_ANOTHER_WAY)
    arguments = {**tried.arguments, "dry_run": False, "tried": tried.pk, "close_many": close_many}
    return queue_job(kind=IMPORT, arguments=arguments, with_file_of=tried, actor=actor)


def taking_back(batch: ImportBatch) -> Job | None:
    """The job that takes an import back: waiting, running or done."""
    return (
        Job.objects.filter(kind=TAKE_BACK, arguments__batch=batch.pk, status__in=[*AHEAD, Status.DONE])
        .defer("result")
        .first()
    )


@transaction.atomic
def begin_taking_back(batch: ImportBatch, actor: Any) -> Job:
    """Ask for an import to be taken back, once.

    Args:
        batch: the import.
        actor: who asks.

    Raises:
        Refused: the actor may not, or it can't be taken back any more.
    """
    check(actor, "businesses.import_files")
    ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if (made := taking_back(batch)) is not None:
        return made
    if (found := cant_be_taken_back(batch)) is not None:
        raise Refused(found)
    return queue_job(kind=TAKE_BACK, arguments={"batch": batch.pk, "file": batch.file_name}, actor=actor)


def _title(job: Job) -> str:
    return job.file_name


def _named(job: Job) -> Any:
    if job.arguments.get("dry_run"):
        return _("Dry run of a license file")
    return _("Import of a license file")


def _ending(job: Job) -> Any:
    if job.arguments.get("dry_run"):
        return _("being compared with the registry now")
    return _("being written now")


def _facts(job: Job) -> Mapping[str, str]:
    key = job.arguments.get("preset", "")
    label = mappings.label_of(key)
    how = _("Dry run: nothing is changed") if job.arguments.get("dry_run") else _("Import")
    return {_("Read as"): label, _("What it does"): how}


def _steps(job: Job, user: Any) -> list[Offered]:
    printed = Offered(gettext_lazy("Print the report (PDF)"), reverse("desk:import_report", args=[job.pk]))
    if job.arguments.get("dry_run"):
        made = import_of(job)
        if made is not None:
            return [Offered(gettext_lazy("See its import"), made.get_absolute_url()), printed]
        return [Offered(gettext_lazy("Import it now"), reverse("desk:import_run", args=[job.pk])), printed]
    batch = ImportBatch.objects.filter(pk=(job.result or {}).get("batch") or 0).first()
    return [
        Offered(gettext_lazy("The businesses it added"), reverse("desk:import_rows", args=[job.pk])),
        Offered(gettext_lazy("What it changed"), reverse("desk:import_changes", args=[job.pk])),
        printed,
        *(_step_back(job, batch) if batch is not None else []),
    ]


def _step_back(job: Job, batch: ImportBatch) -> list[Offered]:
    if (made := taking_back(batch)) is not None:
        return [Offered(gettext_lazy("See how it was taken back"), made.get_absolute_url())]
    way = reverse("desk:import_undo", args=[job.pk])
    return [Offered(gettext_lazy("Take the import back"), way, refusal=cant_be_taken_back(batch))]


def _title_of_undo(job: Job) -> str:
    return str(job.arguments.get("file", ""))


def _steps_of_look(job: Job, user: Any) -> list[Offered]:
    return [Offered(gettext_lazy("Check the columns"), reverse("desk:import_columns", args=[job.pk]))]


def _ending_of_look(job: Job) -> Any:
    return _("what its columns hold is found out now")


JOBS = [
    JobKind(
        key=LOOK,
        label=gettext_lazy("First look at a file"),
        counted=gettext_lazy("rows"),
        permission="businesses.import_files",
        run=look_at_file,
        start="desk:import",
        result="businesses/import_look.html",
        title=_title,
        ending=_ending_of_look,
        steps=_steps_of_look,
    ),
    JobKind(
        key=IMPORT,
        label=gettext_lazy("Import of a license file"),
        counted=gettext_lazy("rows"),
        permission="businesses.import_files",
        run=import_file,
        start="desk:import",
        result="businesses/import_report.html",
        title=_title,
        named=_named,
        ending=_ending,
        facts=_facts,
        steps=_steps,
        needs={"preset": str, "dry_run": bool},
    ),
    JobKind(
        key=TAKE_BACK,
        label=gettext_lazy("Taking back of an import"),
        counted=gettext_lazy("steps"),
        permission="businesses.import_files",
        run=take_import_back,
        start="desk:import",
        result="businesses/import_undone.html",
        title=_title_of_undo,
        needs={"batch": int},
    ),
    *jobs_of_areas.JOBS,
    *jobs_of_duplicates.JOBS,
]
