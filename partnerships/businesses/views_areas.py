"""The desk's pages of an import of areas: choose a file, say what it holds, see what moves, take it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import words
from core.access import refusal, requires, visible
from core.jobs.models import Job, Status
from core.jobs.permissions import FILE_GONE
from core.jobs.services import queue_job
from core.pages import edit
from core.pages.confirm import Question, ask

from . import forms, jobs_of_areas
from .imports.areas import ends_many
from .uploads import import_of


@requires("businesses.import_files")
@require_http_methods(["GET", "POST"])
def areas_import(request: HttpRequest) -> HttpResponse:
    """Take a file of areas; a first look says what it holds."""
    form = forms.AreasFileForm(request.POST or None, request.FILES or None)

    def make() -> str:
        file = form.cleaned_data["file"]
        made = queue_job(kind=jobs_of_areas.LOOK, arguments={}, file=file, actor=request.user)
        return made.get_absolute_url()

    done = edit.attempt(form, lambda: form.once(request, make))
    if done is not None:
        address, again = done
        if again:  # else the page of the job says how far it is
            messages.success(request, form.ALREADY_SAVED)
        return redirect(address)
    return edit.page(request, "businesses/desk_areas.html", form, {"above": _above(request)})


@requires("businesses.import_files")
@require_http_methods(["GET", "POST"])
def areas_meaning(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the areas of a file are; then it is seen what would change."""
    looked = get_object_or_404(visible(Job, request.user), pk=pk, kind=jobs_of_areas.LOOK, status=Status.DONE)
    look = looked.result or {}
    form = forms.AreasMeaningForm(request.POST or None, look=look)

    def make() -> str:
        made = queue_job(
            kind=jobs_of_areas.AREAS,
            arguments={**form.arguments(), "dry_run": True, "looked": looked.pk},
            with_file_of=looked,
            actor=request.user,
        )
        return made.get_absolute_url()

    done = edit.attempt(form, lambda: form.once(request, make))
    if done is not None:
        address, again = done
        if again:
            messages.success(request, form.ALREADY_SAVED)
        return redirect(address)
    context = {"job": looked, "look": look, "file_gone": None if looked.file else FILE_GONE}
    return edit.page(request, "businesses/desk_areas_meaning.html", form, context)


@requires("businesses.import_files")
@require_http_methods(["GET", "POST"])
def areas_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then import the areas of a dry run; once that is asked for, lead to the import."""
    tried = get_object_or_404(
        visible(Job, request.user),
        pk=pk,
        kind=jobs_of_areas.AREAS,
        status=Status.DONE,
        arguments__dry_run=True,
    )
    if (made := import_of(tried)) is not None:
        return redirect(made)
    report: dict[str, Any] = tried.result or {}
    ended = report.get("ended", 0) + report.get("elsewhere", 0)
    many = ends_many(ended, report.get("in_force", 0))

    def begin() -> tuple[str, str]:
        # Nothing is told: the page of the job says how far it is.
        return "", jobs_of_areas.begin_areas(tried, request.user, end_many=many).get_absolute_url()

    question = Question(
        question=_("Import “%(file)s”?") % {"file": tried.file_name},
        explain=_explained(report, ended, many=many),
        confirm=_("Import it now"),
        back=tried.get_absolute_url(),
        keep=_("Go back"),
        danger=many,
    )
    sent = request.POST or None
    form = forms.EndManyForm(sent, many=ended) if many else forms.NothingForm(sent)
    return ask(request, question, begin, form=form, refusal=None if tried.file else FILE_GONE)


def _explained(report: dict[str, Any], ended: int, *, many: bool) -> str:
    told = _(
        "By the dry run, %(created)s areas are new, %(changed)s change and %(ended)s end; "
        "%(places)s businesses come to another area. "
        "It is all or nothing: stopped on the way, nothing of it stays."
    )
    if many:
        more = _("More than a fifth of the %(all)s areas in effect would end or lie elsewhere.")
        told = f"{told} {more}"
    return told % {
        "created": words.number(report.get("created", 0)),
        "changed": words.number(report.get("redrawn", 0) + report.get("updated", 0)),
        "ended": words.number(report.get("ended", 0)),
        "places": words.number(report.get("across", 0)),
        "all": words.number(report.get("in_force", 0)),
    }


def _above(request: HttpRequest) -> tuple[str, str]:
    """The page above the import; an admin has no list of businesses at the desk."""
    if refusal(request.user, "core.use_desk") is None:
        return _("Businesses"), "desk:businesses"
    return _("Jobs"), "desk:jobs"
