"""Where people go after signing in, and what they may change about themselves."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.access import requires, visible
from core.pages import edit
from core.roles import DESK, Role, role_of

from . import second_factor, services
from .forms import DetailsForm
from .models import User
from .pages import base_template


@requires("core.be_signed_in")
def home(request: HttpRequest) -> HttpResponse:
    """Send everyone to where their work is."""
    role = role_of(request.user)
    if role in DESK:
        return redirect("/desk/")
    if role == Role.ADMIN:
        return redirect("admin:index")
    return redirect("/portal/")


@requires("core.be_signed_in")
def settings_page(request: HttpRequest) -> HttpResponse:
    """How you sign in, and who you are here."""
    codes = Authenticator.objects.filter(
        user_id=request.user.pk, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    return render(
        request,
        "accounts/settings.html",
        {
            "base_template": base_template(request),
            "second_factor": second_factor.is_set_up(request.user),
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        },
    )


@requires("core.be_signed_in")
def details(request: HttpRequest) -> HttpResponse:
    """Name, phone and language."""
    user = get_object_or_404(visible(User, request.user), pk=request.user.pk)
    form = DetailsForm(request.POST or None, instance=user)
    saved = edit.attempt(
        form,
        lambda: services.update_user(user=user, changes=form.values(), actor=user, seen=form.seen),
    )
    if saved is not None:
        messages.success(request, _("Your details are saved."))
        return redirect("account_settings")
    return edit.page(request, "accounts/details.html", form, {"base_template": base_template(request)})
