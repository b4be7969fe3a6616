"""The desk: the list of events, one event, and its making."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import words
from core.access import check, refusal, requires, visible
from core.pages import edit
from core.pages.confirm import Question, ask
from core.pages.moves import Moves

from . import guards, lists, rules, services
from .emails import waitlist_rule
from .forms import CancelForm, EnterForm, EventForm
from .models import Event, PhoneCall, Registration
from .pages import find, resize_page, told_words
from .workflow import EVENT


@requires("core.use_desk")
@require_GET
def events(request: HttpRequest) -> HttpResponseBase:
    """What is coming."""
    return lists.UPCOMING.respond(request)


@requires("core.use_desk")
@require_GET
def events_past(request: HttpRequest) -> HttpResponseBase:
    """What was."""
    return lists.PAST.respond(request)


@requires("core.use_desk")
@require_GET
def events_drafts(request: HttpRequest) -> HttpResponseBase:
    """What nobody else sees yet."""
    return lists.DRAFTS.respond(request)


@requires("core.use_desk")
@require_GET
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event: numbers, the next steps, who is registered and who waits."""
    found = find(request, pk)
    steps = MOVES.offered(found, request.user)
    sees_names = refusal(request.user, "events.see_attendees", found) is None
    shown: list[Registration] = []
    waiting: list[Registration] = []
    more = 0
    calls: list[PhoneCall] = []
    if sees_names:
        rows: Any = visible(Registration, request.user).filter(event=found).select_related("business")
        seated = rows.seated().order_by("confirmed_at", "pk")
        shown, more = list(seated[:50]), max(found.parties - 50, 0)
        waiting = list(rows.waiting().with_passes()[:100])
        to_call: Any = visible(PhoneCall, request.user).filter(registration__event=found)
        calls = list(to_call.told_of().select_related("registration", "done_by")[:100])
    may_write = refusal(request.user, "core.write_desk", found) is None
    line = rules.places_in_line((rules.Waiting(each.pk, each.party_size) for each in waiting), found.capacity)
    for each in waiting:
        each.place = 0 if found.never_seats(each.party_size) else line[each.pk]  # type: ignore[attr-defined]
    for each in (*shown, *waiting):
        each.event = found
        each.may_change = may_write and guards.may_change_place(each) is None  # type: ignore[attr-defined]
    context = {
        "event": found,
        "publish": [each for each in steps if each.name == "publish"],
        "steps": [each for each in steps if each.name != "publish"],
        "may_write": may_write,
        "may_edit": may_write and guards.may_edit(found) is None,
        "may_change": any(each.may_change for each in shown),  # type: ignore[attr-defined]  # just set
        "sees_names": sees_names,
        "registrations": shown,
        "more": more,
        "waiting": waiting,
        "calls": calls,
        "passed_over": found.small_may_pass and any(each.passed for each in waiting),
        "register_refusal": guards.may_register(found),
        "attendance_refusal": guards.may_take_attendance(found),
        "waitlist_rule": waitlist_rule(found),
        "over_by": max(found.people - (found.capacity or found.people), 0),
    }
    return render(request, "events/desk_event.html", context)


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def event_add(request: HttpRequest) -> HttpResponse:
    """Make a draft."""
    form = EventForm(request.POST if request.method == "POST" else None, user=request.user)

    def make() -> str:
        made = services.create_event(actor=request.user, **form.values())
        return reverse("desk:event", args=[made.pk])

    done = edit.attempt(form, lambda: form.once(request, make))
    if done is not None:
        address, again = done
        saved = _("Saved as a draft. Publish it when it is ready.")
        messages.success(request, form.ALREADY_SAVED if again else saved)
        return redirect(address)
    return edit.page(request, "events/desk_edit.html", form, {"event": None})


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def event_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an event."""
    found = find(request, pk)
    check(request, "core.write_desk", found)
    locked = guards.may_edit(found)
    if locked is not None and request.method == "GET":  # a POST keeps what was typed beside the sentence
        messages.error(request, str(locked.sentence))
        return redirect("desk:event", pk=pk)
    row = get_object_or_404(visible(Event, request.user), pk=pk)
    form = EventForm(request.POST if request.method == "POST" else None, instance=row, user=request.user)
    saved = edit.attempt(
        form,
        lambda: services.update_event(event=found, actor=request.user, seen=form.seen, **form.values()),
    )
    if saved is not None:
        _say_saved(request, found, saved)
        return redirect("desk:event", pk=pk)
    return edit.page(request, "events/desk_edit.html", form, {"event": found})


def _say_saved(request: HttpRequest, before: Any, saved: Any) -> None:
    # Not by the sequence, which a party that changed its size meanwhile raises as well.
    moved = any(getattr(saved, name) != getattr(before, name) for name in services.TIMES | services.PLACES)
    if moved and saved.is_on and (before.people or before.waiting):
        told = told_words(*saved.registrations.hear_of_changes().reached())
        messages.success(request, _("Saved. %(told)s") % {"told": told})
    else:
        messages.success(request, _("Saved."))
    if saved.capacity is not None and saved.capacity < before.people:
        messages.warning(
            request,
            _(
                "%(people)s people are registered for %(seats)s seats. "
                "Nobody was removed; no new ones are let in."
            )
            % {"people": before.people, "seats": saved.capacity},
        )


@requires("core.use_desk")
@require_GET
def event_mail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What mail went out about an event."""
    return lists.mail_about(find(request, pk), request.user).respond(request)


MOVES = Moves(
    EVENT,
    view="desk:event_move",
    does={
        "publish": lambda event, actor: services.publish_event(event=event, actor=actor),
        "close": lambda event, actor: services.close_event(event=event, actor=actor),
        "reopen": lambda event, actor: services.reopen_event(event=event, actor=actor),
        "archive": lambda event, actor: services.archive_event(event=event, actor=actor),
    },
    pages={"cancel": "desk:event_cancel"},
    styles={"publish": "main"},
    hushed=("close", "archive", "cancel"),
    then={"publish": lambda event: (_("See it on the public site"), event.get_absolute_url())},
)


@requires("core.write_desk")
@require_POST
def event_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Publish, close, open again or archive."""
    found = find(request, pk)
    check(request, "core.write_desk", found)
    return MOVES.make(request, found, move, reverse("desk:event", args=[pk]))


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def event_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call an event off: asked with its name and the number who are told."""
    found = find(request, pk)
    check(request, "core.write_desk", found)
    back = reverse("desk:event", args=[pk])
    form = CancelForm(request.POST if request.method == "POST" else None)
    told: Any = found.registrations
    mails, calls = told.hear_of_changes().reached()

    def cancel() -> tuple[str, str]:
        services.cancel_event(event=found, actor=request.user, reason=form.cleaned_data["reason"])
        return _("Cancelled. %(told)s") % {"told": told_words(mails, calls)}, back

    asked = Question(
        question=_("Cancel “%(title)s”?") % {"title": found.title},
        explain=_told(mails, calls),
        confirm=_("Cancel the event"),
        keep=_("Keep the event"),
        back=back,
        danger=True,
    )
    return ask(request, asked, cancel, form=form)


def _told(mails: int, calls: int) -> str:
    """Who hears that an event is called off."""
    for_good = _("This can't be taken back.")
    if not mails + calls:
        return _("Nobody has a place or waits for one, so no mail is sent.") + f" {for_good}"
    have = ngettext(
        "One party has a place or is in line.", "%(n)s parties have a place or are in line.", mails + calls
    ) % {"n": words.number(mails + calls)}
    return f"{have} {told_words(mails, calls)} {for_good}"


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def registration_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter someone who called or stopped by."""
    found = find(request, pk)
    check(request, "core.write_desk", found)
    form = EnterForm(request.POST if request.method == "POST" else None, event=found)
    told = ""

    def make() -> str:
        nonlocal told
        done = services.enter_registration(event=found, actor=request.user, **form.values())
        pattern = _("%(name)s is registered.") if done.status == "registered" else _("%(name)s is in line.")
        told = pattern % {"name": done.name}
        return reverse("desk:event", args=[pk])

    done = edit.attempt(form, lambda: form.once(request, make))
    if done is not None:
        address, again = done
        messages.success(request, form.ALREADY_SAVED if again else told)
        return redirect(address)
    return edit.page(request, "events/desk_enter.html", form, {"event": found})


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def registration_resize(request: HttpRequest, pk: int, registration_pk: int) -> HttpResponse:
    """Change how many people someone brings, at their request."""
    found = find(request, pk)
    check(request, "core.write_desk", found)
    rows = visible(Registration, request.user).filter(event=found).select_related("event")
    place = get_object_or_404(rows, pk=registration_pk)
    back = reverse("desk:event", args=[pk])
    return resize_page(request, place, user=request.user, base="desk/base.html", back=back)


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def registration_cancel(request: HttpRequest, pk: int, registration_pk: int) -> HttpResponse:
    """Cancel someone's place at their request."""
    found = find(request, pk)
    check(request, "core.write_desk", found)
    rows = visible(Registration, request.user).filter(event=found).select_related("event")
    place = get_object_or_404(rows, pk=registration_pk)
    back = reverse("desk:event", args=[pk])

    def cancel() -> tuple[str, str]:
        services.cancel_place(registration=place, actor=request.user)
        return _("%(name)s is cancelled.") % {"name": place.name}, back

    waits = place.status == "waitlisted"
    asked = _("Take %(name)s off the waitlist?") if waits else _("Cancel the registration of %(name)s?")
    follows = [] if waits else [_("The seats go to the next in line.")]
    mailed = _("They get a mail.") if place.email else _("They have no email address, so no mail is sent.")
    question = Question(
        question=asked % {"name": place.name},
        explain=" ".join([mailed, *follows]),
        confirm=_("Take off the waitlist") if waits else _("Cancel the registration"),
        back=back,
        danger=True,
    )
    return ask(request, question, cancel, refusal=guards.may_change_place(place))
