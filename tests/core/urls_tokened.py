"""Addresses of a room that the product does not have, with a token."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def _page(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("portal/", include(([path("sites/<int:pk>/answers/<str:token>/", _page, name="a")], "portal"))),
    path("surveys/<str:token>", _page, name="b"),
    path("events/<slug:slug>/", _page, name="c"),
]
