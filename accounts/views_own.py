"""What people decide about themselves: which mail comes, a copy of what is held, a form that was not sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.access import requires
from core.mail.models import Consent
from core.mail.purposes import Purpose
from core.mail.reader import preferences
from core.pages import edit

from . import reauth, services, unsent
from .pages import base_template


@requires("core.be_signed_in")
@never_cache
@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest) -> HttpResponseBase:
    """Which mail comes to one's own address: the page that every mail links to, without its token."""
    user: Any = request.user
    sent = request.method == "POST"
    form = preferences.ChoicesForm(request.POST if sent else None, address=user.email)

    def choose() -> list[Consent]:
        preferences.refuse_too_often(user.email)
        return services.choose_mail(user=user, chosen=form.chosen, actor=user)

    changes = edit.attempt(form, choose)
    if changes is not None:
        messages.success(request, preferences.in_words(changes))
        return redirect("account_mail")
    context = {
        "service": preferences.EXPLAINED[Purpose.SERVICE],
        "duty": preferences.DUTY if getattr(request.user, "is_department", False) else "",
        "notice": preferences.notice_for(user.email),
        "base_template": base_template(request),
    }
    return edit.page(request, "accounts/mail.html", form, context)


@requires("core.be_signed_in")
@never_cache
@require_http_methods(["GET", "POST"])
def data(request: HttpRequest) -> HttpResponseBase:
    """What is held on oneself: a GET says what, a POST gives it as a file, to who showed who they are."""
    user: Any = request.user
    if request.method != "POST":
        return render(request, "accounts/data.html", {"base_template": base_template(request)})
    if (asked := reauth.ask_whoever_again(request)) is not None:
        return asked
    found = services.export_data(user=user)
    response = JsonResponse(found, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = (
        f'attachment; filename="your-data-{clock.today():%Y-%m-%d}.json"'
    )
    return response


@requires("core.be_signed_in")
@never_cache
@require_safe
def unsent_form(request: HttpRequest) -> HttpResponseBase:
    """What was sent while signed out, to be sent now."""
    found = unsent.held(request)
    if found is None:
        return redirect("account_home")
    return render(request, "accounts/unsent.html", {"base_template": base_template(request), "unsent": found})
