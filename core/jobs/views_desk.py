"""The desk's pages on jobs: the list, one with its progress and result, and the step that stops it."""

import hashlib

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import refusal, requires, visible
from core.pages.lists import ListPage
from core.pages.moves import Offered

from . import columns, services
from .kinds import JobKind, kinds
from .models import Job, Status
from .progress_words import progress_words


@requires("jobs.read_jobs")
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Long work that was asked for, newest first: one's own; supervisors and admins see everyone's."""
    page = ListPage(
        request,
        visible(Job, request.user).defer("result", "arguments"),
        columns=columns.COLUMNS,
        filterset_class=columns.JobFilter,
        default_sort="-created",
        noun=(_("job"), _("jobs")),
        empty_title=_("No jobs yet"),
        empty_text=_("Imports and other long work appear here, with how far they are and what came of them."),
        caption=_("Jobs"),
    )
    offered = [each for each in kinds().values() if refusal(request.user, each.permission) is None]
    seen = _seen(*page.rows)
    if request.headers.get("X-Seen") == seen:
        return HttpResponse(status=204)
    moving = any(row.is_ahead for row in page.rows)
    context = {"list": page, "offered": offered, "seen": seen, "moving": moving}
    return render(request, "jobs/list.html", context)


@requires("jobs.read_jobs")
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is, and what came of it. The page renews itself until it has ended."""
    row = get_object_or_404(visible(Job, request.user), pk=pk)
    seen = _seen(row)
    if request.headers.get("X-Seen") == seen:
        return HttpResponse(status=204)
    kind = kinds().get(row.kind)
    label, about = columns.title(row)
    context = {
        "job": row,
        "kind": kind,
        "label": label,
        "about": about,
        "facts": kind.facts(row) if kind else {},
        "before": Job.objects.ahead().filter(pk__lt=row.pk).count() if row.status == Status.QUEUED else 0,
        "progress": progress_words(row, kind.counted if kind else ""),
        "steps": _steps(request, row, kind),
        "may_stop": refusal(request.user, "jobs.stop_job", row) is None,
        "again": kind is not None and refusal(request.user, kind.permission) is None,
        "seen": seen,
        "moving": row.is_ahead,
    }
    return render(request, "jobs/job.html", context)


@requires("jobs.read_jobs")
@require_http_methods(["GET", "POST"])
def job_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then stop a job."""
    row = get_object_or_404(visible(Job, request.user), pk=pk)
    label, about = columns.title(row)
    if request.method == "POST":
        stopped = services.stop_job(job=row, actor=request.user)
        if stopped.is_ahead:
            messages.success(request, _("It stops within moments. Nothing of it stays."))
        else:
            messages.success(request, _("Stopped before it began."))
        return redirect("desk:job", row.pk)
    context = {
        "base": "desk/base.html",
        "question": _("Stop “%(label)s”?") % {"label": f"{label}: {about}" if about else label},
        "explain": _("What it has written so far is undone. You can ask for it again."),
        "confirm": _("Stop it"),
        "back_url": reverse("desk:job", args=[row.pk]),
        "keep": _("Let it run"),
        "danger": True,
        "refusal": refusal(request.user, "jobs.stop_job", row),
    }
    return render(request, "components/confirm.html", context)


def _steps(request: HttpRequest, row: Job, kind: JobKind | None) -> list[Offered]:
    return kind.steps(row, request.user) if kind and row.status == Status.DONE else []


def _seen(*rows: Job) -> str:
    """What tells one state of these rows from another."""
    facts = [(row.pk, row.status, row.done, row.total, row.attempts, row.stop_asked_by) for row in rows]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
