"""The desk's list of businesses on a map, and what its script asks for."""

from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.access import requires

from . import lists, maps
from .models import Business


@requires("core.use_desk")
@require_safe
def on_map(request: HttpRequest) -> HttpResponseBase:
    """The list's businesses by area: as a map, and as a table that says the same."""
    listing = lists.of(request)
    page = listing.page(request)
    # Within a district its beats are told apart; the public directory knows no beats.
    beats = listing is lists.BUSINESSES and page.narrowed_by("district")
    counted = maps.by_area(page.queryset, beats=beats)
    chosen = maps.tiles()
    context = {
        "listing": listing,
        "list": page,
        "switches": listing.switches(request) if listing.switches else (),
        "areas": [(each, lists.of_area(request, each.area)) for each in counted],
        "count": sum(each.count for each in counted),
        "query": lists.query(request),
        "beats": beats,
        "tiles": chosen,
        "closest": maps.CLOSEST,
    }
    sources = {"img-src": [chosen.source]} if chosen else {}

    @csp_update(sources)
    def drawn(request: HttpRequest) -> HttpResponse:
        return render(request, "businesses/desk_map.html", context)

    return drawn(request)


@requires("core.use_desk")
@require_safe
def places(request: HttpRequest) -> JsonResponse:
    """What of the list is in sight: clusters, and names where few are."""
    listing = lists.of(request)
    city = listing is lists.CITY
    rows = listing.page(request).queryset
    if city:  # as in the public directory: where somebody lives is not told, so neither is a mark
        rows = rows.filter(home_based=False)
    zoom = maps.read_zoom(request.GET.get("zoom", ""))
    found = maps.in_sight(rows, zoom, maps.Box.read(request.GET.get("box", "")))

    def told(row: Business) -> dict[str, Any]:
        url = row.get_absolute_url() if city else reverse("desk:business", args=[row.pk])
        return {"name": row.name, "street": row.street, "url": url}

    return JsonResponse(
        {
            "count": found.count,
            "clusters": [[*_written(each), each.count] for each in found.marks if each.is_cluster],
            "places": [
                {"at": _written(each), "of": [told(row) for row in each.rows]}
                for each in found.marks
                if not each.is_cluster
            ],
            "box": found.box,
        }
    )


def _written(mark: maps.Mark) -> tuple[float, float]:
    return round(mark.at[0], maps.DEGREES), round(mark.at[1], maps.DEGREES)


@requires("core.use_desk")
@require_safe
def borders(request: HttpRequest) -> HttpResponse:
    """The borders of districts, with `?beats=1` of beats too; they are public."""
    drawn = maps.borders(beats=request.GET.get("beats") == "1")
    return HttpResponse(drawn, content_type="application/geo+json")
