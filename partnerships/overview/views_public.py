"""The public site's own pages: home, contact, privacy, accessibility."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import public
from events.scope import on_site
from partnerships.businesses.models import Business

from .editor import public_figures

# When someone last read a statement against what the product does. Who changes its words, does so again.
REVIEWED = {"privacy": date(2026, 11, 27), "accessibility": date(2026, 11, 27)}
EVENTS_SHOWN = 4
PARTNERS_SHOWN = 5


@public
def home(request: HttpRequest) -> HttpResponse:
    """What it is, how to join, what is on, and who takes part."""
    events: Any = on_site(request.user).taking_place().filter(audience="public").upcoming()
    # The newest first: the list is short, and everybody should get a turn at the top.
    partners = (
        Business.objects.listed().select_related("area__parent", "industry").order_by("-listed_at", "pk")
    )
    return render(
        request,
        "overview/home.html",
        {
            "figures": public_figures(),
            "events": list(events.with_numbers()[:EVENTS_SHOWN]),
            "partners": list(partners[:PARTNERS_SHOWN]),
        },
    )


@public
def contact(request: HttpRequest) -> HttpResponse:
    """How to reach the unit; emergencies first."""
    return render(request, "overview/contact.html")


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, why, who sees it, and what one can ask for."""
    return render(request, "overview/privacy.html", {"reviewed": REVIEWED["privacy"]})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "overview/accessibility.html", {"reviewed": REVIEWED["accessibility"]})
