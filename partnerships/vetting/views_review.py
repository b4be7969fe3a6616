"""The reviewer's page and the comparison of two reviews."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock
from core.access import Refused, requires, visible
from core.pages import edit

from . import fields, permissions, rules, sentences, services
from .choices import Conflict, Status
from .forms import ConflictForm, ReconcileForm, ReviewForm
from .judgement import gaps_of, outcome_of
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
    found.application = application  # read already, with its criteria
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
    form = ReviewForm(request.POST or None, review=mine)
    handing_in = request.POST.get("action") == "submit"
    if edit.attempt(form, partial(_keep, request, form)) is not None:
        if not handing_in:
            messages.success(request, _("Saved. Your scores are kept; nobody else sees them yet."))
            return redirect("desk:application", pk)
        mine = _my_review(request, application)
        gaps = gaps_of(mine)
        for each in gaps:  # the criterion's name is the field's, and need not be said again
            words = _("No score yet.") if each.code == "score_missing" else _("Write in a few words why.")
            form.add_error(each.field, words)
        hand_in = partial(services.submit_review, review=mine, actor=request.user)
        if not gaps and edit.attempt(form, hand_in) is not None:
            messages.success(request, _("Your review is in. Thank you."))
            return redirect("desk:application", pk)
        form.carry(mine)  # what was typed is saved, so that a reload finds nothing newer to write over
    rows = [
        {
            **row,
            **form.shown(row["criterion"]),
            "choices": [(n, row["criterion"].anchor(n)) for n in rules.SCORES],
        }
        for row in answers_of(application)
    ]
    refusal = permissions.may_review(request.user, mine)
    last = max((each.updated_at for each in mine.scores.all()), default=None)
    return edit.page(
        request,
        "vetting/review.html",
        form,
        {
            **glance(application),
            "review": mine,
            "rows": rows,
            "refusal": refusal,
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
    )


@transaction.atomic
def _keep(request: HttpRequest, form: ReviewForm) -> Review:
    """Save every score and note."""
    for each in form.criteria:
        services.save_score(review=form.review, criterion=each, actor=request.user, **form.line(each))
    return form.review


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
    """Save one score or note as it is typed; answers the line below the criteria, and the version by now."""
    application = get_application(request, pk)
    mine = _my_review(request, application)
    criterion = get_object_or_404(application.criteria_version.criteria, code=code)
    form = ReviewForm(request.POST, review=mine)
    saved = edit.attempt(
        form,
        lambda: services.save_score(
            review=mine, criterion=criterion, actor=request.user, **form.line(criterion)
        ),
    )
    now = ReviewForm(review=_my_review(request, application))
    return render(
        request,
        "vetting/saved.html",
        {
            "done": sum(1 for each in now.criteria if now.shown(each)["value"] is not None),
            "total": len(now.criteria),
            "saved_at": clock.now(),
            "problem": "" if saved else _first_error(form),
            "version": now["version"].value() if saved else "",
        },
        status=200 if saved else 409,
    )


def _first_error(form: ReviewForm) -> str:
    return next(str(each) for errors in form.errors.values() for each in errors)


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
