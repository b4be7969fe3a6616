"""Error pages in the product's voice, each with the request's id."""

import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from core import access, audit, edits, limits
from core.access import Refusal

from .navigation import Navigation


def _page(request: HttpRequest, status: int, *, name: str = "", **context: Any) -> HttpResponse:
    context["request_id"] = getattr(request, "request_id", "")
    context["base"] = _base(request)
    context["navigation"] = Navigation(request, nowhere=True)
    return render(request, f"errors/{name or status}.html", context, status=status)


def _base(request: HttpRequest) -> str:
    """The bar of the part of the house that was asked for, for whom works there."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return "public/base.html"
    at_desk = getattr(user, "is_desk", False) or access.refusal(user, "core.administer") is None
    if request.path.startswith(("/desk/", "/admin/")) and at_desk:
        return "desk/base.html"
    if request.path.startswith("/portal/") and getattr(user, "is_member", False):
        return "portal/base.html"
    return "public/base.html"


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: visible, but not allowed; the reason is told and the denial is on record."""
    found = getattr(exception, "refusal", None)
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        audit.record("core.denied", detail=getattr(found, "code", "denied"))
    status = status_of(found) if found is not None else 403
    return _page(request, status, reason=str(exception) or _("Your role does not allow this."))


def status_of(refusal: Refusal) -> int:
    """What a page answers whose POST a service refused: 409 someone was quicker, 429 too often, else 403."""
    return {edits.STALE: 409, limits.TOO_OFTEN: 429}.get(refusal.code, 403)


def limited(request: HttpRequest) -> HttpResponse:
    """429: too many tries; or 503 when nobody could count them, as on a full disk."""
    if not cache.add(f"counted:{uuid4()}", 1, 1):
        return unavailable(request)
    return _page(request, 429)


def paused(request: HttpRequest, seconds: int, context: dict[str, Any]) -> HttpResponse:
    """429 that ends by itself: the page keeps what was typed and sends it when its turn has come."""
    response = _page(request, 429, name="pause", **context)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not for you; both read the same."""
    return _page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault; or 503 when the cause is that the database is away. Neither page needs it."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return _standalone(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database is away; nothing was saved."""
    response = _standalone(request, 503)
    response.headers["Retry-After"] = "30"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was older than the session, or cookies are off."""
    return _page(
        request,
        403,
        reason=_(
            "This form is no longer valid. Go back, reload the page and send it again. Cookies must be on."
        ),
    )


class ButtonOnlyMiddleware:
    """405 in the house's look, for a person whose browser opened an address that only takes a button's press.

    So does who signs in after a session ended at that button.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET":
            return response
        page = _page(request, 405, back_url=_above(request.path_info))
        page.headers["Allow"] = response.headers.get("Allow", "POST")
        return page


def _above(path: str) -> str:
    """The nearest page above an address, which is of the thing that the button stands on; empty for none."""
    parts = path.strip("/").split("/")
    while len(parts) > 2:
        parts.pop()
        above = f"/{'/'.join(parts)}/"
        try:
            resolve(above)
        except Resolver404:
            continue
        return above
    return ""


def _standalone(request: HttpRequest, status: int) -> HttpResponse:
    body = render_to_string(f"errors/{status}.html", {"request_id": getattr(request, "request_id", "")})
    return HttpResponse(body, status=status)
