"""The desk's pages on jobs: the list, one with its progress and result, and the step that stops it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import refusal, requires, visible
from core.pages.confirm import Question, ask
from core.pages.moves import Offered

from . import columns, services
from .kinds import JobKind, kinds
from .lists import JOBS, seen_as
from .models import Job, Status
from .progress_words import progress_words


@requires("jobs.read_jobs")
@require_safe
def jobs(request: HttpRequest) -> HttpResponseBase:
    """Long work that was asked for, newest first: one's own; supervisors and admins see everyone's."""
    return JOBS.respond(request)


@requires("jobs.read_jobs")
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is, and what came of it. The page renews itself until it has ended."""
    row = get_object_or_404(visible(Job, request.user), pk=pk)
    seen = seen_as(row)
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
        "progress": progress_words(row, kind),
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

    def stop() -> tuple[str, str]:
        stopped = services.stop_job(job=row, actor=request.user)
        if stopped.is_ahead:
            return _("It stops within moments. Nothing of it stays."), row.get_absolute_url()
        return _("Stopped before it began."), row.get_absolute_url()

    question = Question(
        question=_("Stop “%(label)s”?") % {"label": f"{label}: {about}" if about else label},
        explain=_("What it has written so far is undone. You can ask for it again."),
        confirm=_("Stop it"),
        back=row.get_absolute_url(),
        keep=_("Let it run"),
        danger=True,
    )
    return ask(request, question, stop, refusal=refusal(request.user, "jobs.stop_job", row))


def _steps(request: HttpRequest, row: Job, kind: JobKind | None) -> list[Offered]:
    return kind.steps(row, request.user) if kind and row.status == Status.DONE else []
