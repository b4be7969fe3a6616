"""An action of the administration that ends something or sends mail asks first, with the rows by name.

    @admin.action(description=_("Archive"))
    @asks_first(_("These events leave the public site."))
    def archive(self, request: HttpRequest) -> Step:
        return Step(lambda row: services.archive_event(event=row, actor=request.user), _changed)

The page rehearses the step: for each row it is done, and undone. So it tells what will be done and, apart,
what is left as it is and why, in the words of the service; where nothing can be done it offers nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core import words
from core.access import Refusal, Refused

SURE = "sure"  # what the page's button sends
MOST = 500  # rows at a time: a page that nobody would read through is no question


@dataclass(frozen=True)
class Step:
    """What an action does.

    Attributes:
        act: calls the service for one row; may raise `Refused`. Nothing of it may outlast a rollback.
        done: makes the sentence from the number of rows done.
    """

    act: Callable[[Any], Any]
    done: Callable[[int], str]


def refuse_if(found: bool, refusal: Refusal) -> None:
    """Raise what a service has no reason to refuse: it would change nothing.

    Raises:
        Refused: `found`.
    """
    if found:
        raise Refused(refusal)


def asks_first(
    explain: Any, named: Callable[[Any], str] = str
) -> Callable[[Callable[[Any, HttpRequest], Step]], Any]:
    """Show which rows are meant and what follows, before an action does it. Inside `admin.action`.

    Args:
        explain: what follows for each of the rows, in a sentence or two.
        named: what a row is called there; by default as everywhere.
    """

    def around(step_of: Callable[[Any, HttpRequest], Step]) -> Any:
        @wraps(step_of)
        def asked(admin: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
            step = step_of(admin, request)
            if SURE in request.POST:
                admin.each(request, rows, step.act, step.done)
                return None
            along = admin.list_select_related
            rows = rows.select_related(*along) if isinstance(along, tuple | list) else rows
            chosen = list(rows[: MOST + 1])
            if len(chosen) > MOST:
                told = _("Choose at most %(most)s rows at a time. Nothing was done.")
                admin.message_user(request, told % {"most": words.number(MOST)}, messages.ERROR)
                return None
            told_of = [(row.pk, named(row), why_not(step, row)) for row in chosen]
            context = {
                **admin.admin_site.each_context(request),
                "title": dict(admin.get_action_choices(request))[request.POST["action"]],
                "opts": admin.opts,
                "rows": [(pk, name) for pk, name, why in told_of if not why],
                "left": [(name, why) for _pk, name, why in told_of if why],
                "explain": explain,
                "action": request.POST["action"],
                "checkbox": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/ask.html", context)

        return asked

    return around


def why_not(step: Step, row: Any) -> str:
    """Why a row would be left as it is, empty when it would be done: it is done, and undone.

    Args:
        step: of the action.
        row: one that was chosen.
    """
    try:
        with transaction.atomic():
            step.act(row)
            transaction.set_rollback(True)
    except Refused as refused:
        return str(refused)
    return ""
