"""What an import did to the registry, seen and taken back."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core import words
from core.access import requires, visible
from core.jobs.models import Job, Status
from core.pages.confirm import Question, ask

from . import forms, jobs
from .imports.taking_back import outlook, refusal
from .lists import CHANGED, STAYED
from .models import ImportBatch


@requires("businesses.import_files")
@require_http_methods(["GET", "POST"])
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take an import back; once that is asked for, lead to where it is done."""
    job, batch = _imported(request, pk)
    if (made := jobs.taking_back(batch)) is not None:
        return redirect(made)
    found = refusal(batch)

    def begin() -> tuple[str, str]:
        # Nothing is told: the page of the job says how far it is.
        return "", jobs.begin_taking_back(batch, request.user).get_absolute_url()

    question = Question(
        question=_("Take the import of “%(file)s” back?") % {"file": batch.file_name},
        explain=_told(batch) if found is None else "",
        confirm=_("Take it back"),
        keep=_("Go back"),
        back=job.get_absolute_url(),
        danger=True,
    )
    return ask(request, question, begin, form=forms.NothingForm(request.POST or None), refusal=found)


@requires("businesses.import_files")
@require_safe
def import_changes(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The businesses that an import changed, each with what became what."""
    job, batch = _imported(request, pk)
    return _listed(request, CHANGED, job, batch)


@requires("businesses.import_files")
@require_safe
def import_stays(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The businesses that stayed as they are when the import was taken back, each with the reason."""
    job = get_object_or_404(visible(Job, request.user), pk=pk, kind=jobs.TAKE_BACK, status=Status.DONE)
    return _listed(request, STAYED, job, get_object_or_404(ImportBatch, pk=job.arguments.get("batch")))


def _told(batch: ImportBatch) -> str:
    """What taking it back does, in numbers."""
    found = outlook(batch)
    told = [
        ngettext(
            "%(n)s business that it added is removed.", "%(n)s businesses that it added are removed.",
            found.removed,
        )
        % {"n": words.number(found.removed)},
        ngettext(
            "%(n)s that it changed becomes what it was.", "%(n)s that it changed become what they were.",
            found.restored,
        )
        % {"n": words.number(found.restored)},
    ]  # fmt: skip
    if found.stayed:
        told.append(
            ngettext(
                "At %(n)s something stays, because somebody worked with it since; it is listed then.",
                "At %(n)s something stays, because somebody worked with them since; they are listed then.",
                found.stayed,
            )
            % {"n": words.number(found.stayed)}
        )
    return " ".join(told)


def _listed(request: HttpRequest, listing: Any, job: Job, batch: ImportBatch) -> HttpResponseBase:
    rows = listing.rows(request).filter(batch=batch)
    told = {"job": job, "about": batch.file_name or _("Import")}
    return replace(listing, rows=lambda _: rows, more=lambda _, page: told).respond(request)


def _imported(request: HttpRequest, pk: int) -> tuple[Job, ImportBatch]:
    """An import that is done, and what it left in the registry."""
    job = get_object_or_404(visible(Job, request.user), pk=pk, kind=jobs.IMPORT, status=Status.DONE)
    if job.arguments.get("dry_run"):
        raise Http404
    return job, get_object_or_404(ImportBatch, pk=(job.result or {}).get("batch"))
