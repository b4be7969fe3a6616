"""Mail, for its readers: which of it comes, and stopping it with one click. Nobody signs in for that."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.access import public
from core.mail import links as mail_links
from core.mail.models import Consent, OutgoingMail
from core.mail.purposes import How, Purpose
from core.pages import edit

from . import preferences


def _quiet(response: HttpResponse) -> HttpResponse:
    """A page behind a secret link: not for search engines, and its address goes nowhere else.

    Not `no-referrer`: browsers then name no origin when the form is sent, and it would be refused.
    """
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@public
@never_cache
@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest, token: str) -> HttpResponse:
    """Which mail comes to the address that a mail went to. A GET shows it, a POST saves it."""
    mail = mail_links.mail_of_page(token)
    if mail is None:
        raise Http404
    sent = request.method == "POST"
    form = preferences.ChoicesForm(request.POST if sent else None, address=mail.to)

    def save() -> list[Consent]:
        preferences.refuse_too_often(mail.to)
        return preferences.save(
            address=mail.to, chosen=form.chosen, how=How.PREFERENCES, source=f"mail-{mail.pk}"
        )

    changes = edit.attempt(form, save)
    if changes is not None:
        messages.success(request, preferences.in_words(changes))
        return redirect("public:preferences", token=token)
    context = {
        "address": preferences.masked(mail.to),
        "service": preferences.EXPLAINED[Purpose.SERVICE],
        # Only behind the link of such a mail: the page does not tell who works here.
        "duty": preferences.DUTY if mail.is_duty else "",
        "notice": preferences.notice_for(mail.to),
        "base_template": "public/base.html",
    }
    return _quiet(edit.page(request, "mail/preferences.html", form, context))


@public
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one kind of mail, as RFC 8058 has it: a POST does it, without cookies, and answers 200.

    A GET shows one button and changes nothing: programs that scan mail follow its links. The token is the
    proof, so there is no CSRF token to ask for.
    """
    mail = mail_links.mail_of_one_click(token)
    if mail is None:
        raise Http404
    done = request.method == "POST"
    if done:
        by_program = request.POST.get("List-Unsubscribe") == "One-Click"
        preferences.unsubscribe(mail=mail, how=How.ONE_CLICK if by_program else How.PREFERENCES)
    return _quiet(render(request, "mail/preferences_unsubscribe.html", _unsubscribed(mail, done=done)))


def _unsubscribed(mail: OutgoingMail, *, done: bool) -> dict[str, object]:
    what = Purpose(mail.purpose).label
    return {
        "done": done,
        "what": what,
        "explained": preferences.EXPLAINED[mail.purpose],
        "address": preferences.masked(mail.to),
        "page_url": mail_links.page_path(mail),
        "heading": (_("%(what)s: stopped") if done else _("%(what)s: stop them?")) % {"what": what},
    }
