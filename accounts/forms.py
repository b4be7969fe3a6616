"""Sign-in, sign-up and one's own details."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ChangeEmailForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    SignupForm,
)
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context
from allauth.core.internal.ratelimit import consume
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.codes import CodeFormField
from core.names import NameFormField
from core.pages.edit import VersionedModelForm

from . import devices, services
from .models import User
from .pages import expect_address, expected_address

MAILED, FROM_APP = (8,), (6,)  # digits of a code
APP_OR_RECOVERY = (6, 8)


def _email_attrs(field: forms.Field) -> None:
    field.label = _("Email")
    field.error_messages["required"] = _("Write your email address.")
    field.widget.attrs.update(
        {"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
    )
    field.widget.attrs.pop("placeholder", None)


class RequestCodeForm(RequestLoginCodeForm):
    """Ask for a code. Counted per address and device, so that a stranger can't keep someone out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _email_attrs(self.fields["email"])

    def clean_email(self) -> str:
        """Find the account, if there is one; the answer never tells."""
        email: str = self.cleaned_data["email"].strip().lower()
        request = context.request
        key = devices.count_key(request, email)
        if not consume(request, app="allauth.account", action="request_login_code", key=key):
            raise get_adapter().validation_error("rate_limited")
        users = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
        self._user = users[0] if users else None
        expect_address(request, email)  # who has no account yet makes one with it next
        if self._user is not None:
            services.ensure_address(user=self._user)
        return email


class SignInForm(LoginForm):
    """An address, and a password for who set one; without it a code is mailed."""

    field_order = ["login", "password"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _email_attrs(self.fields["login"])
        self.fields["login"].initial = expected_address(context.request)
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            required=False,
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        self.order_fields(self.field_order)

    def _clean_without_password(self, email: str | None, phone: str | None) -> dict[str, Any]:
        form = RequestCodeForm({"email": email})
        if form.is_valid():
            self.user = form._user
        for error in form.errors.get("email", []):
            self.add_error("login", error)
        cleaned: dict[str, Any] = self.cleaned_data
        return cleaned


class SignUpForm(SignupForm):
    """A name and an address; no password. The code comes by mail."""

    full_name = NameFormField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    field_order = ["full_name", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _email_attrs(self.fields["email"])
        self.fields["email"].initial = expected_address(context.request)
        self.order_fields(self.field_order)


class ResetPasswordForm(AllauthResetPasswordForm):
    """Ask for the link that sets a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _email_attrs(self.fields["email"])


class NewEmailForm(ChangeEmailForm):
    """Another address to sign in with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _email_attrs(self.fields["email"])
        self.fields["email"].label = _("New email")


class ConfirmAddressForm(ConfirmEmailVerificationCodeForm):
    """The code from the mail that proves an address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _mailed_code()


class ConfirmCodeForm(ConfirmLoginCodeForm):
    """The code from the mail; wrong ones are counted per account and device."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _mailed_code()

    def clean_code(self) -> str:
        """Compare, unless five wrong ones came before."""
        request = context.request
        usage = consume(request, app="allauth.account", action="login_failed", key=_pending_key(request))
        if not usage:
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()
        usage.rollback()
        return code


def _pending_key(request: Any) -> str:
    stage = getattr(request, "_login_stage", None)
    email = stage.state.get("email") if stage is not None else ""
    return "code:" + devices.count_key(request, email or "")


class SecondFactorForm(AuthenticateForm):
    """The code from the authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _second_factor()


class SecondFactorAgainForm(ReauthenticateForm):
    """The same, asked again before a step that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _second_factor()


class ActivateSecondFactorForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code(
            FROM_APP,
            label=_("Code that the app shows now"),
            required=_("Write the code that the app shows."),
            help_text=_("Six digits."),
        )


def _mailed_code() -> CodeFormField:
    return _code(MAILED, label=_("Code from the mail"), required=_("Write the code from the mail."))


def _second_factor() -> CodeFormField:
    return _code(
        APP_OR_RECOVERY,
        label=_("Code from your app"),
        required=_("Write the code from your app."),
        help_text=_("Six digits. Without your phone, type one of your recovery codes."),
    )


def _code(lengths: tuple[int, ...], *, required: Any, **words: Any) -> CodeFormField:
    field = CodeFormField(lengths=lengths, error_messages={"required": required}, **words)
    field.widget.attrs["autofocus"] = "autofocus"
    return field


class DetailsForm(VersionedModelForm):
    """What people may change about themselves. Role, title and badge belong to the admin."""

    class Meta:
        model = User
        fields = ("full_name", "phone", "language")
        field_classes = {"full_name": NameFormField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True
        self.fields["full_name"].error_messages["required"] = _("Write your name.")
        self.fields["full_name"].widget.attrs["autocomplete"] = "name"
        self.fields["phone"].widget = forms.TextInput(
            attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}
        )
        if len(settings.LANGUAGES) > 1:
            choices = settings.LANGUAGES
            self.fields["language"] = forms.ChoiceField(label=_("Preferred language"), choices=choices)
        else:
            del self.fields["language"]
