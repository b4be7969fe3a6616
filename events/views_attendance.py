"""The desk at the door: who came, how many, and the list on paper or in a spreadsheet."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.reauth import fresh
from core import audit
from core.access import Refused, check, requires, visible
from core.pages.export import csv_file

from . import guards, services
from .columns import ATTENDANCE
from .forms import CountForm
from .models import Event, Registration
from .pages import find

MARKS = {
    "attended": services.mark_attended,
    "no_show": services.mark_no_show,
    "unmark": services.unmark,
}


def _rows(request: HttpRequest, event: Event) -> Any:
    """Everyone with a seat, by name."""
    return (
        visible(Registration, request.user)
        .filter(event=event, status__in=("registered", "attended", "no_show"))
        .select_related("business")
        .order_by("name", "pk")
    )


@requires("events.see_attendees")
@require_GET
def event_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """The check-in list: one big button per party; works as a typed list on a phone."""
    event = find(request, pk)
    check(request, "events.see_attendees", event)
    text = request.GET.get("q", "").strip()
    rows = _rows(request, event)
    if text:
        rows = rows.filter(name__icontains=text) | rows.filter(business__name__icontains=text)
    registrations = list(rows)
    context = {
        "event": event,
        "registrations": registrations,
        "q": text,
        "refusal": guards.may_take_attendance(event),
        "walk_ins": CountForm(initial={"count": event.walk_ins}, label=_("Walk-ins"), auto_id="walk_ins_%s"),
        "headcount": CountForm(initial={"count": event.headcount}, label=_("Headcount")),
    }
    return render(request, "events/desk_attendance.html", context)


@requires("core.write_desk")
@require_POST
def attendance_mark(request: HttpRequest, pk: int, registration_pk: int) -> HttpResponse:
    """Mark a party: came, did not come, or neither."""
    event = find(request, pk)
    check(request, "core.write_desk", event)
    registration = get_object_or_404(_rows(request, event), pk=registration_pk)
    step = MARKS.get(request.POST.get("mark", ""))
    if step is None:
        messages.error(request, _("Nothing was changed: that mark is not known."))
    else:
        try:
            step(registration=registration, actor=request.user)
        except Refused as refused:
            messages.error(request, str(refused.refusal.sentence))
    return redirect(f"{reverse('desk:event_attendance', args=[pk])}#r{registration.pk}")


@requires("core.write_desk")
@require_POST
def attendance_count(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Note walk-ins, or the headcount of a drop-in event."""
    event = find(request, pk)
    check(request, "core.write_desk", event)
    form = CountForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write a number of people."))
        return redirect("desk:event_attendance", pk=pk)
    step: Any = services.set_walk_ins if what == "walk-ins" else services.set_headcount
    try:
        step(event=event, count=form.cleaned_data["count"], actor=request.user)
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
    else:
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
