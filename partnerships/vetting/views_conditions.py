"""Conditions of an approval: met, or no longer asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access import check, requires, visible
from core.pages import confirm

from . import services
from .forms import WaiveForm
from .models import Condition
from .workflow import CONDITION


@requires("vetting.read_applications")
@require_http_methods(["GET", "POST"])
def condition(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and note that a condition was met."""
    row = _condition(request, pk)
    back = reverse("desk:application", args=[row.application_id])

    def meet() -> tuple[str, str]:
        services.meet_condition(condition=row, actor=request.user)
        return _("Noted. The condition is met."), back

    words = confirm.Question(
        question=_("Was this done: “%(condition)s”?") % {"condition": row.text},
        explain=_("The owner reads on their page that it is done. Reminders about it stop."),
        confirm=_("It is met"),
        keep=_("Leave it open"),
        back=back,
    )
    return confirm.ask(request, words, meet, refusal=CONDITION.refusal(row, "meet", request.user))


@requires("vetting.read_applications")
@require_http_methods(["GET", "POST"])
def condition_waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, and waive a condition."""
    row, form = _condition(request, pk), WaiveForm(request.POST or None)
    back = reverse("desk:application", args=[row.application_id])

    def waive() -> tuple[str, str]:
        services.waive_condition(condition=row, reason=form.cleaned_data["reason"], actor=request.user)
        return _("The condition is waived."), back

    words = confirm.Question(
        question=_("Waive “%(condition)s”?") % {"condition": row.text},
        explain=_(
            "%(name)s need not do it any more, and stays a partner. The owner reads on their page that it "
            "is no longer asked for. Reminders about it stop, and no mail goes out."
        )
        % {"name": row.application.organization.name},
        confirm=_("Waive it"),
        keep=_("Leave it open"),
        back=back,
        danger=True,
    )
    return confirm.ask(
        request, words, waive, form=form, refusal=CONDITION.refusal(row, "waive", request.user)
    )


def _condition(request: HttpRequest, pk: int) -> Condition:
    rows: Any = visible(Condition, request.user).select_related("application__organization")
    row: Condition = get_object_or_404(rows, pk=pk)
    check(request, "vetting.read_applications", row.application)
    return row
