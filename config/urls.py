"""Addresses by audience. Each room lists its own in `public_urls`, `portal_urls` and `desk_urls`."""

from importlib import import_module
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

ROOMS = [
    "partnerships.overview.urls",
    "events.urls",
    "partnerships.vetting.urls",
    "partnerships.businesses.urls",
    "accounts.urls",
    "core.mail.urls",
    "core.urls",
]


def _of(audience: str) -> list[URLPattern | URLResolver]:
    lists: list[list[Any]] = [getattr(import_module(room), f"{audience}_urls", []) for room in ROOMS]
    return [each for one in lists for each in one]


urlpatterns = [
    path("", include((_of("public"), "public"))),
    path("portal/", include((_of("portal"), "portal"))),
    path("desk/", include((_of("desk"), "desk"))),
    path("accounts/", include("accounts.urls_auth")),
    path("admin/", admin.site.urls),
]

handler403 = "core.pages.errors.refused"
handler404 = "core.pages.errors.missing"
handler429 = "core.pages.errors.limited"
handler500 = "core.pages.errors.broken"
