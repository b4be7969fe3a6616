"""The reviewer's page and the comparison of two reviews."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock
from core.access import Refused, requires, visible
from core.pages import edit
from core.pages.errors import status_of

from . import fields, permissions, sentences, services
from .choices import Conflict, Status
from .forms import ConflictForm, ReconcileForm
from .judgement import outcome_of
from .models import Application, Review
from .pages import all_in, answers_of, get_application, glance, side_by_side


def _my_review(request: HttpRequest, application: Application) -> Review:
    found = (
        visible(Review, request.user)
        .filter(application=application, round=application.round, reviewer=request.user.pk)
        .first()
    )
    if found is None:
        raise Refused(permissions.NOT_REVIEWER)
    if found.conflict == Conflict.REFER:
        raise Refused(permissions.REFERRED)
    return found


@requires("vetting.read_applications")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers beside the criteria. Works without scripts: one form, all scores, two buttons."""
    application = get_application(request, pk)
    mine = _my_review(request, application)
    if not mine.conflict:
        return render(
            request,
            "vetting/declare.html",
            {**glance(application), "form": ConflictForm(), "review": mine},
        )
    problem, status = "", 200
    typed: dict[str, dict[str, Any]] = {}
    if request.method == "POST":
        typed = _typed(request, mine)
        try:
            _keep(request, mine, typed)
            if request.POST.get("action") == "submit":
                services.submit_review(review=mine, actor=request.user)
                messages.success(request, _("Your review is in. Thank you."))
                return redirect("desk:application", pk)
            messages.success(request, _("Saved. Your scores are kept; nobody else sees them yet."))
            return redirect("desk:application", pk)
        except Refused as error:
            problem, status = str(error.refusal.sentence), status_of(error.refusal)
    scores = {each.criterion_id: each for each in mine.scores.all()}
    rows = []
    for row in answers_of(application):
        saved = scores.get(row["criterion"].pk)
        kept = typed.get(row["criterion"].code, {})
        rows.append(
            {
                **row,
                "value": kept["value"] if kept else saved.value if saved else None,
                "note": kept.get("note", saved.note if saved else ""),
                "choices": [(n, row["criterion"].anchor(n)) for n in range(5)],
            }
        )
    refusal = permissions.may_review(request.user, mine)
    last = max((each.updated_at for each in scores.values()), default=None)
    return render(
        request,
        "vetting/review.html",
        {
            **glance(application),
            "review": mine,
            "rows": rows,
            "refusal": refusal,
            "problem": problem,
            "done": sum(1 for row in rows if row["value"] is not None),
            "saved_at": last,
            "saved_day": last is not None and timezone.localdate(last) != clock.today(),
            "entries": sentences.review_timeline(application, request.user),
            "may_ask": application.status == Status.IN_REVIEW,
            "diffs": [
                {"request": each, "changes": fields.changes(application, each.before, each.after)}
                for each in application.action_requests.filter(answered_at__isnull=False)
            ],
        },
        status=status,
    )


def _typed(request: HttpRequest, mine: Review) -> dict[str, dict[str, Any]]:
    """Score and note of each criterion, as they were posted."""
    found = {}
    for criterion in mine.application.criteria_version.criteria.all():
        value = request.POST.get(f"score-{criterion.code}", "")
        found[criterion.code] = {
            "note": request.POST.get(f"note-{criterion.code}", "")[:4000],
            "value": int(value) if value in ("0", "1", "2", "3", "4") else None,
        }
    return found


def _keep(request: HttpRequest, mine: Review, typed: dict[str, dict[str, Any]]) -> None:
    """Save every score and note that was posted."""
    for criterion in mine.application.criteria_version.criteria.all():
        services.save_score(review=mine, criterion=criterion, actor=request.user, **typed[criterion.code])


@requires("vetting.read_applications")
@require_POST
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """The conflict declaration comes first. It is proceed or refer, and no reason."""
    application = get_application(request, pk)
    mine = _my_review(request, application)
    form = ConflictForm(request.POST)
    done = edit.attempt(
        form,
        lambda: services.declare_conflict(
            review=mine, proceed=form.cleaned_data["answer"] == "proceed", actor=request.user
        ),
    )
    if done is None:
        return edit.page(request, "vetting/declare.html", form, {**glance(application), "review": mine})
    if form.cleaned_data["answer"] == "proceed":
        return redirect("desk:review", pk)
    messages.success(request, _("Thank you. Someone else reviews it. No reason is kept."))
    return redirect("desk:application", pk)


@requires("vetting.read_applications")
@require_POST
def score(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Save one score or note as it is typed; answers the line below the criteria."""
    application = get_application(request, pk)
    mine = _my_review(request, application)
    criterion = get_object_or_404(application.criteria_version.criteria, code=code)
    value = request.POST.get(f"score-{code}")
    problem = ""
    try:
        services.save_score(
            review=mine,
            criterion=criterion,
            actor=request.user,
            value=int(value) if value in ("0", "1", "2", "3", "4") else None,
            note=request.POST.get(f"note-{code}", "")[:4000],
        )
    except Refused as error:
        problem = str(error.refusal.sentence)
    done = mine.scores.filter(value__isnull=False).count()
    return render(
        request,
        "vetting/saved.html",
        {
            "done": done,
            "total": application.criteria_version.criteria.count(),
            "saved_at": clock.now(),
            "problem": problem,
        },
        status=409 if problem else 200,
    )


@requires("vetting.read_applications")
def reconcile(request: HttpRequest, pk: int) -> HttpResponse:
    """Both reviews side by side; where they lie two or more points apart the reviewers agree on a score."""
    application = get_application(request, pk)
    reviews = all_in(request, application)
    lines = side_by_side(application, reviews)
    reviewer = any(each.reviewer_id == request.user.pk for each in reviews)
    wanted, status = request.POST.get("criterion", ""), 200
    for line in lines:
        asked = request.method == "POST" and line["criterion"].code == wanted
        # Where a colleague was quicker there is no gap any more, but what was typed stays.
        if not reviewer or not (line["gap"] or asked):
            continue
        form = line["form"] = ReconcileForm(request.POST if asked else None, criterion=line["criterion"])
        if edit.attempt(form, partial(_agree, request, application, form)) is not None:
            messages.success(request, _("The agreed score is kept."))
            return redirect("desk:reconcile", pk)
        status = edit.answer_of(form) if asked else status
    return render(
        request,
        "vetting/reconcile.html",
        {
            **glance(application),
            "lines": lines,
            "reviews": reviews,
            "outcome": outcome_of(application),
            "reviewer": reviewer,
        },
        status=status,
    )


def _agree(request: HttpRequest, application: Application, form: ReconcileForm) -> Any:
    return services.reconcile(
        application=application, criterion=form.criterion, actor=request.user, **form.cleaned_data
    )
