"""Sign-in, sign-up and one's own details."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    AddEmailForm,
    ChangeEmailForm,
    ChangePasswordForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from allauth.account.forms import ReauthenticateForm as ReauthenticateByPasswordForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.internal.flows.email_verification import get_address_for_user
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from allauth.account.utils import has_verified_email
from allauth.core import context
from allauth.core.internal.ratelimit import consume
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import mailboxes
from core.codes import CodeFormField
from core.mailboxes import MailboxFormField
from core.names import NameFormField
from core.pages.edit import VersionedModelForm

from . import devices, emails, services, signals
from .models import User
from .pages import expect_address, expected_address

MAILED, FROM_APP = (8,), (6,)  # digits of a code
APP_OR_RECOVERY = (6, 8)
LABEL = _("Email")


class SignInAddressField(MailboxFormField):
    """The address of an account: however it is typed, in the one spelling in which it is kept."""

    def __init__(self, label: Any = LABEL) -> None:
        attrs = {
            "autocomplete": "email",
            "inputmode": "email",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        super().__init__(
            label=label,
            max_length=254,
            widget=forms.EmailInput(attrs=attrs),
            error_messages={"required": _("Write your email address.")},
        )

    def to_python(self, value: Any) -> str:
        return mailboxes.normal(super().to_python(value))


@contextmanager
def _taken_back() -> Iterator[None]:
    """Do what is in the block, and undo it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _count(action: str, email: str) -> None:
    """Count that mail to an address was asked for.

    Raises:
        ValidationError: often enough, from this device or network.
    """
    request = context.request
    if request is None:  # a form outside of a request asks for no mail
        return
    key = devices.mail_key(request, email)
    if not consume(request, app="allauth.account", action=action, key=key):
        raise get_adapter().validation_error("rate_limited")


def _count_everywhere(action: str, email: str) -> None:
    """Count over all networks, for mail of which any one will do: a link, and no code for one browser.

    Raises:
        ValidationError: often enough, and this device never signed in to the account.
    """
    request = context.request
    if request is None or devices.knows(request, email):
        return
    if not consume(request, app="allauth.account", action=action, key=devices.name_of(email)):
        raise get_adapter().validation_error("rate_limited")


class RequestCodeForm(RequestLoginCodeForm):
    """Ask for a code. Counted per address and device, so that a stranger can't keep someone out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = SignInAddressField()

    def clean_email(self) -> str:
        """Find the account, if there is one; the answer never tells."""
        email: str = self.cleaned_data["email"]
        _count("request_login_code", email)
        users = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
        self._user = users[0] if users else None
        expect_address(context.request, email)  # who has no account yet makes one with it next
        if self._user is not None:
            services.ensure_address(user=self._user)
        return email


class SignInForm(LoginForm):
    """An address, and a password for who set one; without it a code is mailed."""

    field_order = ["login", "password"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = SignInAddressField()
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
        self.fields["email"] = SignInAddressField()
        self.fields["email"].initial = expected_address(context.request)
        self.order_fields(self.field_order)

    def clean_email(self) -> str:
        """As allauth's, and counted."""
        email: str = super().clean_email()
        _count("signup_mail", email)
        return email

    def try_save(self, request: Any) -> Any:
        """Do the work of both answers and keep one, so that the time it takes tells of no account.

        The address holds one transaction around it, so that both end with one commit.
        """
        email = self.cleaned_data["email"]
        if self.account_already_exists:
            with _taken_back():
                self._open_account_of_nobody(request)
            return super().try_save(request)
        with _taken_back():
            emails.account_exists(email, {})
        return super().try_save(request)

    def _open_account_of_nobody(self, request: Any) -> None:
        """What is done for an unknown address, with what allauth looks up, for one that nobody has."""
        email = self.cleaned_data["email"]
        decoy = f"{uuid.uuid4().hex}@nobody.invalid"
        self.cleaned_data["email"], self.account_already_exists = decoy, False
        try:
            user = self.save(request)
            signals.note_signed_up(user)
            has_verified_email(user)
            address = get_address_for_user(user)
            EmailAddress.objects.get_for_user(address.user, decoy)
            emails.signup_code(decoy, {"code": get_adapter().generate_email_verification_code()})
        finally:
            self.cleaned_data["email"], self.account_already_exists = email, True


class ResetPasswordForm(AllauthResetPasswordForm):
    """Ask for the link that sets a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = SignInAddressField()

    def clean_email(self) -> str:
        """As allauth's, and counted."""
        email: str = super().clean_email()
        _count("reset_password_mail", email)
        _count_everywhere("reset_password_mail_everywhere", email)
        return email


class PasswordWords(forms.BaseForm):
    """Passwords, asked for in our own words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {
            "password": _("Write your password."),
            "oldpassword": _("Write your present password."),
            "password1": _("Write a new password."),
            "password2": _("Write the new password once more."),
        }
        for name in self.fields.keys() & asked.keys():
            self.fields[name].error_messages["required"] = asked[name]


class OtherPasswordForm(PasswordWords, ChangePasswordForm):
    """Another password, by who knows the present one."""


class PasswordAgainForm(PasswordWords, ReauthenticateByPasswordForm):
    """The password, asked again before a step that matters."""


class FirstPasswordForm(PasswordWords, SetPasswordForm):
    """A password for an account that has none."""


class NewPasswordForm(PasswordWords, ResetPasswordKeyForm):
    """A new password, by the link of a mail."""


class OtherEmailForm(AddEmailForm):
    """Another address to sign in with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = SignInAddressField(_("New email"))


class NewEmailForm(ChangeEmailForm):
    """Another one, while the first is not proved yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = SignInAddressField(_("New email"))


class ConfirmAddressForm(ConfirmEmailVerificationCodeForm):
    """The code from the mail that proves an address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _mailed_code()


class ConfirmCodeForm(ConfirmLoginCodeForm):
    """The code from the mail; wrong ones are counted per account and device or network."""

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
    return "code:" + devices.mail_key(request, email or "")


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
