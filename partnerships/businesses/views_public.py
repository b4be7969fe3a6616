"""The public directory of partners who agreed to be listed."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from core.access import public, visible

from . import lists
from .models import Business

VISITOR = None  # whoever is signed in, these pages show what a visitor sees


@public
def partners(request: HttpRequest) -> HttpResponseBase:
    """The directory: search, industry, area. Whoever is signed in sees what a visitor sees."""
    return lists.DIRECTORY.respond(request)


@public
def partner(request: HttpRequest, slug: str) -> HttpResponse:
    """One partner's page; it is gone the moment they leave the directory."""
    found = get_object_or_404(
        visible(Business, VISITOR).select_related("organization", "industry", "area__parent"), slug=slug
    )
    sites = (
        visible(Business, VISITOR)
        .filter(organization=found.organization_id)
        .exclude(pk=found.pk)
        .select_related("area__parent")[:20]
    )
    return render(request, "businesses/public_partner.html", {"business": found, "sites": sites})
