"""Steps that ask once more who you are: decisions, exports, the admin."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve, reverse

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
