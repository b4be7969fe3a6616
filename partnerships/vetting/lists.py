"""The queue of applications, declared."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import clock
from core.access import visible
from core.pages.components import Segment
from core.pages.list_page import Empty, File, Listing, Switch, WayOn
from core.pages.lists import PLACE, ListPage
from core.pages.story import Whose
from partnerships.businesses.whose import choose

from .choices import OPEN
from .columns import queue_columns
from .filters import ApplicationFilter
from .load import case_words, officers
from .models import Application


def _address(request: HttpRequest, **changes: str) -> str:
    """The present address with changes; the place in the list is left."""
    query = request.GET.copy()
    for name in PLACE:
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _whose(request: HttpRequest) -> tuple[Whose, Switch]:
    addresses = {each: _address(request, scope=each.value) for each in Whose}
    wanted = request.GET.get("scope", "")
    return choose(request.user, wanted, addresses, otherwise=Whose.ALL, label=_("Whose applications"))


def _closed(request: HttpRequest) -> bool:
    return request.GET.get("show") == "closed"


def _rows(request: HttpRequest) -> Any:
    rows: Any = visible(Application, request.user)
    whose, _switch = _whose(request)
    if whose == Whose.MINE:
        rows = rows.concerning(request.user)
    elif whose == Whose.DISTRICT:
        rows = rows.in_districts_of(request.user)
    rows = rows.exclude(status__in=OPEN) if _closed(request) else rows.open()
    return (
        rows.with_waiting()
        .select_related("organization", "criteria_version", "industry")
        .prefetch_related("sites__area", "sites__industry")
    )


def _switches(request: HttpRequest) -> list[Switch]:
    closed = _closed(request)
    shows = [
        Segment(_("Open"), _address(request, show="open"), not closed),
        Segment(_("Closed"), _address(request, show="closed"), closed),
    ]
    return [_whose(request)[1], Switch(_("Open or closed"), shows)]


def _more(request: HttpRequest, page: ListPage) -> dict[str, Any]:
    rows: Any = visible(Application, request.user)
    return {
        "late": rows.late(clock.today()).count(),
        "mine": rows.waiting_for(request.user).count(),
        "load": [
            (each.display_name, case_words(each.open_cases, each.to_review))
            for each in officers(request.user)
        ],
    }


QUEUE = Listing(
    title=_("Applications"),
    rows=_rows,
    columns=lambda request: queue_columns(request.user, _closed(request)),
    filters=ApplicationFilter,
    default_sort="promised_on",
    noun=(_("application"), _("applications")),
    empty=Empty(
        _("No applications here"),
        _("When a business applies it appears here. You can also fill one in during a visit."),
        WayOn(_("Find a business"), "desk:businesses"),
    ),
    switches=_switches,
    file=File("applications"),
    template="vetting/queue.html",
    more=_more,
)
