"""The owner's pages: find a business, see where the application stands, answer, withdraw, appeal."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import Refused, requires, visible
from core.links import web_address
from core.pages import edit
from core.pages.confirm import Question, ask
from partnerships.businesses.models import Business, Claim
from partnerships.businesses.services import add_business
from partnerships.vetting.models import Application, Evidence

from . import fields, guards, papers, sentences, services
from .choices import Status
from .forms import AddBusinessForm, ClaimForm, DeclarationForm
from .letters import opening
from .pages import PORTAL, too_late
from .workflow import APPLICATION, CONDITION

FOUND = 20  # results shown; a search that finds more asks for another word


@requires("vetting.apply")
def start(request: HttpRequest) -> HttpResponse:
    """Find your business by name and street; or go on with an application that is open."""
    text = request.GET.get("q", "").strip()[:200]
    known = Business.objects.on_record().search(text).best_first(text) if text else Business.objects.none()
    found: list[Any] = list(known[: FOUND + 1])
    rows: Any = visible(Application, request.user)
    mine = rows.open().select_related("organization")
    places: Any = visible(Business, request.user)
    theirs = set(places.filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True))
    for each in found:
        each.taken = each.taken and each.pk not in theirs
    own = places.may_apply().order_by("name_key", "pk")
    return render(
        request,
        "vetting/start.html",
        {
            "q": text,
            "found": found[:FOUND],
            "more": len(found) > FOUND,
            "partly": known.lacks_words,
            "mine": mine,
            "own": own.exclude(organization__in=mine.values("organization"))[:FOUND],
            "steps": sentences.wizard_steps(None, "business"),
        },
    )


@requires("vetting.apply")
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """ "This is my business": say how, and begin."""
    business = visible(Business, request.user).filter(pk=pk).first()
    if business is None:
        business = get_object_or_404(Business.objects.claimable("", request.user), pk=pk)
    form = ClaimForm(request.POST or None)
    begun: set[int] = set()
    if form.is_bound:
        own: Any = visible(Application, request.user)
        begun = set(own.open().filter(organization=business.organization_id).values_list("pk", flat=True))
    application = edit.attempt(
        form,
        lambda: services.start_application(
            business=business, actor=request.user, note=form.cleaned_data["note"]
        ),
    )
    if application is not None:
        claims = visible(Claim, request.user).filter(business=business, note=form.cleaned_data["note"])
        if application.pk in begun and not claims.exists():
            # Another window was quicker, and what was said there is what the officer reads.
            return too_late(request, application, guards.BEGUN_ALREADY, PORTAL, form)
        if application.status == Status.DRAFT:
            return redirect("portal:application_step", application.pk, "profile")
        if guards.claim_state(application) == "claimed":
            messages.success(
                request, _("We have your claim. An officer checks it; your application waits for it.")
            )
        return redirect("portal:application_status", application.pk)
    steps = sentences.wizard_steps(None, "business")
    return edit.page(request, "vetting/claim.html", form, {"business": business, "steps": steps})


@requires("vetting.apply")
def add(request: HttpRequest) -> HttpResponse:
    """A business that is not in the registry: look for the like once more, then add it and begin."""
    form = AddBusinessForm(request.POST or None, initial={"name": request.GET.get("name", "")[:200]})

    def make() -> str:
        values = {
            name: value for name, value in form.cleaned_data.items() if name not in ("sure", "form_key")
        }
        business = add_business(actor=request.user, **values)
        application = services.start_application(business=business, actor=request.user)
        return reverse("portal:application_step", args=[application.pk, "profile"])

    alike: list[Business] = []
    if form.is_bound and form.is_valid() and not form.cleaned_data["sure"]:
        alike = _alike(form.cleaned_data)
    if alike:
        typed = request.POST.copy()
        typed["sure"] = "on"
        form.data = typed
    elif (done := edit.attempt(form, lambda: form.once(request, make))) is not None:
        return redirect(done[0])
    steps = sentences.wizard_steps(None, "business")
    return edit.page(request, "vetting/add_business.html", form, {"alike": alike, "steps": steps})


def _alike(typed: dict[str, Any]) -> list[Business]:
    """A few places that might be the one typed in, also those that someone speaks for."""
    like = Business.objects.like(typed["name"], typed["street"])
    known = set(like.values_list("pk", flat=True)[:FOUND])
    return list(Business.objects.on_record().filter(pk__in=known)[:5])


def _own(request: HttpRequest, pk: int) -> Application:
    rows = visible(Application, request.user).select_related(
        "organization__lead_officer", "criteria_version", "applicant"
    )
    return get_object_or_404(rows, pk=pk)


@requires("vetting.apply")
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands, what we need from the owner, who their officer is. Nothing of the reviews."""
    application = _own(request, pk)
    letters = [
        {
            "opening": opening(application.organization.name, each.outcome),
            "letter": each.letter,
            "reasons": each.reasons,
            "decided_at": each.decided_at,
            "outcome": each.outcome,
        }
        for each in application.decisions.all()
    ]
    moves = {move.name: refusal for move, refusal in APPLICATION.available(application, request.user)}
    open_request = application.action_requests.waiting().first()
    may_edit = guards.may_edit(request.user, application)
    site = application.sites.select_related("area__parent").order_by("pk").first()
    gaps = fields.missing(application) if application.status == Status.DRAFT else []
    # The first step with something missing, else the last one.
    resume = gaps[0].step if gaps else "declaration"
    return render(
        request,
        "vetting/status.html",
        {
            "application": application,
            "asked": sentences.asked_labels(application),
            "open_request": open_request,
            "missing": gaps,
            "resume_url": PORTAL.step_url(application, resume),
            "entries": sentences.owner_timeline(application),
            "letters": letters,
            "told": APPLICATION.tells(application),
            "conditions": [
                {"row": each, "told": CONDITION.tells(each)} for each in application.conditions.all()
            ],
            "claim": guards.claim_state(application),
            "sent": application.first_submitted_at and may_edit is not guards.NOT_YOURS,
            "may_edit": may_edit,
            "withdraw": "withdraw" in moves,
            "withdraw_refusal": moves.get("withdraw"),
            "appeal": "appeal" in moves,
            "appeal_refusal": moves.get("appeal"),
            "appeal_until": sentences.last_appeal_day(application),
            "officer": application.organization.lead_officer,
            "site": site,
            "area": site.area if site else None,
        },
    )


@requires("vetting.apply")
@require_safe
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """What the owner sent, with its files, to be read."""
    application = _own(request, pk)
    if application.first_submitted_at is None:
        return redirect("portal:application_status", pk)
    if not guards.speaks_for(request.user, application):
        raise Refused(guards.OWNERS_ONLY)
    statements: Any = DeclarationForm.Meta.labels
    answered = application.action_requests.exclude(answered_at=None).order_by("answered_at").last()
    return render(
        request,
        "vetting/sent.html",
        {
            "application": application,
            "done_url": PORTAL.done_url(application),
            "parts": [
                (each, [(item, _opens(item)) for item in each.evidence]) for each in fields.sent(application)
            ],
            "declared": [label for name, label in statements.items() if getattr(application, name) is True],
            "answered_at": answered.answered_at if answered else None,
            "is_over": not application.is_open,
        },
    )


def _opens(item: Evidence) -> str:
    """The address of a file, or the one that a link gives."""
    return web_address(item.url) or PORTAL.file_url(item)


@requires("vetting.apply")
@require_safe
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The letter of the last decision as a PDF."""
    application = _own(request, pk)
    try:
        return papers.letter_file(application)
    except Refused as error:
        messages.error(request, str(error.refusal.sentence))
        return redirect("portal:application_status", pk)


@requires("vetting.apply", "vetting.withdraw_application")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the application back, after a question."""
    application = _own(request, pk)
    if (found := APPLICATION.refusal(application, "withdraw", request.user)) is not None:
        return too_late(request, application, found, PORTAL)
    back = reverse("portal:application_status", args=[pk])

    def take_back() -> tuple[str, str]:
        services.withdraw_application(application=application, actor=request.user)
        return _("Your application is withdrawn. You can apply again at any time."), back

    words = Question(
        question=_("Withdraw the application of %(name)s?") % {"name": application.organization},
        explain=_(
            "The review ends, and a claim of the business that we have not settled ends with it. "
            "What you wrote is kept on file, and you can apply again at any time."
        ),
        confirm=_("Withdraw it"),
        back=back,
        danger=True,
        base="portal/base.html",
    )
    late = partial(too_late, request, application, place=PORTAL)
    return ask(request, words, take_back, too_late=late)
