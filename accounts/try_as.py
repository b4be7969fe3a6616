"""Signing in to the demonstration with one click, second factor included."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from core import access
from core.roles import Role

from .models import User


@dataclass(frozen=True)
class Part:
    """One way to look around: whom to be, and what they come to do."""

    role: str
    label: Any
    text: Any


PARTS = (
    Part(Role.MEMBER, _("Owner"), _("runs a shop and applies")),
    Part(Role.OFFICER, _("Officer"), _("reviews and visits")),
    Part(Role.SUPERVISOR, _("Supervisor"), _("decides")),
    Part(Role.ADMIN, _("Admin"), _("sets it all up")),
)


def is_on() -> bool:
    """Whether this is a demonstration."""
    return bool(settings.DEMO and settings.DEMO_PERMITTED)


def account_for(role: str) -> User | None:
    """The first demonstration account of a role, by the order in which they were made."""
    return User.objects.filter(is_demo=True, is_active=True, role=role).order_by("pk").first()


def parts() -> list[Part]:
    """The parts that can be played: those with an account, nothing outside a demonstration."""
    if not is_on():
        return []
    return [part for part in PARTS if account_for(part.role)]


@access.public
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the demonstration's owner, officer, supervisor or admin (POST `role`)."""
    if not is_on():
        raise Http404
    role = request.POST.get("role", "")
    user = account_for(role) if role in {part.role for part in PARTS} else None
    if user is None:
        raise Http404
    adapter = get_adapter(request)
    if request.user.is_authenticated:
        adapter.logout(request)
    adapter.login(request, user)
    record_authentication(request, user, method="code", email=user.email)
    _show_second_factor(request, user)
    return redirect("account_home")


@access.requires("core.be_signed_in")
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Show the second factor again with one click, where a page asked for it (POST `next`)."""
    user = request.user
    if not is_on() or not getattr(user, "is_demo", False):
        raise Http404
    _show_second_factor(request, user, again=True)
    after = request.POST.get("next", "")
    return redirect(after if after and get_adapter(request).is_safe_url(after) else "account_home")


def _show_second_factor(request: HttpRequest, user: Any, again: bool = False) -> None:
    authenticator = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if authenticator is not None:
        authenticator.user = user
        post_authentication(request, authenticator, reauthenticated=again)
