"""The desk's pages of places that may stand in the registry twice."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import Refused, refusal, requires
from core.pages.confirm import Question, ask

from . import jobs_of_duplicates, lists_duplicates, services
from .duplicates import reasons
from .duplicates.side_by_side import lines
from .merging.rules import better_first
from .models import DuplicatePair
from .workflow import PAIR

MERGED = DuplicatePair.Status.MERGED


@requires("core.write_desk")
@require_safe
def duplicates(request: HttpRequest) -> HttpResponseBase:
    """Pairs to be looked at, the likeliest first; settled ones on request."""
    settled = request.GET.get("show") == "settled"
    return (lists_duplicates.SETTLED if settled else lists_duplicates.OPEN).respond(request)


@requires("businesses.find_duplicates")
@require_http_methods(["GET", "POST"])
def duplicates_find(request: HttpRequest) -> HttpResponse:
    """Have the whole registry looked through, after a question."""

    def find() -> tuple[str, str]:
        return "", jobs_of_duplicates.ask_for_duplicates(actor=request.user).get_absolute_url()

    words = Question(
        question=_("Look through the whole registry now?"),
        explain=_("It happens every night by itself. It takes some minutes, and you can go on meanwhile."),
        confirm=_("Look for duplicates"),
        back=reverse("desk:duplicates"),
        keep=_("Go back"),
    )
    return ask(request, words, find)


@requires("core.write_desk")
@require_safe
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Two places side by side, with the reasons."""
    pair = lists_duplicates.pair_of(request, pk)
    stays, _gone = better_first(pair.one, pair.other)
    context = {
        "pair": pair,
        "reasons": reasons.said(pair.reasons),
        "lines": lines(pair.one, pair.other),
        "stays": "one" if stays == pair.one else "other",
        "may_merge": refusal(request.user, "businesses.merge_records") is None and pair.status != MERGED,
        "dismissable": PAIR.refusal(pair, "dismiss", request.user) is None,
    }
    return render(request, "businesses/duplicate.html", context)


@requires("core.write_desk", "businesses.judge_duplicate")
@require_http_methods(["GET", "POST"])
def duplicate_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that they are two places, after a question."""
    pair = lists_duplicates.pair_of(request, pk)
    names = {"one": pair.one.name, "other": pair.other.name}

    def dismiss() -> tuple[str, str]:
        services.dismiss_pair(pair=pair, actor=request.user)
        return _("Noted: %(one)s and %(other)s are two places.") % names, reverse("desk:duplicates")

    words = Question(
        question=_("Are %(one)s and %(other)s two places?") % names,
        explain=_("Then nobody is asked about them again. You find the pair among the settled ones."),
        confirm=_("Two places"),
        back=reverse("desk:duplicate", args=[pk]),
        keep=_("Go back"),
    )
    return ask(request, words, dismiss, refusal=PAIR.refusal(pair, "dismiss", request.user))


@requires("core.write_desk", "businesses.judge_duplicate")
@require_http_methods(["POST"])
def duplicate_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take "not a duplicate" back."""
    pair = lists_duplicates.pair_of(request, pk)
    try:
        services.reopen_pair(pair=pair, actor=request.user)
    except Refused as error:
        messages.error(request, str(error.refusal.sentence))
    else:
        messages.success(request, _("The pair is to be looked at again."))
    return redirect("desk:duplicate", pk)
