"""An action of the administration that ends something or sends mail asks first, with the rows by name."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core import words

SURE = "sure"  # what the page's button sends
MOST = 500  # rows at a time: a page that nobody would read through is no question
Action = Callable[[Any, HttpRequest, QuerySet[Any]], Any]


def asks_first(explain: Any, named: Callable[[Any], str] = str) -> Callable[[Action], Action]:
    """Show which rows are meant and what follows, before an action does it. Inside `admin.action`.

    Args:
        explain: what follows for each of the rows, in a sentence or two.
        named: what a row is called there; by default as everywhere.
    """

    def around(act: Action) -> Action:
        @wraps(act)
        def asked(admin: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
            if SURE in request.POST:
                done: HttpResponse | None = act(admin, request, rows)
                return done
            along = admin.list_select_related
            rows = rows.select_related(*along) if isinstance(along, tuple | list) else rows
            chosen = list(rows[: MOST + 1])
            if len(chosen) > MOST:
                told = _("Choose at most %(most)s rows at a time. Nothing was done.")
                admin.message_user(request, told % {"most": words.number(MOST)}, messages.ERROR)
                return None
            context = {
                **admin.admin_site.each_context(request),
                "title": dict(admin.get_action_choices(request))[request.POST["action"]],
                "opts": admin.opts,
                "rows": [(row.pk, named(row)) for row in chosen],
                "explain": explain,
                "action": request.POST["action"],
                "checkbox": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/ask.html", context)

        return asked

    return around
