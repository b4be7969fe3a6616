"""The desk: what people claim, and who speaks for a business."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import refusal, requires, visible
from core.pages import edit
from core.pages.confirm import Question, ask

from . import forms, lists, services
from .models import Business, Claim
from .twins import twins_of
from .workflow import CLAIM


@requires("core.write_desk")
@require_safe
def claims(request: HttpRequest) -> HttpResponseBase:
    """Claims to be verified, the oldest first; settled ones on request."""
    return (lists.SETTLED if request.GET.get("show") == "settled" else lists.WAITING).respond(request)


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: what is on record, what the claimant says, verify or refuse."""
    found = _claim(request, pk)
    sites: Any = visible(Business, request.user).filter(organization=found.business.organization_id)
    alike = twins_of(found.business, request.user)
    refusing = "refuse" in request.POST
    verify = forms.VerifyClaimForm(
        request.POST if "verify" in request.POST else None,
        initial=_asked_for(request, found),
        claim=found,
        sites=sites,
        owners=services.owners_beside(found),
        alike=bool(alike),
    )
    refuse = forms.RefuseClaimForm(request.POST if refusing else None)

    def settle_as_theirs() -> Any:
        services.verify_claim(
            claim=found,
            actor=request.user,
            sites=verify.chosen_sites,
            beside=verify.cleaned_data.get("beside") or (),
            method=verify.cleaned_data["method"],
        )
        return _told(found, _("{person} now speaks for {business}."))

    def settle_as_not_theirs() -> Any:
        services.refuse_claim(claim=found, actor=request.user, reason=refuse.cleaned_data["reason"])
        return _told(found, _("Refused. {person} gets your reason by mail."))

    said = edit.attempt(verify, settle_as_theirs) or edit.attempt(refuse, settle_as_not_theirs)
    if said is not None:
        messages.success(request, said, extra_tags="safe")
        return redirect(_way_back(request))
    sent = refuse if refusing else verify
    in_the_way = edit.refusal_of(sent)
    if in_the_way is not None:  # as it stands by now: someone may have been quicker
        found = _claim(request, pk)
    others: Any = visible(Claim, request.user)
    context = {
        "claim": found,
        "business": found.business,
        "verify": verify,
        "refuse": refuse,
        "in_the_way": in_the_way,
        "kept": [refuse.cleaned_data["reason"] if refusing else verify.method_chosen] if in_the_way else [],
        "blocked": refusal(request.user, "businesses.settle_claim", found),
        "others": others.filter(business=found.business_id).exclude(pk=pk).select_related("user"),
        "alike": alike,
        "reopen_blocked": CLAIM.refusal(found, "reopen", request.user),
    }
    return edit.page(request, "businesses/desk_claim.html", sent, context)


def _way_back(request: HttpRequest) -> str:
    """The page of the desk that led here, such as an application's; else the list of claims."""
    asked = request.GET.get("back", "")
    at_the_desk = asked.startswith("/desk/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if at_the_desk else reverse("desk:claims")


def _asked_for(request: HttpRequest, claim: Claim) -> dict[str, Any]:
    """The places that an application named in the address is for, chosen when the page opens."""
    sites = {int(each) for each in request.GET.getlist("site") if each.isdecimal() and len(each) < 19}
    sites.discard(claim.business_id)
    if request.GET.get("reach") == "all":
        return {"reach": "all"}
    return {"reach": "some", "sites": sorted(sites)} if sites else {}


def _told(claim: Claim, sentence: str) -> Any:
    """What was done, with the way to the business."""
    return format_html(
        sentence + ' <a href="{url}">{way}</a>',
        person=claim.user.display_name,
        business=claim.business.name,
        url=reverse("desk:business", args=[claim.business_id]),
        way=_("To the business"),
    )


@requires("core.write_desk", "businesses.settle_claim")
@require_http_methods(["GET", "POST"])
def claim_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the refusal of a claim back, after a question."""
    found = _claim(request, pk)
    back = reverse("desk:claim", args=[pk])

    def reopen() -> tuple[str, str]:
        services.reopen_claim(claim=found, actor=request.user)
        return _("The claim waits to be verified again. They get a mail."), back

    words = Question(
        question=_("Take the refusal of %(name)s back?") % {"name": found.user.display_name},
        explain=_("Their claim waits to be verified again, and they get a mail that says so."),
        confirm=_("Take it back"),
        back=back,
    )
    return ask(request, words, reopen, refusal=CLAIM.refusal(found, "reopen", request.user))


@requires("core.write_desk", "businesses.withdraw_claim")
@require_http_methods(["GET", "POST"])
def claim_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a claim back for the claimant who asked for it, after a question."""
    found = _claim(request, pk)
    back = reverse("desk:claim", args=[pk])

    def withdraw() -> tuple[str, str]:
        services.withdraw_claim(claim=found, actor=request.user)
        return _("The claim is taken back. No mail goes out."), back

    words = Question(
        question=_("Take the claim of %(name)s back for them?") % {"name": found.user.display_name},
        explain=_("Only when they asked for it. They can claim the business again. No mail goes out."),
        confirm=_("Take it back"),
        back=back,
        keep=_("Keep the claim"),
        danger=True,
    )
    return ask(request, words, withdraw, refusal=CLAIM.refusal(found, "withdraw", request.user))


def _claim(request: HttpRequest, pk: int) -> Claim:
    return get_object_or_404(
        visible(Claim, request.user).select_related(
            "business__organization", "business__area__parent", "business__industry", "user", "settled_by"
        ),
        pk=pk,
    )
