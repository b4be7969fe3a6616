"""The desk's pages that draw on several rooms: the day, and a business's whole story."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock, words
from core.access import refusal, requires, visible
from core.pages.components import Segment
from core.pages.story import Whose
from core.roles import Role, role_of
from partnerships.businesses.merging.where import merged_address
from partnerships.businesses.models import Business
from partnerships.businesses.whose import choose

from . import editor


@requires("core.use_desk")
def home(request: HttpRequest) -> HttpResponse:
    """What waits today; figures only for those who may not write."""
    context = {"day": clock.today()}
    if refusal(request.user, "core.write_desk") is not None:
        city = editor.city_of(request.user)
        summary = _("the whole city in figures")
        return render(request, "overview/today.html", {**context, "today": city, "summary": summary})
    home = reverse("desk:home")
    whose, switch = choose(
        request.user,
        request.GET.get("scope", ""),
        {each: f"{home}?scope={each}" for each in Whose},
        otherwise=Whose.ALL if role_of(request.user) == Role.SUPERVISOR else Whose.MINE,
        label=_("Whose work"),
    )
    today = editor.today_of(request.user, whose)
    return render(
        request,
        "overview/today.html",
        {**context, "today": today, "segments": switch.segments, "summary": _summary(today)},
    )


def _summary(today: editor.Today) -> str:
    """ "3 things are late, 5 are due by Dec 1" """
    late, due = _("nothing is late"), _("nothing is due this week")
    if today.late:
        late = ngettext("%(n)d thing is late", "%(n)d things are late", today.late) % {"n": today.late}
    if today.due:
        due = ngettext("%(n)d is due by %(day)s", "%(n)d are due by %(day)s", today.due) % {
            "n": today.due,
            "day": words.day(clock.today() + editor.WEEK, "short"),
        }
    return f"{late}, {due}"


@requires("core.use_desk")
def business(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one place of business on one screen."""
    rows = visible(Business, request.user).select_related(
        "organization__lead_officer", "area__parent", "industry"
    )
    place = rows.filter(pk=pk).first()
    if place is None:
        there = merged_address(pk, request.user)
        if there is None:
            raise Http404
        return redirect(there)
    figures_only = refusal(request.user, "businesses.see_contacts", place) is not None
    key = request.GET.get("story", "")
    chapters = [("", _("All"))] + [
        (each.key, str(each.label)) for each in editor.chapters(figures_only=figures_only)
    ]
    beside = editor.beside(place, request.user)
    return render(
        request,
        "overview/business.html",
        {
            "business": place,
            "organization": place.organization,
            "beside": beside,
            "sites": beside.page.card("sites"),
            "story": editor.story_of(place, request.user, key, figures_only=figures_only),
            "chapters": [
                Segment(label, f"?story={each}" if each else "?", current=each == key)
                for each, label in chapters
            ],
            "may_edit": refusal(request.user, "businesses.edit_business", place) is None,
        },
    )
