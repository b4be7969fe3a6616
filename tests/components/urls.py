"""Addresses of the component gallery. They exist only in tests."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from core.access import public
from core.urls import public_urls
from tests.components import gallery_pages


@public
def blank(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def _stubs(*names: str) -> list:
    return [path(f"{name}/" if name != "home" else "", blank, name=name) for name in names]


urlpatterns = [
    path("gallery/<str:name>/", gallery_pages.page, name="gallery"),
    path(
        "",
        include(
            (
                public_urls
                + _stubs("home", "partners", "events", "join", "contact", "privacy", "accessibility"),
                "public",
            )
        ),
    ),
    path("portal/", include((_stubs("home", "events", "people"), "portal"))),
    path("desk/", include((_stubs("home", "businesses", "applications", "events", "mail"), "desk"))),
    path("accounts/login/", blank, name="account_login"),
    path("accounts/logout/", blank, name="account_logout"),
    path("accounts/email/", blank, name="account_email"),
]
