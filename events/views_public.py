"""The public site: what is on, one event, and a place at it without an account."""

import hashlib

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import access, clock, limits, mailboxes
from core.access import Refused, public, visible
from core.models import Department
from core.pages import edit

from . import guards, ics, lists, rules, services
from .emails import waitlist_rule
from .forms import CodeForm, RsvpForm
from .models import Event, Registration
from .pages import resize_page
from .scope import on_site
from .workflow import REGISTRATION, told

SESSION_KEY = "events.rsvp"  # slug → the address that asked for a place from this browser
ASKED_KEY = "events.asked"  # slug → which of an address's requests came from this browser
ASKS = 20  # for one event and one address within ten minutes: an impatient thumb sends one form so often
FEW = 5  # seats left that are worth a mark


@public
@require_GET
def events(request: HttpRequest) -> HttpResponseBase:
    """What is on, month by month."""
    return lists.COMING.respond(request)


@public
@require_GET
def events_past(request: HttpRequest) -> HttpResponseBase:
    """What was on, the latest first."""
    return lists.BYGONE.respond(request)


def _event(request: HttpRequest, slug: str) -> Event:
    rows = on_site(request.user).with_numbers().select_related("host__organization", "area__parent")
    found: Event = get_object_or_404(rows, slug=slug)
    return found


def _page(request: HttpRequest, event: Event, form: RsvpForm | None = None) -> HttpResponse:
    """The event's page, with the form as it was typed."""
    refusal = guards.may_register(event)
    is_desk = getattr(request.user, "is_desk", False)
    # What everybody may read here can lie outside of what an officer looks after at the desk.
    may_open = is_desk and visible(Event, request.user).filter(pk=event.pk).exists()
    left = rules.seats_left(event.capacity, event.people)
    full = rules.is_full(event, event.people, event.waiting_parties)
    form = form or RsvpForm(event=event)
    refused = edit.refusal_of(form) is not None
    context = {
        "event": event,
        # A form that was refused stays as it was typed, also where it would not be offered now.
        "refusal": None if refused else refusal,
        "refused": refused,
        "is_member": getattr(request.user, "is_member", False),
        "is_desk": is_desk,
        "may_open": may_open,
        "may_enter": may_open and access.refusal(request.user, "core.write_desk") is None,
        "full": full,
        "few": left is not None and left <= FEW and not full,
        "waitlist_rule": waitlist_rule(event),
        "host_listed": bool(event.host and event.host.listed),
    }
    return edit.page(request, "events/public_event.html", form, context)


@public
@require_GET
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event: when, where, seats left, accessibility, and how to come."""
    return _page(request, _event(request, slug))


@public
@require_GET
def event_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """The calendar file."""
    return _calendar(_event(request, slug))


@public
@never_cache
@require_GET
def registration_ics(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar file behind the link of a mail: also of events that only partners see."""
    rows = Registration.objects.by_token(token).select_related("event")
    row = get_object_or_404(rows)
    # Whoever waits has no entry of their own yet, only that of the event.
    return _calendar(row.event, None if row.status == "waitlisted" else row)


def _calendar(found: Event, registration: Registration | None = None) -> HttpResponse:
    department = Department.current()
    stream = ics.calendar_of(
        found,
        zone=department.zone,
        organizer=department.name,
        email=department.email,
        registration=registration,
    )
    response = HttpResponse(stream, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.slug}.ics"'
    return response


@public
@require_http_methods(["GET", "POST"])
def rsvp(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a place. Whatever is known about the address, the answer is the same; mail tells the rest."""
    found = _event(request, slug)
    if request.method != "POST":
        return redirect("public:event", slug=slug)
    form = RsvpForm(request.POST, event=found)

    def ask_for_it() -> bool:
        email = hashlib.sha256(mailboxes.normal(form.cleaned_data["email"]).encode()).hexdigest()
        if limits.too_many(request, f"rsvp:{found.pk}:{email}", limit=ASKS):
            raise Refused(guards.ASKED_TOO_OFTEN)
        services.request_place(event=found, language=request.LANGUAGE_CODE, **form.cleaned_data)
        return True

    if edit.attempt(form, ask_for_it) is None:
        return _page(request, found, form)
    _remember(request, SESSION_KEY, slug, mailboxes.normal(form.cleaned_data["email"]))
    _remember(request, ASKED_KEY, slug, form.ask_key())
    return redirect("public:rsvp_confirm", slug=slug)


def _remember(request: HttpRequest, key: str, slug: str, value: str) -> None:
    request.session[key] = {**request.session.get(key, {}), slug: value}


def _device(request: HttpRequest, slug: str, email: str) -> str:
    """What wrong tries are counted under: this browser, when it asked with the address; else one for all.

    As `accounts.devices` does for signing in.
    """
    mine = request.session.get(SESSION_KEY, {}).get(slug, "") == mailboxes.normal(email)
    return (request.session.session_key or "") if mine else ""


@public
@never_cache
@require_http_methods(["GET", "POST"])
def rsvp_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Type the code of the mail."""
    found = _event(request, slug)
    email = request.session.get(SESSION_KEY, {}).get(slug, "")
    form = CodeForm(request.POST if request.method == "POST" else None, email=email)

    def confirm() -> Registration:
        typed = form.cleaned_data
        device = _device(request, slug, typed["email"])
        done = services.confirm_place(event=found, email=typed["email"], code=typed["code"], device=device)
        if done is None:  # the service has counted the try
            raise Refused(guards.WRONG_CODE)
        return done

    done = edit.attempt(form, confirm)
    if done is not None:
        _say(request, done)
        return redirect(done.get_absolute_url())
    return edit.page(request, "events/public_confirm.html", form, {"event": found, "email": email})


@public
@never_cache
@require_http_methods(["GET", "POST"])
def registration_resize(request: HttpRequest, token: str) -> HttpResponse:
    """Bring more or fewer people, behind the link of a mail."""
    found = get_object_or_404(Registration.objects.by_token(token).select_related("event"))
    back = reverse("public:registration", args=[token])
    response = resize_page(request, found, user=None, base="public/base.html", back=back)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _say(request: HttpRequest, registration: Registration) -> None:
    if registration.status == "registered":
        messages.success(request, _("You are registered. A mail with everything you need is on its way."))
    elif not registration.event.never_seats(registration.party_size):  # else the page itself says why
        position = services.position_of(registration)
        messages.info(
            request,
            _("The event is full. You are number %(position)s on the waitlist.") % {"position": position},
        )


@public
@require_POST
def rsvp_resend(request: HttpRequest, slug: str) -> HttpResponse:
    """Send another code. The answer is the same whether or not there was anything to confirm."""
    found = _event(request, slug)
    email = request.session.get(SESSION_KEY, {}).get(slug, "")
    if email:
        asked = request.session.get(ASKED_KEY, {}).get(slug, "")
        services.send_new_code(event=found, email=email, asked=asked)
    messages.info(
        request, _("If a code was due, a new mail is on its way. A new one is sent once a minute at most.")
    )
    return redirect("public:rsvp_confirm", slug=slug)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """What stands under a link of a mail. A GET shows it, a POST cancels it; once more changes nothing."""
    rows = Registration.objects.by_token(token).select_related("event", "business")
    found: Registration = get_object_or_404(rows)
    if request.method == "POST":
        try:
            done = services.cancel_place(registration=found, actor=None)
        except Refused as refused:
            messages.error(request, str(refused.refusal.sentence))
        else:
            left = _("You are off the waitlist. Thank you for telling us.")
            given_up = _("Cancelled. Thank you for telling us.")
            messages.success(request, left if done.status == "left" else given_up)
        return redirect("public:registration", token=token)
    expired = found.hold_is_over(clock.now())
    context = {
        "registration": found,
        "told": REGISTRATION.told["lapsed"] if expired else told(found),
        "event": found.event,
        "position": 0 if found.event.has_begun else services.position_of(found),
        "too_large": found.event.never_seats(found.party_size),
        "waitlist_rule": waitlist_rule(found.event),
        "may_change": guards.may_change_place(found) is None,
        "may_register": guards.may_register(found.event) is None,
        "expired": expired,
        "ended": not found.is_open,
        "zone": timezone.get_current_timezone_name(),
    }
    response = render(request, "events/public_registration.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
