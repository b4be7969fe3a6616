"""Circumstances of a request, the department's time zone, and default deny."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase, HttpResponseNotFound
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from config import access as declared_namespaces

from . import access, context
from .addresses import client_address
from .models import Department

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestContextMiddleware:
    """Give every request an id and tell the audit where it came from."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = uuid.uuid4().hex[:12]
        request.request_id = request_id  # type: ignore[attr-defined]  # read by error pages
        # What a request that only reads has read once, it need not read again: see `context.once`.
        kept: dict[Any, Any] | None = {} if request.method in ("GET", "HEAD") else None
        with context.acting(address=client_address(request), request_id=request_id, kept=kept):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        return response


class NoNullsMiddleware:
    """Answer 404 for a NUL in the path and 400 for one in the query: Postgres has no such character."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info:
            return HttpResponseNotFound(content_type="text/plain")
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(content_type="text/plain")
        return self.get_response(request)


class DepartmentMiddleware:
    """Use the department's time zone; keep signed-in pages out of shared caches."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/health/"):  # must answer while the database is away
            return self.get_response(request)
        department = Department.current()
        request.department = department  # type: ignore[attr-defined]  # read once, shown on every page
        timezone.activate(department.zone)
        user = getattr(request, "user", None)
        signed_in = bool(user and user.is_authenticated)
        try:
            if signed_in and user is not None:
                label = getattr(user, "display_name", str(user))
                with context.acting(actor_id=user.pk, actor_label=label):
                    response = self.get_response(request)
            else:
                response = self.get_response(request)
        finally:
            timezone.deactivate()
        if signed_in:
            patch_cache_control(response, private=True, no_store=True)
        return response


class DefaultDenyMiddleware:
    """Refuse every view that declared no permission; see `core.access` and `config/access.py`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        permissions = access.declared(view)
        if permissions is None:
            match = request.resolver_match
            permissions = declared_namespaces.permissions_of(match) if match else None
        if permissions is None:
            raise PermissionDenied(_("This page has not been opened to anyone."))
        if not permissions:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        for permission in permissions:
            access.check(request, permission)
        return None
