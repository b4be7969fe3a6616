"""The portal: joint events, and places for one's own businesses."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.access import requires, visible
from core.pages import edit
from core.pages.confirm import Question, ask

from . import guards, lists, services
from .emails import waitlist_rule
from .forms import BusinessPartyForm
from .models import Event, Registration
from .pages import mine, resize_page


@requires("core.use_portal")
@require_GET
def events(request: HttpRequest) -> HttpResponseBase:
    """What is on for partners and everyone, with what one's businesses have a place at."""
    return lists.FOR_OWNERS.respond(request)


@requires("core.use_portal")
@require_http_methods(["GET", "POST"])
def event_register(request: HttpRequest, slug: str) -> HttpResponse:
    """One event, with the form that registers a business, or what stands already."""
    rows: Any = visible(Event, request.user)
    event = get_object_or_404(rows.with_numbers().select_related("host", "area__parent"), slug=slug)
    closed = guards.may_register(event)
    standing = list(mine(request.user).filter(event=event))
    line = services.line_of(event) if any(each.status == "waitlisted" for each in standing) else {}
    for each in standing:
        each.event = event
        each.position = 0 if event.has_begun else line.get(each.pk, 0)  # type: ignore[attr-defined]  # for the template
        each.may_change = guards.may_change_place(each) is None  # type: ignore[attr-defined]
    typed = request.POST if request.method == "POST" else None
    form = BusinessPartyForm(typed, event=event, user=request.user)
    done = edit.attempt(
        form, lambda: services.register_business(event=event, user=request.user, **form.cleaned_data)
    )
    if done is not None:
        _say(request, done)
        return redirect("portal:event_register", slug=slug)
    own = any(each.user_id == request.user.pk for each in standing)
    # A form that was refused stays as it was typed, also where it would not be offered now.
    refused = edit.refusal_of(form) is not None
    left = refused or form.leave_out({each.business_id for each in standing if each.business_id})
    not_partners = form.not_partners
    context = {
        "event": event,
        "mine": standing,
        "refusal": None if refused else closed,
        "may_register": left and (refused or not own),
        "no_business": not left and not standing,
        "not_partners": ", ".join(each.name for each in not_partners),
        "partners_only": guards.PARTNERS_ONLY.sentence,
        "waitlist_rule": waitlist_rule(event),
    }
    return edit.page(request, "events/portal_event.html", form, context)


def _say(request: HttpRequest, done: Registration) -> None:
    if done.status == "registered":
        messages.success(
            request, _("%(business)s is registered. A mail is on its way.") % {"business": done.business}
        )
    else:
        messages.info(
            request,
            _("The event is full. %(business)s is number %(position)s on the waitlist.")
            % {"business": done.business, "position": services.position_of(done)},
        )


@requires("core.use_portal")
@require_http_methods(["GET", "POST"])
def event_resize(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring more or fewer people."""
    found = get_object_or_404(visible(Registration, request.user).select_related("event"), pk=pk)
    back = reverse("portal:event_register", args=[found.event.slug])
    return resize_page(request, found, user=request.user, base="portal/base.html", back=back)


@requires("core.use_portal")
@require_http_methods(["GET", "POST"])
def event_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a business's place: asked with its name, done by a POST."""
    rows = visible(Registration, request.user).select_related("event", "business")
    found = get_object_or_404(rows, pk=pk)
    back = reverse("portal:event_register", args=[found.event.slug])

    def cancel() -> tuple[str, str]:
        done = services.cancel_place(registration=found, actor=request.user)
        left, given_up = _("You left the waitlist."), _("Cancelled. The seats go to the next in line.")
        return left if done.status == "left" else given_up, back

    names = {"name": found.business.name if found.business else found.name, "event": found.event.title}
    if found.status == "waitlisted":
        words = Question(
            question=_("Take %(name)s off the waitlist?") % names,
            explain=_("%(event)s: whoever waits behind moves up.") % names,
            confirm=_("Leave the waitlist"),
            back=back,
            danger=True,
            base="portal/base.html",
        )
    else:
        words = Question(
            question=_("Cancel the registration of %(name)s?") % names,
            explain=_("%(event)s: the seats go to the next in line.") % names,
            confirm=_("Cancel the registration"),
            back=back,
            danger=True,
            base="portal/base.html",
        )
    return ask(request, words, cancel)
