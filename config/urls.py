"""Addresses by audience. Each room's `urls.py` lists its own: `public_urls`, `portal_urls`, `desk_urls`."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from core import rooms


def _of(audience: str) -> list[URLPattern | URLResolver]:
    return [each for _room, urls in rooms.offered("urls", f"{audience}_urls") for each in urls]


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
