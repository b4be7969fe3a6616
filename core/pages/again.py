"""The answer to a form that was refused has an address of its own, so that "Back" finds it.

A browser that goes back to the answer of a POST shows an error of its own in its place. What a visitor sends
and is refused, a sign-up without a name or a wrong code, is therefore kept for half an hour for this browser
alone, and answered by a redirect to the same address with a mark. Pages of who is signed in are never kept.
"""

import secrets
from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers

MARK = "again"  # the parameter of the address
KEPT = 1800  # seconds
REFUSED = frozenset({200, 403, 409})  # with a form on the page
WITH_A_FORM = frozenset({200, 409})
LONGEST = 100_000  # bytes; a page that repeats more than a person types is kept nowhere


class BackFindsAnswersMiddleware:
    """Redirect after refused POSTs of visitors, and show the answer at its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        visitor = not request.user.is_authenticated
        asked = visitor and request.method == "GET" and MARK in request.GET
        if asked and (found := _kept(request)) is not None:
            return found
        response = self.get_response(request)
        # A browser says that a person went there; scripts and programs are answered as they are.
        walks = request.method == "POST" and request.headers.get("Sec-Fetch-Mode") == "navigate"
        if visitor and walks and request.COOKIES and not request.user.is_authenticated:
            return _moved(request, response)
        return response


def _key(request: HttpRequest, mark: str) -> str:
    return f"core.pages.again:{request.session.session_key}:{request.path}:{mark}"


def _moved(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A redirect to the answer, once it is kept; the answer itself where it is no page."""
    page = response.headers.get("Content-Type", "").startswith("text/html")
    if response.status_code not in REFUSED or not page or not isinstance(response, HttpResponse):
        return response
    if len(response.content) > LONGEST:
        return response
    if not request.session.session_key:
        if response.status_code not in WITH_A_FORM:
            return response  # who has no session and sends no form of ours gets none
        request.session.create()
    mark = secrets.token_urlsafe(8)
    kept = {"status": response.status_code, "content": response.content}
    cache.set(_key(request, mark), kept, KEPT)
    query = request.GET.copy()
    query[MARK] = mark
    moved = HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
    moved.cookies = response.cookies
    return moved


def _kept(request: HttpRequest) -> HttpResponse | None:
    """The answer that was kept for this browser; it is asked for anew each time, and stored by nobody."""
    found = cache.get(_key(request, request.GET[MARK][:40])) if request.session.session_key else None
    if found is None:
        return None
    response = HttpResponse(found["content"], status=found["status"])
    add_never_cache_headers(response)
    return response
