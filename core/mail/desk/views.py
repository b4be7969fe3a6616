"""The desk's pages on outgoing mail: the list with its health, one mail with its life, preview and steps."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from core.access import refusal, requires, visible
from core.mail import suppressions
from core.mail.desk.page import PREVIEW_POLICY
from core.mail.models import OutgoingMail, Suppression
from core.mail.outbox import life
from core.mailboxes import normal
from core.pages.confirm import ask

from . import lists
from . import (
    page as mail_page,
)
from . import (
    steps as mail_steps,
)
from .columns import room_label


def _mails(request: HttpRequest) -> Any:
    return visible(OutgoingMail, request.user)


@requires("mail.read_mail")
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponseBase:
    """Outgoing mail, newest first, with the state of what carries it."""
    return lists.outgoing(request).respond(request)


@requires("mail.read_mail")
@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail: to whom and why, what became of it, and how it reads."""
    row = get_object_or_404(_mails(request).select_related("copy_of"), pk=pk)
    seen = lists.seen_of([row])
    if request.headers.get("X-Seen") == seen:
        return HttpResponse(status=204)
    trouble = suppressions.trouble_of([row.to]).get(normal(row.to))
    return render(
        request,
        "mail/mail_message.html",
        {
            "mail": row,
            "tone": row.tone,
            "room": room_label(row.room),
            "entries": life.entries(row),
            "answer": life.answer_words(row.last_error),
            "steps": mail_steps.offered(request.user, row, trouble is not None),
            "trouble": trouble,
            "shown": row.has_body and not row.is_redacted,
            "text": mail_page.without_secrets(row.text),
            "replies": mail_page.replies_go_to(row),
            "consent": mail_page.consent_words(row),
            "reminders": mail_page.reminder_rows(request.user, row),
            "copies": _mails(request).filter(copy_of=row).only("pk", "status", "planned_at"),
            "seen": seen,
            "moving": mail_page.is_moving(row),
        },
    )


@requires("mail.read_mail")
@require_safe
@xframe_options_sameorigin
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML as the recipient sees it, in a sandbox of its own."""
    row = get_object_or_404(_mails(request), pk=pk)
    if row.is_redacted or not row.has_body or not row.html:
        raise Http404
    response = HttpResponse(mail_page.unlinked(mail_page.without_secrets(row.html)))
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@requires("mail.read_mail")
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Ask, then send a mail again, release it, drop it, set it aside, or let mail to its address go."""
    row = get_object_or_404(_mails(request), pk=pk)
    chosen = mail_steps.STEPS[step]
    names = {"subject": row.subject, "to": row.recipient_name or row.to}
    if step == "lift":
        names["to"] = row.to

    def act() -> tuple[Any, str]:
        changed = chosen.act(mail=row, actor=request.user)
        return chosen.done % names, reverse("desk:mail_message", args=[changed.pk])

    question = chosen.asked(names, back=reverse("desk:mail_message", args=[row.pk]))
    found = refusal(request.user, chosen.permission, row)
    return ask(request, question, act, form=mail_steps.StepForm(request.POST or None), refusal=found)


@requires("mail.read_mail")
@require_safe
def held_back_list(request: HttpRequest) -> HttpResponseBase:
    """The addresses that mail leaves alone, with why and whose they are."""
    return lists.HELD_BACK.respond(request)


@requires("mail.read_mail")
@require_http_methods(["GET", "POST"])
def held_back_lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then let mail go to an address again."""
    row = get_object_or_404(visible(Suppression, request.user), pk=pk)
    lift, names, back = mail_steps.STEPS["lift"], {"to": row.address}, reverse("desk:mail_held_back")

    def act() -> tuple[Any, str]:
        suppressions.lift(address=row.address, actor=request.user)
        return lift.done % names, back

    found = refusal(request.user, lift.permission) or (suppressions.NOT_HELD if row.lifted_at else None)
    form = mail_steps.StepForm(request.POST or None)
    return ask(request, lift.asked(names, back=back), act, form=form, refusal=found)
