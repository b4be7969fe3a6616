"""The desk's pages of an import: choose a file, let it be read, see which businesses came of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import words
from core.access import refusal, requires, visible
from core.jobs.models import Job, Status
from core.jobs.permissions import FILE_GONE
from core.jobs.services import queue_job
from core.pages import edit, export
from core.pages.confirm import Question, ask

from . import forms, jobs, papers
from .columns import left_out
from .imports.businesses import closes_many
from .lists import IMPORTED, listed_rows
from .models import Business
from .uploads import import_of


class LeftOut(list[dict[str, Any]]):
    """Rows of a report, as a file reads them."""

    def iterator(self, chunk_size: int) -> Iterator[dict[str, Any]]:
        """They are read already."""
        return iter(self)


@requires("businesses.import_files")
@require_http_methods(["GET", "POST"])
def import_upload(request: HttpRequest) -> HttpResponse:
    """Take a license file; a dry run says first what would come of it."""
    form = forms.ImportForm(request.POST or None, request.FILES or None)

    def make() -> str:
        preset = form.cleaned_data["preset"]
        known = preset != forms.FIND_OUT
        made = queue_job(
            kind=jobs.IMPORT if known else jobs.LOOK,
            arguments={"preset": preset, "dry_run": True} if known else {},
            file=form.cleaned_data["file"],
            actor=request.user,
        )
        return made.get_absolute_url()

    done = edit.attempt(form, lambda: form.once(request, make))
    if done is not None:
        address, again = done
        if again:  # else the page of the job says how far it is
            messages.success(request, form.ALREADY_SAVED)
        return redirect(address)
    return edit.page(request, "businesses/desk_import.html", form, {"above": _above(request)})


@requires("businesses.import_files")
@require_http_methods(["GET", "POST"])
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then import the file of a dry run; once that is asked for, lead to the import."""
    tried = _import(request, pk, dry_run=True)
    if (made := import_of(tried)) is not None:
        return redirect(made)

    report = tried.result or {}
    closed, opened = report.get("closed", 0), report.get("open_before", 0)
    many = closes_many(closed, opened)

    def begin() -> tuple[str, str]:
        # Nothing is told: the page of the job says how far it is.
        return "", jobs.begin_import(tried, request.user, close_many=many).get_absolute_url()

    told = _(
        "By the dry run, %(created)s businesses are added and %(updated)s changed. What people changed "
        "here stands. It is all or nothing: stopped on the way, nothing of it stays."
    )
    if many:
        told = f"{told} {_('It closes %(closed)s of the %(open)s that are open and came from such files.')}"
    question = Question(
        question=_("Import “%(file)s”?") % {"file": tried.file_name},
        explain=told
        % {
            "closed": words.number(closed),
            "open": words.number(opened),
            "created": words.number(report.get("created", 0)),
            "updated": words.number(report.get("updated", 0)),
        },
        confirm=_("Import it now"),
        back=tried.get_absolute_url(),
        keep=_("Go back"),
    )
    form = (forms.CloseManyForm if many else forms.NothingForm)(request.POST or None)
    return ask(request, question, begin, form=form, refusal=None if tried.file else FILE_GONE)


@requires("businesses.import_files")
@require_safe
def import_rows(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The businesses that an import added."""
    job = _import(request, pk, dry_run=False)
    rows = listed_rows(visible(Business, request.user).filter(batch=(job.result or {}).get("batch")))
    told = {"job": job, "about": job.file_name}
    return replace(IMPORTED, rows=lambda _: rows, more=lambda _, page: told).respond(request)


@requires("jobs.read_jobs")
@require_safe
def import_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The report as a PDF, for whoever sees it on the job's page."""
    return papers.report_file(_done(request, pk))


@requires("jobs.read_jobs")
@require_safe
def import_left_out(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that were left out as CSV: line, reason and, while the file is kept, what stands in them."""
    job = _done(request, pk)
    errors = (job.result or {}).get("errors", ())
    heads, cells = jobs.rows_of(job, {each["line"] for each in errors})
    rows = LeftOut({**each, "cells": cells.get(each["line"], [])} for each in errors)
    return export.csv_file(f"left-out-of-import-{job.pk}", left_out(heads), rows)


def _above(request: HttpRequest) -> tuple[str, str]:
    """The page above the import; an admin has no list of businesses at the desk."""
    if refusal(request.user, "core.use_desk") is None:
        return _("Businesses"), "desk:businesses"
    return _("Jobs"), "desk:jobs"


def _done(request: HttpRequest, pk: int) -> Job:
    """An import that is done."""
    return get_object_or_404(visible(Job, request.user), pk=pk, kind=jobs.IMPORT, status=Status.DONE)


def _import(request: HttpRequest, pk: int, *, dry_run: bool) -> Job:
    """An import that is done, of the one kind or the other."""
    job = _done(request, pk)
    if bool(job.arguments.get("dry_run")) is not dry_run:
        raise Http404
    return job
