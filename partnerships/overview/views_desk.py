"""The desk's pages that draw on several rooms: the day, and a business's whole story."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from core import clock
from core.access import refusal, requires, visible
from core.pages.components import Segment
from partnerships.businesses.models import Business

from .numbers import by_district, city_tiles, week_of
from .panels import panels_of
from .story import CHAPTERS, story_of
from .today import today_for


@requires("core.use_desk")
def home(request: HttpRequest) -> HttpResponse:
    """What waits today; figures only for those who may not write."""
    if refusal(request.user, "core.write_desk") is not None:
        return render(
            request,
            "overview/numbers.html",
            {
                "day": clock.today(),
                "tiles": city_tiles(request.user),
                "districts": by_district(request.user),
                "events": week_of(request.user),
            },
        )
    today = today_for(request.user, request.GET.get("scope", ""))
    return render(
        request,
        "overview/today.html",
        {"day": clock.today(), "today": today, "queue_url": today.queue_url},
    )


@requires("core.use_desk")
def business(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one place of business on one screen."""
    rows = visible(Business, request.user).select_related(
        "organization__lead_officer", "area__parent", "industry"
    )
    place = get_object_or_404(rows, pk=pk)
    chapter = request.GET.get("story", "")
    panels = panels_of(place, request.user)
    chapters = [
        Segment(label, "?" if not key else f"?story={key}", current=key == chapter)
        for key, label in (("", _("All")), *((each.key, str(each.label)) for each in CHAPTERS))
        if not panels.figures_only or key in ("", "events")
    ]
    return render(
        request,
        "overview/business.html",
        {
            "business": place,
            "organization": place.organization,
            "panels": panels,
            "story": story_of(place, request.user, chapter),
            "chapters": chapters,
            "may_edit": refusal(request.user, "businesses.edit_business", place) is None,
        },
    )
