"""Steps that ask once more who you are: decisions, exports, the admin."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows, suspend_request
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from core import access

from . import second_factor

View = Callable[..., HttpResponseBase]


def ask_again(request: HttpRequest) -> HttpResponseBase:
    """Send the user to show the second factor; a form sent is kept and carried out afterwards."""
    return suspend_request(request, reverse("mfa_reauthenticate"))


def fresh(view: View) -> View:
    """Ask for the second factor again when it was shown more than `settings.STAFF_FRESH` ago.

    Put it below `@requires(…)`:

        @requires("vetting.decide")
        @fresh
        def decide(request, pk): ...
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # A form that was kept is carried out without the middleware: its permission is asked here again.
        for permission in access.declared(resolve(request.path_info).func) or ():
            access.check(request, permission)
        if not second_factor.is_fresh(request, settings.STAFF_FRESH):
            return ask_again(request)
        return view(request, *args, **kwargs)

    return wrapped


def ask_whoever_again(request: HttpRequest) -> HttpResponseBase | None:
    """Ask anyone who it is, unless they showed it within `settings.STAFF_FRESH`.

    The department's people show their second factor, others their password or app; who signs in by mailed
    codes alone signs in anew.

    Returns:
        Where to send them, or `None` when they showed it a moment ago.
    """
    if getattr(request.user, "is_department", False):
        return None if second_factor.is_fresh(request, settings.STAFF_FRESH) else ask_again(request)
    since = time.time() - settings.STAFF_FRESH.total_seconds()
    if any(record["at"] > since for record in get_authentication_records(request, request.user)):
        return None
    flows = [each["id"] for each in get_reauthentication_flows(request.user)]
    if "mfa_reauthenticate" in flows:
        return ask_again(request)
    if flows:
        return suspend_request(request, reverse("account_reauthenticate"))
    get_adapter().logout(request)
    messages.info(request, _("Sign in once more, so that nobody else can do this at your screen."))
    return redirect_to_login(request.path, reverse(settings.LOGIN_URL))
