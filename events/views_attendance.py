"""The desk at the door: who came, how many, and the list on paper or in a spreadsheet."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.reauth import fresh
from core import audit
from core.access import Refused, check, requires, visible
from core.folding import has_words, in_order
from core.pages import edit
from core.pages.export import csv_file

from . import guards, services
from .columns import ATTENDANCE
from .forms import CountForm
from .models import Event, Registration
from .pages import find

MARKS: dict[str, Callable[..., Registration]] = {
    "attended": services.mark_attended,
    "no_show": services.mark_no_show,
    "unmark": services.unmark,
}
# What is counted at the door, by the name of its column: in words, and what notes it.
COUNTS: dict[str, tuple[Any, Callable[..., Event]]] = {
    "walk_ins": (gettext_lazy("Walk-ins"), services.set_walk_ins),
    "headcount": (gettext_lazy("Headcount"), services.set_headcount),
}


def _rows(request: HttpRequest, event: Event) -> Any:
    """Everyone with a seat, by name."""
    rows: Any = visible(Registration, request.user).filter(event=event)
    return rows.seated().select_related("business", "event").order_by(in_order("name"), "pk")


@requires("events.see_attendees")
@require_GET
def event_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """The check-in list: one big button per party; works as a typed list on a phone."""
    event = find(request, pk)
    check(request, "events.see_attendees", event)
    return _page(request, event)


def _page(
    request: HttpRequest, event: Event, counted: CountForm | None = None, what: str = ""
) -> HttpResponse:
    """The list with the counts beside it; with the one that was sent and not taken, as it was typed."""
    text = request.GET.get("q", "").strip()
    rows = _rows(request, event)
    if text:
        rows = rows.filter(has_words(text, "search_text", "business__search_text"))
    registrations = list(rows)
    context = {
        "event": event,
        "registrations": registrations,
        "q": text,
        "refusal": guards.may_take_attendance(event),
        **{name: _count_form(event, name) for name in COUNTS},
        **({what: counted} if counted else {}),
        "refused": edit.refusal_of(counted) if counted else None,
    }
    status = edit.answer_of(counted) if counted else 200
    return render(request, "events/desk_attendance.html", context, status=status)


def _count_form(event: Event, what: str, typed: QueryDict | None = None) -> CountForm:
    """The form of one count; each has names of its own, since the page may hold several."""
    return CountForm(
        typed, initial={"count": getattr(event, what)}, label=COUNTS[what][0], auto_id=f"{what}_%s"
    )


@requires("core.write_desk")
@require_POST
def attendance_mark(request: HttpRequest, pk: int, registration_pk: int) -> HttpResponse:
    """Mark a party: came, did not come, or neither."""
    event = find(request, pk)
    check(request, "core.write_desk", event)
    registration = get_object_or_404(_rows(request, event), pk=registration_pk)
    mark, came = request.POST.get("mark", ""), request.POST.get("came", "").strip()
    step = MARKS.get(mark)
    if step is None:
        messages.error(request, _("Nothing was changed: that mark is not known."))
    else:
        # What is no number is 0 here, which the service refuses with its sentence.
        counted = {"came": int(came) if came.isdecimal() else 0} if came and mark == "attended" else {}
        try:
            step(registration=registration, actor=request.user, **counted)
        except Refused as refused:
            messages.error(request, str(refused.refusal.sentence))
    return redirect(f"{reverse('desk:event_attendance', args=[pk])}#r{registration.pk}")


@requires("core.write_desk")
@require_POST
def attendance_count(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Note walk-ins, or the headcount of a drop-in event."""
    event = find(request, pk)
    check(request, "core.write_desk", event)
    name = what.replace("-", "_")
    _label, note = COUNTS[name]
    form = _count_form(event, name, request.POST)
    noted = edit.attempt(
        form, lambda: note(event=event, count=form.cleaned_data["count"], actor=request.user)
    )
    if noted is None:
        return _page(request, event, form, name)
    messages.success(request, _("Saved."))
    return redirect("desk:event_attendance", pk=pk)


@requires("events.see_attendees")
@require_GET
def attendance_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The list for paper, with a box to tick."""
    event = find(request, pk)
    check(request, "events.see_attendees", event)
    return render(
        request, "events/desk_print.html", {"event": event, "registrations": list(_rows(request, event))}
    )


@requires("events.see_attendees")
@require_GET
@fresh
def attendance_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The list for a spreadsheet; cells that look like formulas are neutralized."""
    event = find(request, pk)
    check(request, "events.see_attendees", event)
    audit.record("events.attendance_exported", event)
    return csv_file(event.slug, ATTENDANCE, _rows(request, event))
