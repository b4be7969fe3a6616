"""What the registry prints: the report of an import, in the words of the job's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import files, words
from core.jobs.kinds import kinds
from core.jobs.models import Job
from core.paper import Paper

from .imports.errors import hint_of, sentence

MOST_LINES = 100  # rows that were left out

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What came of an import, in words.

    Attributes:
        title: what kind of job it was.
        number: of the job.
        notice: that nothing was changed, of a dry run.
        hint: how to save the file so that all of it can be read; "" when there is nothing to say.
        about: the file, who asked for it and when: names with their values.
        sums: how many rows became what.
        counts: what else was counted.
        errors: rows that were left out, each with line, column and reason.
        more: how many further ones there are.
        areas: places by the code of their area.
    """

    title: str
    number: str
    notice: str
    hint: str
    about: Pairs
    counts_title: str
    sums: Pairs
    counts: Pairs
    errors_title: str
    errors_head: tuple[str, str, str]
    errors: tuple[tuple[str, str, str], ...]
    more: str
    areas_title: str
    areas: Pairs


def only_tried(result: Mapping[str, Any], job: Job | str | None = None) -> bool:
    """Whether nothing was changed: a dry run. A report of old does not say so itself, but its job does.

    Args:
        result: a report.
        job: that made it, where it is known.
    """
    asked = job.arguments.get("dry_run") if isinstance(job, Job) else False
    return bool(result.get("dry_run", asked))


def sums_of(result: dict[str, Any]) -> Pairs:
    """How many rows became what, or would become; for the page and the paper."""
    if result.get("dry_run"):
        named = (
            _("would be added"),
            _("would be changed"),
            _("would stay as they are"),
            _("would be left out"),
        )
    else:
        named = (_("added"), _("changed"), _("as they were"), _("rows left out"))
    keys = ("created", "updated", "unchanged", "rejected")
    return tuple((label, words.number(result.get(key, 0))) for label, key in zip(named, keys, strict=True))


def report_of(job: Job) -> ImportReport:
    """The report of an import that is done."""
    kind = kinds()[job.kind]
    result: dict[str, Any] = job.result or {}
    about = [(_("File"), job.file_name), *kind.facts(job).items()]
    if job.owner_name:
        about.append((_("Asked for by"), job.owner_name))
    if job.finished_at:
        about.append((_("Ended"), words.moment(job.finished_at)))
    counts = (
        (_("Rows in the file"), "rows"),
        (_("Further licenses of a place in the file"), "merged"),
        (_("Rows of no business yet, by the state of their license"), "left_out"),
        (_("Rows left out by choice: run from a home, or outside the city"), "by_choice"),
        (_("Open places that it closes"), "closed"),
        (_("Places that came from elsewhere before, found by name and address"), "matched"),
        (_("Places that could be one of several, and were added"), "unsure"),
        (_("New organizations"), "organizations"),
        (_("Places in an area"), "located"),
        (_("Places that keep what a person changed here"), "kept"),
        (_("Places left as they were, with only older licenses in the file"), "outdated"),
    )
    errors = result.get("errors", [])[:MOST_LINES]
    more = result.get("rejected", 0) - len(errors)
    return ImportReport(
        title=kind.name_of(job),
        number=_("Job %(number)s") % {"number": job.pk},
        notice=_("Nothing was changed. This is what the import would do.") if only_tried(result, job) else "",
        hint=hint_of(result),
        about=tuple((str(name), str(said)) for name, said in about),
        counts_title=_("In numbers"),
        sums=tuple((capfirst(label), count) for label, count in sums_of(result)),
        counts=tuple((label, words.number(result.get(key, 0))) for label, key in counts),
        errors_title=_("Rows that were left out"),
        errors_head=(_("Line"), _("Column"), _("Why")),
        errors=tuple((words.number(each["line"]), each["column"] or "–", sentence(each)) for each in errors),
        more=ngettext("%(n)s more is not listed here.", "%(n)s more are not listed here.", more)
        % {"n": words.number(more)}
        if more > 0
        else "",
        areas_title=_("By area"),
        areas=tuple((code, words.number(count)) for code, count in result.get("by_area", {}).items()),
    )


def report_file(job: Job) -> HttpResponseBase:
    """The report of an import that is done, as a PDF to keep.

    Args:
        job: one that the view found among those visible to the user.
    """
    report = report_of(job)
    title = _("%(what)s, %(file)s") % {"what": report.title, "file": job.file_name}
    return files.download(
        IMPORT_REPORT.pdf(report, title=title), name=f"{title}.pdf", content_type="application/pdf"
    )


def _sample() -> ImportReport:
    return ImportReport(
        title="Import of a license file",
        number="Job 12",
        notice="Nothing was changed. This is what the import would do.",
        hint="Some lines are not UTF-8 text. Save the file as CSV UTF-8.",
        about=(("File", "licenses.csv"), ("Read as", "Business licenses"), ("Asked for by", "Sam Stone")),
        counts_title="In numbers",
        sums=(("Added", "1,204"), ("Changed", "12"), ("As they were", "8,290"), ("Rows left out", "2")),
        counts=(("Rows in the file", "9,508"), ("New organizations", "1,100")),
        errors_title="Rows that were left out",
        errors_head=("Line", "Column", "Why"),
        errors=(("7", "LATITUDE", "“north” is not a number."), ("9", "–", "The row has 3 cells.")),
        more="12 more are not listed here.",
        areas_title="By area",
        areas=(("1925", "5"), ("1933", "3")),
    )


IMPORT_REPORT = Paper(template="businesses/import_report", sample=_sample)
PAPERS = [IMPORT_REPORT]
