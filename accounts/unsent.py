"""What someone sent when they were signed out meanwhile: held until they sign in again, for them alone.

Another window signed out, or nothing was clicked for a while: the form that is sent then is kept on the
server, in the visitor's session. Who signs in as the one who was signed in last on this device finds it on a
page of its own and sends it once more, to the same address, with the version that its page showed. Nothing is
sent by itself, and nobody else sees it. Files do not wait.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core import access
from core.pages import errors

from . import devices

HELD = "unsent_form"  # in the session
HOLD_FOR = 2 * 3600  # seconds
MOST = 100_000  # characters
CARRIED = frozenset({"csrfmiddlewaretoken", "version", "form_key", "action"})
TICK = 3  # characters; a box that is ticked sends no more ("on")


@dataclass(frozen=True)
class Unsent:
    """A form that was sent and not taken.

    Args:
        path: where it was sent.
        fields: names and values as they were sent, without the safety token.
        had_files: whether files came with it.
    """

    path: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def texts(self) -> list[str]:
        """What was typed or chosen, to be read."""
        return [value for name, value in self.fields if name not in CARRIED and len(value.strip()) > TICK]


def hold(request: HttpRequest, who: str) -> bool:
    """Hold the form of a request.

    Args:
        request: a POST that is known to come from a page of ours.
        who: the account it is held for, as `devices` names it; "" when it is not known.

    Returns:
        Whether there was something to hold.
    """
    sent = request.POST.lists()
    fields = [(name, str(each)) for name, all_of in sent for each in all_of if name != "csrfmiddlewaretoken"]
    form = Unsent(request.get_full_path(), fields, bool(request.FILES))
    if not who or not form.texts or sum(len(value) for _name, value in fields) > MOST:
        return False
    request.session[HELD] = {
        "path": form.path, "fields": fields, "had_files": form.had_files, "who": who, "at": time.time(),
    }  # fmt: skip
    return True


def held(request: HttpRequest) -> Unsent | None:
    """What is held for the user; what is someone else's or too old is dropped."""
    found: dict[str, Any] | None = request.session.get(HELD)
    user: Any = request.user
    if found is None:
        return None
    if found["who"] != devices.name_of(user.email) or time.time() - found["at"] > HOLD_FOR:
        del request.session[HELD]
        return None
    return Unsent(found["path"], [(name, value) for name, value in found["fields"]], found["had_files"])


def to_sign_in(request: HttpRequest) -> HttpResponseBase | None:
    """Hold what a visitor sent who was signed in before, and send them to sign in again.

    Args:
        request: a POST that is known to come from a page of ours.

    Returns:
        `None` where there is nothing to hold, or nobody to hold it for.
    """
    if not hold(request, devices.last(request)):
        return None
    messages.warning(
        request, _("You are signed out. What you wrote is not sent yet: sign in again, and it is here.")
    )
    return redirect_to_login(reverse("account_unsent"), reverse(settings.LOGIN_URL))


def from_own_page(request: HttpRequest) -> bool:
    """Whether a browser says that a form was sent from a page of this site."""
    return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose safety token is not the one of now: its user signed in again in another window, or 403.

    Where several people use the device, the page may be someone else's: then it is not held.
    """
    user: Any = getattr(request, "user", None)
    match = request.resolver_match
    ours = bool(match and access.declared(match.func)) and from_own_page(request)
    theirs = user is not None and user.is_authenticated and devices.is_only(request, user)
    if ours and theirs and hold(request, devices.name_of(user.email)):
        return redirect("account_unsent")
    return errors.csrf_failure(request, reason)


class UnsentFormsMiddleware:
    """Hold what is sent to a page of ours by who is signed out; forget it once it was sent again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if request.method != "POST" or not access.declared(view):
            return None
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if request.session.get(HELD, {}).get("path") == request.get_full_path():
            del request.session[HELD]
        return None
