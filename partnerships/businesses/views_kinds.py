"""What the combobox of kinds of business asks for."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.access import public, visible

from . import kinds
from .forms.kinds import MOST
from .industries import common_groups
from .models import Industry


@public
@require_safe
def found(request: HttpRequest) -> JsonResponse:
    """The kinds that the typed words may mean, or the common ones where nothing is typed.

    `?as=groups` finds industry groups by their title, for filters; else the key of each kind comes along.
    """
    typed = request.GET.get("q", "")
    by_group = request.GET.get("as") == "groups"
    known = kinds.titles()
    common = [kinds.Kind(code, known[code]) for code in ([] if typed.strip() else common_groups())]
    some = common or kinds.find(typed, 3 * MOST if by_group else MOST)
    listed = _groups(kinds.groups(some)[:MOST]) if by_group else _kinds(some[:MOST])
    said = ngettext("%(n)d kind. Down arrow to choose.", "%(n)d kinds. Down arrow to choose.", len(listed))
    none = _("No kind of business by these words.")
    return JsonResponse({"kinds": listed, "said": said % {"n": len(listed)} if listed else none})


def _groups(some: list[kinds.Kind]) -> list[dict[str, Any]]:
    return [{"value": each.title, "label": each.title, "note": ""} for each in some]


def _kinds(some: list[kinds.Kind]) -> list[dict[str, Any]]:
    rows: Any = visible(Industry, None)
    keys = dict(rows.filter(code__in=[each.code for each in some]).values_list("code", "pk"))
    return [
        {
            "value": keys[each.code],
            "label": each.title,
            "note": each.group.title if each.group.title != each.title else "",
        }
        for each in some
        if each.code in keys
    ]
