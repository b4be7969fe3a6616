"""Health for monitors and load balancers: no session, no template, no detail."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import health
from .access import public


@public
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200: the process is up. Nothing else is asked."""
    return JsonResponse({"status": "ok"})


@public
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200, or 503 when no page can be served. `status` says beside it how the rest is."""
    answer = health.summary(health.checks())
    return JsonResponse(answer, status=200 if answer["ready"] else 503)
