"""What a department session needs: a second factor, and an end when idle."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from . import devices, reauth, second_factor, unsent

SEEN = "staff_seen_at"
NOTE_EVERY = 60  # seconds between two notes in the session, so that not every page writes one


class StaffSessionMiddleware:
    """Nothing of the desk or the admin without a second factor; sign-out after half an hour of nothing.

    Members of businesses pass untouched.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (
            getattr(request.user, "is_department", False)
            and (ended := self._end_when_idle(request)) is not None
        ):
            return ended
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        area = match.namespaces[0] if match and match.namespaces else ""
        if match and match.view_name == "account_unsent":
            area = "desk"  # it may show what was typed at the desk
        if area not in {"desk", "admin"} or not getattr(request.user, "is_department", False):
            return None
        if not second_factor.is_set_up(request.user):
            messages.info(
                request, _("Your role needs a second factor. Set up an authenticator app to go on.")
            )
            return redirect_to_login(_after(request), reverse("mfa_activate_totp"))
        if not second_factor.is_shown(request):
            return redirect_to_login(_after(request), reverse("mfa_reauthenticate"))
        if area == "admin" and not second_factor.is_fresh(request, settings.ADMIN_FRESH):
            return reauth.ask_again(request)
        return None

    def _end_when_idle(self, request: HttpRequest) -> HttpResponseBase | None:
        now = time.time()
        seen = request.session.get(SEEN, now)
        idle = now - seen > settings.STAFF_IDLE_TIMEOUT.total_seconds()
        if idle and not second_factor.is_remembered(request):
            get_adapter().logout(request)
            messages.info(request, _("You were signed out after 30 minutes without a click. Sign in again."))
            held = unsent.to_sign_in(request) if unsent.from_own_page(request) else None
            return held or redirect_to_login(_after(request), reverse(settings.LOGIN_URL))
        if now - seen > NOTE_EVERY or SEEN not in request.session:
            request.session[SEEN] = now
        return None


def _after(request: HttpRequest) -> str:
    """Where to go on afterwards: this page, or for a form that was sent, what it held, or home."""
    if request.method in second_factor.SAFE_METHODS:
        return request.get_full_path()
    user: Any = request.user
    kept = user.is_authenticated and unsent.hold(request, devices.name_of(user.email))
    return reverse("account_unsent" if kept else "account_home")


class SafeNextMiddleware:
    """Drop a `next` that is not a path of ours before any view reads, shows or follows it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]) -> None:
        if not all(is_own_path(each) for each in request.GET.getlist("next")):
            request.GET = _without_next(request.GET)  # type: ignore[assignment]  # a copy, as immutable
        if request.method == "POST" and not all(is_own_path(each) for each in request.POST.getlist("next")):
            request.POST = _without_next(request.POST)  # type: ignore[assignment]  # a copy, as immutable


def is_own_path(target: str) -> bool:
    """Whether a redirect target is a path of this site, however a browser may read it."""
    try:
        safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    except ValueError:  # not even a URL
        return False
    return safe and target.startswith("/") and target.isprintable()


def _without_next(values: QueryDict) -> QueryDict:
    kept = values.copy()
    kept.pop("next", None)
    kept._mutable = False
    return kept
