"""allauth's questions, answered our way: mail through the outbox, limits per device, staff asked for TOTP."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from core.addresses import client_network
from core.models import Department

from . import devices, emails


class AccountAdapter(DefaultAccountAdapter):
    """How people sign in and up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": gettext_lazy(
            "Too many wrong tries. Ask for a new code, or wait 15 minutes."
        ),
        "email_password_mismatch": gettext_lazy("The email or the password is not right."),
        "incorrect_code": gettext_lazy("That code is not right. Check the newest mail and type it again."),
        "rate_limited": gettext_lazy("Too many tries in a short time. Wait 15 minutes, then try again."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail into the outbox; see `accounts.emails` for what each says."""
        emails.from_allauth(template_prefix, email, context)

    def get_client_ip(self, request: HttpRequest) -> str:
        """What is counted as one client; each request is one where nobody knows who asks."""
        return client_network(request) or f"unknown-{uuid.uuid4().hex}"

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Keep demonstration accounts out of a real site."""
        if user.is_demo and not settings.DEMO:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Note that this device is one of the user's."""
        response = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user)
        return response

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Take the name from the sign-up form and the language from the page."""
        user.full_name = form.cleaned_data.get("full_name", "")
        user.language = getattr(request, "LANGUAGE_CODE", "") or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ask the department's people for their second factor, never only for a password."""
        methods = super().get_reauthentication_methods(user)
        if getattr(user, "is_department", False):
            factors = [each for each in methods if each["id"].startswith("mfa_")]
            return factors or methods
        return methods

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts wrong passwords per site and address; we count per account and device.
        return devices.count_key(request, credentials.get("email", ""))


class SecondFactorAdapter(DefaultMFAAdapter):
    """How the second factor is named, and who may take it off."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "That code is not right. Wait for the next one in your app and type that."
        ),
        "cannot_delete_authenticator": gettext_lazy(
            "Your role needs a second factor. It can't be taken off."
        ),
    }

    def get_totp_issuer(self) -> str:
        """What the authenticator app shows beside the code."""
        department = Department.current()
        return f"{department.short_name} {department.product_name}"

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Members may do without; the department's roles may not."""
        return not authenticator.user.is_department
