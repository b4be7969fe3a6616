"""What an owner sends after the application: answers to a request for changes, and an appeal.

Owners do it themselves; for one without email the officer who sits with them does it at the desk.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from core.access import Refused, requires, visible
from core.links import web_address
from core.pages import edit
from core.workflow import StaleMove

from . import fields, guards, sentences, services
from .choices import Status
from .forms import AppealForm, RequestForm
from .models import Application
from .pages import DESK, PORTAL, Place, keep_evidence, keep_the_rest, too_late, unsaved_words
from .workflow import APPLICATION


@requires("vetting.apply")
def portal_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner answers."""
    return _answer(request, pk, PORTAL)


@requires("vetting.assist_application")
def desk_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The officer who filled it in answers with the owner."""
    return _answer(request, pk, DESK)


@requires("vetting.apply")
def portal_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner asks for another look."""
    return _appeal(request, pk, PORTAL)


@requires("vetting.assist_application")
def desk_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """An officer notes the appeal of an owner without email."""
    return _appeal(request, pk, DESK)


def _seen(request: HttpRequest, pk: int) -> Application:
    rows = visible(Application, request.user).select_related(
        "organization__lead_officer", "criteria_version", "applicant"
    )
    return get_object_or_404(rows, pk=pk)


def _answer(request: HttpRequest, pk: int, place: Place) -> HttpResponse:
    """Only the parts that were asked for; save for later, or send."""
    application = _seen(request, pk)
    open_request = application.action_requests.waiting().first()
    closed = application.status != Status.ACTION_NEEDED or open_request is None
    if closed and request.method == "POST":
        open_request = application.action_requests.order_by("pk").last()
    if open_request is None or (closed and request.method != "POST"):
        return redirect(place.done_url(application))
    if not closed and (found := guards.may_edit(request.user, application)) is not None:
        raise Refused(found)
    later = request.POST.get("action") == "later"
    form = RequestForm(
        request.POST or None,
        request.FILES or None,
        instance=application,
        request=open_request,
        user=request.user,
        complete=not later,
    )

    if closed:
        if not unsaved_words(form, application):  # the same answers once more
            return redirect(place.done_url(application))
        return too_late(request, application, guards.SENT_ALREADY, place, form)

    def save() -> Application:
        return services.save_step(
            application=application,
            actor=request.user,
            values=form.profile,
            answers=form.answers,
            seen=form.seen,
        )

    def keep() -> HttpResponse | None:
        form.carry(save())
        if not keep_evidence(application, form, request.user):
            return None
        if not later:
            services.submit_application(application=application, actor=request.user)
        said = _("Saved. Send it when you are ready.") if later else _("Thank you. Your answers are sent.")
        messages.success(request, said)
        return redirect(place.done_url(application))

    try:
        answer = edit.attempt(form, keep, leave=(StaleMove,))
    except StaleMove as error:
        return too_late(request, application, error.refusal, place, form)
    if answer is not None:
        return answer
    if form.is_bound:
        if later:
            keep_the_rest(request, form, save)
        keep_evidence(application, form, request.user)
    return edit.page(
        request,
        "vetting/answer.html",
        form,
        {
            "base": place.base,
            "done_url": place.done_url(application),
            "application": application,
            "open_request": open_request,
            "evidence": [
                (item, web_address(item.url) or place.file_url(item))
                for item in application.evidence.select_related("criterion")
                if f"{fields.EVIDENCE}{item.criterion.code}" in open_request.fields
            ],
        },
    )


def _appeal(request: HttpRequest, pk: int, place: Place) -> HttpResponse:
    """Once, within 30 days, in the owner's words."""
    application = _seen(request, pk)
    form = AppealForm(request.POST or None)
    if (found := APPLICATION.refusal(application, "appeal", request.user)) is not None:
        return too_late(request, application, found, place, form)
    try:
        done = edit.attempt(
            form,
            lambda: services.appeal_decision(
                application=application, actor=request.user, text=form.cleaned_data["text"]
            ),
            leave=(StaleMove,),
        )
    except StaleMove as error:
        return too_late(request, application, error.refusal, place, form)
    if done is not None:
        messages.success(request, _("The appeal is sent. Other officers and another supervisor look at it."))
        return redirect(place.done_url(application))
    return edit.page(
        request,
        "vetting/appeal.html",
        form,
        {
            "base": place.base,
            "done_url": place.done_url(application),
            "application": application,
            "until": sentences.last_appeal_day(application),
        },
    )
