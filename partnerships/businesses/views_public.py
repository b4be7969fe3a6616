"""The public directory of partners who agreed to be listed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from core import limits
from core.access import public, visible
from core.pages.errors import limited
from core.pages.lists import ListPage

from . import columns, filters
from .models import Business

VISITOR = None  # whoever is signed in, these pages show what a visitor sees


@public
def partners(request: HttpRequest) -> HttpResponse:
    """The directory: search, industry, area."""
    if limits.too_many_searches(request):
        return limited(request)
    searching = request.GET.get("q", "").strip() and not request.GET.get("sort")
    page = ListPage(
        request,
        visible(Business, VISITOR)
        .select_related("organization", "industry", "area__parent")
        .defer("search_text", "imported", "listing_wording"),
        columns=columns.CITY,
        filterset_class=filters.PublicBusinessFilter,
        default_sort="" if searching else "name",
        noun=(_("partner"), _("partners")),
        empty_title=_("No partner is listed yet"),
        empty_text=_("Businesses appear here once they are partners and agree to be listed."),
    )
    return render(
        request, "businesses/public_list.html", {"list": page, "corrections": filters.corrections(page)}
    )


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
