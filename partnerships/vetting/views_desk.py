"""The officer's pages on applications: the queue, one application, and the steps before a decision."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.access import Refused, requires, visible
from core.pages import confirm, edit
from core.pages.moves import Moves, Offered
from partnerships.businesses.models import Business, Claim

from . import fields, guards, papers, permissions, sentences, services
from .choices import Status, TrackReason
from .forms import AskForm, AssistForm, ReviewerForm, TrackForm, VisitForm
from .judgement import still_to_name
from .lists import QUEUE
from .models import Application, Condition
from .pages import answers_of, get_application, glance
from .workflow import APPLICATION, CONDITION


@requires("vetting.read_applications")
@require_safe
def queue(request: HttpRequest) -> HttpResponseBase:
    """Applications by stage, with what is late first."""
    return QUEUE.respond(request)


@requires("vetting.read_applications")
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: answers, claim, track, reviewers, what happened, and what can be done now."""
    return _page(request, get_application(request, pk))


def _page(request: HttpRequest, found: Application, typed: forms.Form | None = None) -> HttpResponse:
    """The page of an application; `typed` is one of its small forms that could not be taken as it was."""
    user = request.user
    reviews = list(found.reviews.filter(round=found.round).select_related("reviewer"))
    mine = next((each for each in reviews if each.reviewer_id == user.pk), None)
    diffs = [
        {"request": each, "changes": fields.changes(found, each.before, each.after)}
        for each in found.action_requests.filter(answered_at__isnull=False)
    ]
    claims = visible(Claim, user).filter(
        user=found.applicant_id, business__organization=found.organization_id, status=Claim.Status.CLAIMED
    )
    claims = claims.select_related("business")
    reasons = dict(TrackReason.choices)
    return render(
        request,
        "vetting/application.html",
        {
            **glance(found),
            "answers": answers_of(found),
            "reviews": reviews,
            "my_review": mine,
            "all_in": found.all_in,
            "missing_reviewers": still_to_name(found, reviews),
            "may_take": permissions.may_take(user, found) is None,
            "reviewer_form": typed
            if isinstance(typed, ReviewerForm)
            else ReviewerForm(user=user, application=found),
            "track_form": typed
            if isinstance(typed, TrackForm)
            else TrackForm(initial={"track": found.track}),
            "track_reasons": [reasons.get(code, code) for code in found.track_reasons],
            "track_open": permissions.may_choose_track(found) is None,
            "visit_form": typed
            if isinstance(typed, VisitForm)
            else VisitForm(initial={"visited_on": clock.today()}),
            "claims": claims,
            "claim_reach": _reach(found) if claims else "",
            "diffs": diffs,
            "open_request": found.action_requests.waiting().first(),
            "asked": sentences.asked_labels(found),
            "steps": _steps(found, user),
            "entries": sentences.desk_timeline(found),
            "decisions": found.decisions.select_related("decided_by"),
            "conditions": _conditions(found, user),
            "may_edit": found.status == Status.DRAFT and guards.may_edit(user, found) is None,
            "waiting": sentences.waiting_for(found, user),
        },
        status=200 if typed is None else edit.answer_of(typed),
    )


def _reach(found: Application) -> str:
    """What the page of a claim has chosen when it opens, the places applied for, and the way back."""
    places = set(found.sites.values_list("pk", flat=True))
    rest = found.organization.sites.open().exclude(pk__in=places)
    chosen: dict[str, Any] = {"reach": "some", "site": sorted(places)} if rest.exists() else {"reach": "all"}
    return urlencode({**chosen, "back": reverse("desk:application", args=[found.pk])}, doseq=True)


MOVES = Moves(
    APPLICATION,
    pages={
        "request_action": "desk:application_ask",
        "withdraw": "desk:application_withdraw",
        "appeal": "desk:application_appeal",
    },
    styles={"withdraw": "plain"},
)
CONDITIONS = Moves(
    CONDITION,
    pages={"meet": "desk:condition", "waive": "desk:condition_waive"},
    styles={"waive": "plain"},
)


def _steps(found: Application, user: Any) -> list[Offered]:
    """What a desk user can do on this page, each with its address or the sentence in its way.

    A decision is one step with three outcomes, and a review begins by itself with the last declaration.
    """
    steps = []
    if found.status == Status.ACTION_NEEDED and found.is_assisted:
        answer = reverse("desk:application_answer", args=[found.pk])
        steps.append(Offered(_("Answer with the owner"), answer, guards.may_edit(user, found)))
    if found.status == Status.IN_REVIEW:
        decide = reverse("desk:decide", args=[found.pk])
        steps.append(Offered(_("Decide"), decide, guards.may_decide(user, found)))
    waits = APPLICATION.refusal(found, "start_review", user)
    starts = found.status in APPLICATION.by_name["start_review"].sources
    if starts and waits is not None and permissions.may_take(user, found):
        steps.append(Offered(APPLICATION.by_name["start_review"].label, refusal=waits))
    return steps + MOVES.offered(found, user)


def _conditions(found: Application, user: Any) -> list[tuple[Condition, list[Offered]]]:
    """The conditions of an approval, each with what can be done about it."""
    if found.status != Status.APPROVED_WITH_CONDITIONS:
        return []
    return [(each, CONDITIONS.offered(each, user)) for each in found.conditions.all()]


def _done(request: HttpRequest, pk: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("desk:application", pk)


def _say_refusal(request: HttpRequest, pk: int, error: Refused) -> HttpResponse:
    messages.error(request, str(error.refusal.sentence))
    return redirect("desk:application", pk)


@requires("vetting.assist_application")
def assist(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in an application with the owner, during a visit."""
    business = get_object_or_404(visible(Business, request.user).select_related("organization"), pk=pk)
    begun = sentences.begun_by_owners(business)
    if "withdraw" in request.GET:
        draft = next((each for each in begun if str(each.pk) == request.GET["withdraw"]), None)
        if draft is None:
            raise Http404
        return _withdraw_draft(request, draft, reverse("desk:application_assist", args=[pk]))
    form = AssistForm(request.POST or None)
    made = edit.attempt(
        form,
        lambda: services.assist_application(
            business=business, actor=request.user, contact_email=form.cleaned_data["contact_email"]
        ),
    )
    if made is not None:
        return redirect("desk:application_fill", made.pk, "profile")
    return edit.page(request, "vetting/assist.html", form, {"business": business, "begun": begun})


def _withdraw_draft(request: HttpRequest, draft: Application, back: str) -> HttpResponse:
    """Ask, and take back what someone else has begun and not sent."""

    def withdraw_it() -> tuple[str, str]:
        services.withdraw_draft(application=draft, actor=request.user)
        return _("The draft is withdrawn."), back

    words = confirm.Question(
        question=_("Withdraw the draft of %(name)s?") % {"name": draft.applicant},
        explain=_(
            "They can’t go on with it. Their page says that it is withdrawn and asks them to call if they "
            "have questions. No mail goes out."
        ),
        confirm=_("Withdraw it"),
        back=back,
        danger=True,
    )
    return confirm.ask(request, words, withdraw_it)


def _small(
    request: HttpRequest,
    found: Application,
    form: forms.Form,
    act: Callable[[], Any],
    said: Callable[[], str],
) -> HttpResponse:
    """One of the small forms of an application's page: done, or the page again with what was typed.

    Args:
        request: the request; a GET, as after a sign-in on the way, leads to the page.
        found: the application.
        form: bound on a POST.
        act: calls the service, and gives its row.
        said: what is told when it was done.
    """
    if request.method == "POST" and edit.attempt(form, act) is None:
        return _page(request, get_application(request, found.pk), form)
    if request.method == "POST":
        messages.success(request, said())
    return redirect("desk:application", found.pk)


@requires("vetting.name_reviewers")
@require_http_methods(["GET", "POST"])
def reviewers(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a reviewer, or take it oneself."""
    found = get_application(request, pk, read=False)

    def name(reviewer: Any) -> Any:
        return services.assign_reviewer(application=found, reviewer=reviewer, actor=request.user)

    if "take" in request.POST:
        try:
            name(request.user)
        except Refused as error:
            return _say_refusal(request, pk, error)
        return redirect("desk:review", pk)
    form = ReviewerForm(request.POST, user=request.user, application=found)

    def said() -> str:
        return _("%(name)s is named as a reviewer.") % {"name": form.cleaned_data["reviewer"].display_name}

    return _small(request, found, form, lambda: name(form.cleaned_data["reviewer"]), said)


@requires("vetting.name_reviewers")
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose another track than the rule did."""
    found, form = get_application(request, pk, read=False), TrackForm(request.POST)
    return _small(
        request,
        found,
        form,
        lambda: services.choose_track(
            application=found, track=form.cleaned_data["track"], actor=request.user
        ),
        lambda: _("The track is set."),
    )


@requires("vetting.read_applications")
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the day an officer saw the business."""
    found, form = get_application(request, pk, read=False), VisitForm(request.POST)
    return _small(
        request,
        found,
        form,
        lambda: services.record_visit(
            application=found, visited_on=form.cleaned_data["visited_on"], actor=request.user
        ),
        lambda: _("The visit is noted. The owner sees its date."),
    )


@requires("vetting.read_applications")
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the owner for changes: a reason, the exact fields, a message."""
    found = get_application(request, pk)
    refusal = APPLICATION.refusal(found, "request_action", request.user)
    form = AskForm(request.POST or None, application=found)
    asked = edit.attempt(
        form,
        lambda: services.request_action(
            application=found,
            reason=form.cleaned_data["reason"],
            fields=form.cleaned_data["fields_"],
            message=form.cleaned_data["message"],
            actor=request.user,
        ),
    )
    if asked is not None:
        said = _("The owner is asked. Our clock stands still until they answer.")
        if found.by_phone:
            said = _("Noted. The owner has no email: call them. Our clock stands still until they answer.")
        return _done(request, pk, said)
    # What was typed stays on the page, also where someone else was quicker.
    closed = None if form.is_bound else refusal
    return edit.page(request, "vetting/ask.html", form, {**glance(found), "refusal": closed})


@requires("vetting.read_applications", "vetting.withdraw_application")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw on the owner's request."""
    found = get_application(request, pk)
    if (refusal := APPLICATION.refusal(found, "withdraw", request.user)) is not None:
        raise Refused(refusal)
    back = reverse("desk:application", args=[pk])

    def take_back() -> tuple[str, str]:
        services.withdraw_application(application=found, actor=request.user)
        return _("The application is withdrawn, and the owner gets it in writing."), back

    words = confirm.Question(
        question=_("Withdraw the application of %(name)s?") % {"name": found.organization},
        explain=_("Do this only when the owner asked for it. They get a mail that says so."),
        confirm=_("Withdraw it"),
        back=back,
        danger=True,
    )
    return confirm.ask(request, words, take_back)


@requires("vetting.read_applications")
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter of the last decision, to print for an owner without email."""
    found = get_application(request, pk)
    if (decision := papers.last_decision(found)) is None:
        return _say_refusal(request, pk, Refused(papers.NO_DECISION))
    words = papers.letter_of(found, decision)
    refusal = papers.LETTER.refusal(words)
    return render(request, "vetting/letter.html", {"application": found, "letter": words, "refusal": refusal})


@requires("vetting.read_applications")
@require_safe
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same letter as a PDF."""
    found = get_application(request, pk)
    try:
        return papers.letter_file(found)
    except Refused as error:
        messages.error(request, str(error.refusal.sentence))
        return redirect("desk:application_letter", pk)
