"""The supervisor's decision, in three steps: choose the outcome, write its letter, look at it and send it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.reauth import fresh
from core import audit
from core.access import Refusal, requires
from core.mail.desk.page import without_secrets
from core.pages import edit
from core.pages.errors import status_of
from core.workflow import StaleMove

from . import guards, services
from .choices import Outcomes, Status
from .forms import DecisionForm
from .judgement import outcome_of
from .letters import draft_letter
from .models import Application
from .pages import all_in, get_application, glance, side_by_side
from .workflow import APPLICATION


@requires("vetting.decide_application")
@fresh
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the outcome, write its letter, see the letter; only from there is it decided and sent."""
    application = get_application(request, pk)
    refusal = guards.may_decide(request.user, application) if application.status == Status.IN_REVIEW else None
    if request.method == "POST" and application.status != Status.IN_REVIEW:
        # Someone was faster: the same page and code as in a true race.
        refusal = APPLICATION.refusal(application, "decline", request.user)
    if refusal is not None or application.status != Status.IN_REVIEW:
        return _closed(request, application, refusal)
    audit.record("vetting.reviews_read", application)
    given = request.POST if request.method == "POST" else request.GET
    chosen = given.get("outcome", "")
    if chosen not in Outcomes.values:
        return _page(request, application, chosen="", form=DecisionForm())
    if request.method != "POST":
        form = DecisionForm(initial={"outcome": chosen, "letter": draft_letter(application, chosen)})
        return _page(request, application, chosen=chosen, form=form)
    return _posted(request, application, chosen)


def _posted(request: HttpRequest, application: Application, chosen: str) -> HttpResponse:
    """Preview the letter, go back to it, or decide, with the same checks before each."""
    form = DecisionForm(request.POST)
    action = request.POST.get("action")
    if action in ("preview", "decide"):

        def go_on() -> HttpResponse:
            given = form.cleaned_data
            decision: dict[str, Any] = {
                "application": application,
                "outcome": chosen,
                "letter": given["letter"],
                "reason_codes": given["reason_codes"] if chosen == Outcomes.DECLINED else [],
                "override_reason": "" if chosen == Outcomes.DECLINED else given["override_reason"],
                "conditions": form.conditions,
            }
            if action == "preview":
                return _preview(request, form, decision)
            services.decide_application(actor=request.user, **decision)
            said = _("Decided. The letter is on its way to the owner.")
            if application.by_phone:
                said = _("Decided. The owner has no email: call them, and print the letter.")
            messages.success(request, said)
            return redirect("desk:application", application.pk)

        try:
            answer = edit.attempt(form, go_on, leave=(StaleMove,))
        except StaleMove as late:
            return _closed(request, get_application(request, application.pk), late.refusal)
        if answer is not None:
            return answer
    return _page(request, application, chosen=chosen, form=form)


def _closed(request: HttpRequest, application: Application, refusal: Refusal | None) -> HttpResponse:
    """Why there is nothing to decide now, or not by this user; what was written can be copied."""
    return render(
        request,
        "vetting/decide_closed.html",
        {
            **glance(application),
            "refusal": refusal,
            "kept": [request.POST[name] for name in ("letter", "override_reason") if request.POST.get(name)],
        },
        status=status_of(refusal) if refusal is not None and request.method == "POST" else 200,
    )


def _page(request: HttpRequest, application: Application, *, chosen: str, form: DecisionForm) -> HttpResponse:
    """The reviews and the outcomes to choose from; with an outcome chosen, its letter."""
    reviews = all_in(request, application)
    address = reverse("desk:decide", args=[application.pk])
    blocked = guards.may_approve(request.user, application, override_reason="asked below")
    unmet = guards.unmet(application)
    # An approval below the minimum is refused without it, so the page doesn't call it optional.
    form.fields["override_reason"].required = unmet is not None
    return render(
        request,
        "vetting/decide.html",
        {
            **glance(application),
            "lines": side_by_side(application, reviews),
            "reviews": reviews,
            "outcome": outcome_of(application),
            "form": form,
            "unmet": unmet,
            "approve_refusal": blocked,
            "outcomes": [
                (value, label, f"{address}?outcome={value}", None if value == Outcomes.DECLINED else blocked)
                for value, label in Outcomes.choices
            ],
            "chosen": chosen,
            "chosen_label": Outcomes(chosen).label if chosen else "",
        },
        status=edit.answer_of(form),
    )


def _preview(request: HttpRequest, form: DecisionForm, decision: dict[str, Any]) -> HttpResponse:
    """What the owner gets, word for word, and the one button that decides."""
    answer = services.rehearse_decision(decider=request.user, **decision)
    application, outcome = decision["application"], decision["outcome"]
    name = {"name": application.organization.name}
    questions = {
        Outcomes.APPROVED: _("Approve %(name)s?"),
        Outcomes.APPROVED_WITH_CONDITIONS: _("Approve %(name)s with conditions?"),
        Outcomes.DECLINED: _("Decline %(name)s?"),
    }
    buttons = {
        Outcomes.APPROVED: _("Approve and send the letter"),
        Outcomes.APPROVED_WITH_CONDITIONS: _("Approve with conditions and send the letter"),
        Outcomes.DECLINED: _("Decline and send the letter"),
    }
    return render(
        request,
        "vetting/decide_preview.html",
        {
            "application": application,
            "form": form,
            "question": questions[outcome] % name,
            # An owner without email gets the letter in the hand; nothing is sent.
            "button": Outcomes(outcome).label if application.by_phone else buttons[outcome],
            "declines": outcome == Outcomes.DECLINED,
            "override": decision["override_reason"],
            "letter": answer.letter,
            "mail": answer.mail,
            # What acts for the owner is not for the desk to read.
            "text": without_secrets(answer.mail.text) if answer.mail else "",
        },
    )
