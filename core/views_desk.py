"""The desk's pages on outgoing mail: the list with its health, one mail with its life, its preview."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from . import health, mail_list, outbox
from .access import refusal, requires, visible
from .components import Segment
from .lists import ListPage
from .models import OutgoingMail, Status
from .outbox import life

# A mail is shown as what it is: a foreign document. No script, no form, no fetch, an origin of its own.
PREVIEW_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_HEAVY = ("text", "html", "life")


def _mails(request: HttpRequest) -> Any:
    return visible(OutgoingMail, request.user)


@requires("core.read_mail")
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """Outgoing mail, newest first, with the state of what carries it."""
    rows = _mails(request)
    page = ListPage(
        request,
        rows.defer(*_HEAVY),
        columns=mail_list.COLUMNS,
        filterset_class=mail_list.MailFilter,
        default_sort="-due",
        noun=(_("mail"), _("mails")),
        empty_title=_("No mail yet"),
        empty_text=_("Every mail that the registry sends appears here, from the moment it is planned."),
        caption=_("Outgoing mail"),
    )
    here = reverse("desk:mail")
    chosen = request.GET.get("status", "")
    trouble = rows.in_trouble().count()
    segments = [
        Segment(_("All"), here, current=not chosen),
        Segment(
            _("Waiting"), f"{here}?status={Status.WAITING.value}", current=chosen == Status.WAITING.value
        ),
        Segment(_("Sent"), f"{here}?status={Status.SENT.value}", current=chosen == Status.SENT.value),
        Segment(_("In trouble"), f"{here}?status=trouble", current=chosen == "trouble", count=trouble),
    ]
    return render(
        request,
        "core/mail_list.html",
        {"list": page, "segments": segments, "checks": health.checks(), "trouble": trouble},
    )


@requires("core.read_mail")
@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail: to whom and why, what became of it, and how it reads."""
    row = get_object_or_404(_mails(request), pk=pk)
    return render(
        request,
        "core/mail_message.html",
        {
            "mail": row,
            "tone": mail_list.tone(row),
            "room": mail_list.room_label(row.room),
            "entries": life.entries(row),
            "in_trouble": row.status in (Status.FAILED, Status.UNKNOWN),
            "refusal": refusal(request.user, "core.retry_mail", row),
            "shown": row.has_body and not row.is_redacted,
        },
    )


@requires("core.read_mail")
@require_safe
@xframe_options_sameorigin
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML as the recipient sees it, in a sandbox of its own."""
    row = get_object_or_404(_mails(request), pk=pk)
    if row.is_redacted or not row.has_body or not row.html:
        raise Http404
    response = HttpResponse(row.html)
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@requires("core.retry_mail")
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a failed or uncertain mail again."""
    row = get_object_or_404(_mails(request), pk=pk)
    outbox.retry(mail=row, actor=request.user)
    messages.success(
        request, _("“%(subject)s” goes out to %(to)s again.") % {"subject": row.subject, "to": row.to}
    )
    return redirect("desk:mail_message", row.pk)
