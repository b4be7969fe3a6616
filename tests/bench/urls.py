"""The product's addresses, and the floor of each audience: a page of its base template without a query."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path

from config import urls
from config.urls import handler403, handler404, handler429, handler500
from core.access import public, requires

__all__ = ["handler403", "handler404", "handler429", "handler500"]


@requires("core.use_desk")
def desk(request: HttpRequest) -> HttpResponse:
    """Nothing but the desk's frame."""
    return render(request, "desk/base.html")


@requires("core.use_portal")
def portal(request: HttpRequest) -> HttpResponse:
    """Nothing but the portal's frame."""
    return render(request, "portal/base.html")


@public
def visitors(request: HttpRequest) -> HttpResponse:
    """Nothing but the public site's frame."""
    return render(request, "public/base.html")


urlpatterns: list[URLPattern | URLResolver] = [
    path("bench/desk/", desk),
    path("bench/portal/", portal),
    path("bench/public/", visitors),
    *urls.urlpatterns,
]
