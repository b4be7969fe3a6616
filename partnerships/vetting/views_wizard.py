"""The steps of an application, for an owner and for the officer who fills it in with them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from core.access import requires, visible
from core.links import web_address
from core.pages import edit

from . import fields, guards, sentences, services
from .forms import AnswerForm, DeclarationForm, ProfileForm
from .models import Application, SelectionCriterion
from .pages import DESK, PORTAL, Place, keep_evidence, keep_the_rest, too_late, unsaved_words


@requires("vetting.apply")
def portal_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """A step, for the owner."""
    return _step(request, pk, step, PORTAL)


@requires("vetting.assist_application")
def desk_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """A step, for the officer who sits with the owner."""
    return _step(request, pk, step, DESK)


def _step(request: HttpRequest, pk: int, step: str, place: Place) -> HttpResponse:
    rows = visible(Application, request.user).select_related("organization", "criteria_version", "applicant")
    application = get_object_or_404(rows, pk=pk)
    if not application.is_draft and request.method != "POST":
        return redirect(place.done_url(application))
    criteria = fields.criteria_of(application)
    order = ["profile", *(each.code for each in criteria), "declaration"]
    if step not in order:
        raise Http404
    here = order.index(step)
    check = step != "declaration" and "check" in request.GET
    end = place.step_url(application, "declaration")
    walk = _Walk(
        request=request,
        application=application,
        place=place,
        step=step,
        before=place.step_url(application, order[here - 1]) if here and not check else "",
        after=end if check else place.step_url(application, order[here + 1]) if step != order[-1] else "",
        check=check,
    )
    if step == "profile":
        return _profile(walk)
    if step == "declaration":
        return _declaration(walk)
    return _criterion(walk, criteria, criteria[here - 1])


@dataclass
class _Walk:
    """A step on the way.

    Attributes:
        before: the address of the step before; "" where the page leads back to the last one alone.
        after: where "Save" leads.
        check: it was opened from the page before sending, and leads back there.
    """

    request: HttpRequest
    application: Application
    place: Place
    step: str
    before: str
    after: str
    check: bool

    @property
    def later(self) -> bool:
        """Save what is there and leave; nothing is required yet."""
        return self.request.POST.get("action") in ("later", "back", "add") or "remove" in self.request.POST

    def onward(self) -> HttpResponse:
        """Where the button led."""
        action = self.request.POST.get("action")
        if action == "later":
            messages.success(self.request, _("Saved. Come back any time; everything is kept."))
            return redirect(self.place.done_url(self.application))
        if action == "back" and self.before:
            return redirect(self.before)
        if action == "add" or "remove" in self.request.POST:
            return redirect(self.place.step_url(self.application, self.step, check=self.check))
        return redirect(self.after)

    def closed(self, form: BaseForm) -> HttpResponse | None:
        """The answer to what is typed into an application that was sent or withdrawn meanwhile."""
        self.application.refresh_from_db(fields=["status"])
        if self.application.is_draft:
            return None
        if not unsaved_words(form, self.application):  # the same page once more
            return redirect(self.place.done_url(self.application))
        return too_late(self.request, self.application, guards.SENT_ALREADY, self.place, form)

    def page(self, template: str, current: str, form: BaseForm, **context: Any) -> HttpResponse:
        """Draw the step."""
        if form.is_bound and (answer := self.closed(form)) is not None:
            return answer
        return edit.page(
            self.request,
            template,
            form,
            {
                "base": self.place.base,
                "application": self.application,
                "steps": sentences.wizard_steps(self.application, current),
                "before": self.before,
                "check": self.check,
                "done_url": self.place.done_url(self.application),
                "assisting": self.place is DESK,
                **context,
            },
        )


def _profile(walk: _Walk) -> HttpResponse:
    form = ProfileForm(
        walk.request.POST or None,
        instance=walk.application,
        user=walk.request.user,
        complete=not walk.later,
    )

    def save() -> Application:
        values = form.values()
        return services.save_step(
            application=walk.application,
            actor=walk.request.user,
            sites=values.pop("sites", None),
            values=values,
            seen=form.seen,
        )

    if edit.attempt(form, save) is not None:
        return walk.onward()
    if walk.later:
        keep_the_rest(walk.request, form, save)
    return walk.page("vetting/step_profile.html", "profile", form)


def _criterion(
    walk: _Walk, criteria: list[SelectionCriterion], criterion: SelectionCriterion
) -> HttpResponse:
    request, application = walk.request, walk.application
    form = AnswerForm(
        request.POST or None,
        request.FILES or None,
        instance=application,
        criterion=criterion,
        complete=not walk.later,
    )

    def save() -> Application:
        text = form.cleaned_data.get("text")
        return services.save_step(
            application=application,
            actor=request.user,
            answers={} if text is None else {criterion.code: text},
            seen=form.seen,
        )

    def keep() -> HttpResponse | None:
        form.carry(save())
        if "remove" in request.POST:
            mine = application.evidence.filter(criterion=criterion)
            pk = request.POST["remove"]
            item = mine.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
            if item is not None:
                services.remove_evidence(item=item, actor=request.user)
        return walk.onward() if keep_evidence(application, form, request.user) else None

    answer = edit.attempt(form, keep)
    if answer is not None:
        return answer
    if form.is_bound:
        if walk.later:
            keep_the_rest(request, form, save)
        keep_evidence(application, form, request.user)
    number = criteria.index(criterion) + 1
    return walk.page(
        "vetting/step_criterion.html",
        "criteria",
        form,
        criterion=criterion,
        number=number,
        total=len(criteria),
        evidence=[
            (item, web_address(item.url) or walk.place.file_url(item))
            for item in application.evidence.filter(criterion=criterion)
        ],
    )


def _declaration(walk: _Walk) -> HttpResponse:
    request, application = walk.request, walk.application
    form = DeclarationForm(request.POST or None, instance=application)
    if request.method == "POST" and request.POST.get("action") in ("later", "back"):
        return walk.onward()

    def send() -> HttpResponse:
        declared = services.declare(
            application=application,
            actor=request.user,
            true=form.cleaned_data["declared_true"],
            no_effect_on_response=form.cleaned_data["declared_response"],
            records_may_be_public=form.cleaned_data["declared_records"],
            confirmed_name=form.cleaned_data.get("confirmed_name", ""),
        )
        form.carry(declared)
        services.submit_application(application=application, actor=request.user)
        messages.success(request, _("Your application is sent. Thank you."))
        return redirect(walk.place.done_url(application))

    answer = edit.attempt(form, send)
    if answer is not None:
        return answer
    saved = Application.objects.visible_to(request.user).get(pk=application.pk)
    gaps = fields.missing(saved)
    return walk.page(
        "vetting/step_declaration.html",
        "declaration",
        form,
        parts=answered_parts(saved, walk.place, gaps),
        missing=gaps,
    )


def answered_parts(application: Application, place: Place, gaps: list[fields.Part]) -> list[dict[str, Any]]:
    """Every part with what was said and where to change it, for the page before sending."""
    said, wanted = fields.snapshot(application), fields.parts(application)
    if fields.places_of(application).count() > 1:
        wanted.insert(0, fields.SITES)
        said[fields.SITES.key] = "\n".join(f"{site.name}, {site.address}" for site in application.sites.all())
    return [
        {
            "part": part,
            "text": said[part.key],
            "url": place.step_url(application, part.step, check=True),
            "missing": part in gaps,
        }
        for part in wanted
        if part.required or said[part.key] or not part.key.startswith(fields.EVIDENCE)
    ]
