"""The mail of signing in, and who gets which.

All but the welcome is `SECURITY`: shown to nobody, purged once sent.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, links, mailboxes
from core.mail.outbox import Mail, Reader, Wanted, declared
from core.mail.purposes import Category
from core.roles import Role

from .models import User

CODE_MINUTES = 15


@dataclass(frozen=True)
class CodeMail:
    """A code to type; `minutes` until it ends."""

    code: str
    purpose: str
    minutes: int


@dataclass(frozen=True)
class LinkMail:
    """One button."""

    url: str


@dataclass(frozen=True)
class NoticeMail:
    """What changed about the account's security, and where to look."""

    what: str
    url: str


@dataclass(frozen=True)
class WelcomeMail:
    """How to sign in for the first time.

    Args:
        name: whose account it is.
        role: what they are here, in words.
        address: what to give as the address.
        url: the page to sign in on.
        second_factor: whether an authenticator app is asked for.
    """

    name: str
    role: str
    address: str
    url: str
    second_factor: bool


NOTICES = {
    "account/email/email_changed": gettext_lazy("The email address of your account was changed."),
    "account/email/email_confirm": gettext_lazy("Your email address was confirmed."),
    "account/email/email_deleted": gettext_lazy("An email address was removed from your account."),
    "account/email/password_changed": gettext_lazy("Your password was changed."),
    "account/email/password_reset": gettext_lazy("Your password was set anew."),
    "account/email/password_set": gettext_lazy("A password was set for your account."),
    "mfa/email/recovery_codes_generated": gettext_lazy("New recovery codes were made for your account."),
    "mfa/email/totp_activated": gettext_lazy("An authenticator app was set up for your account."),
    "mfa/email/totp_deactivated": gettext_lazy("The authenticator app was taken off your account."),
}

LOGIN_WHY = gettext_lazy("You get this because someone asked to sign in with this address.")

CODE = Mail(
    template="accounts/code",
    name=gettext_lazy("Sign-in code"),
    trigger=gettext_lazy("Signing in, opening an account, changing the address"),
    audience=gettext_lazy("Whoever typed the address"),
    category=Category.SECURITY,
    subject=gettext_lazy("Your sign-in code"),
    sample=lambda: CodeMail(code="482913", purpose=_("to sign in"), minutes=CODE_MINUTES),
    why=LOGIN_WHY,
)
ACCOUNT_EXISTS = Mail(
    template="accounts/account_exists",
    name=gettext_lazy("You already have an account"),
    trigger=gettext_lazy("Opening an account with an address that has one"),
    audience=gettext_lazy("The account’s owner"),
    category=Category.SECURITY,
    subject=gettext_lazy("You already have an account"),
    sample=lambda: LinkMail(url=links.absolute(reverse("account_login"))),
    why=gettext_lazy("You get this because someone tried to open an account with this address."),
)
UNKNOWN_ACCOUNT = Mail(
    template="accounts/unknown_account",
    name=gettext_lazy("No account with this address"),
    trigger=gettext_lazy("Signing in with an address that has no account"),
    audience=gettext_lazy("Whoever has the address"),
    category=Category.SECURITY,
    subject=gettext_lazy("No account with this address"),
    sample=lambda: LinkMail(url=links.absolute(reverse("account_signup"))),
    why=gettext_lazy("You get this because someone tried to sign in with this address."),
)
PASSWORD_RESET = Mail(
    template="accounts/password_reset",
    name=gettext_lazy("Set a new password"),
    trigger=gettext_lazy("Asking for a new password"),
    audience=gettext_lazy("The account’s owner"),
    category=Category.SECURITY,
    subject=gettext_lazy("Set a new password"),
    sample=lambda: LinkMail(url=links.absolute("/accounts/password/reset/key/4-c0ffee/")),
    why=gettext_lazy("You get this because someone asked to set a new password for your account."),
)
NOTICE = Mail(
    template="accounts/notice",
    name=gettext_lazy("A change to the account"),
    trigger=gettext_lazy("Address, password or second factor changed"),
    audience=gettext_lazy("The account’s owner"),
    category=Category.SECURITY,
    subject=gettext_lazy("A change to your account"),
    sample=lambda: NoticeMail(
        what=str(NOTICES["mfa/email/totp_activated"]), url=links.absolute(reverse("account_login"))
    ),
    why=gettext_lazy("You get this for every change to how you sign in."),
)
WELCOME = Mail(
    template="accounts/welcome",
    name=gettext_lazy("Welcome"),
    trigger=gettext_lazy("An administrator made an account"),
    audience=gettext_lazy("The account’s owner"),
    category=Category.SERVICE,
    subject=gettext_lazy("Your account is ready"),
    sample=lambda: WelcomeMail(
        name="Dana Reyes",
        role=str(Role.OFFICER.label),
        address="d.reyes@department.example",
        url=links.absolute(reverse("account_login")),
        second_factor=True,
    ),
    why=gettext_lazy("You get this because an administrator made an account for you."),
    wanted=Wanted(
        "accounts.user:open", lambda mail: User.objects.filter(pk=mail.subject_id, is_active=True).exists()
    ),
)
MAILS = declared(vars())


def _send(mail: Mail, email: str, payload: Callable[[], object], *, rule: str = "", **more: Any) -> None:
    """To an address, whether or not it has an account."""
    address = mailboxes.normal(email)
    person = User.objects.filter(email=address).first()
    mail.send(
        to=replace(Reader.of(person), to=email) if person else Reader(address, email),
        # Each asking is an occurrence of its own: two codes to one person are two mails.
        key=f"{rule or mail.template.replace('/', '.')}:{address}:{uuid.uuid4().hex}",
        payload=payload,
        **more,
    )


def _send_code(email: str, code: str, purpose: Any, *, rule: str, **more: Any) -> None:
    _send(
        CODE,
        email,
        lambda: CodeMail(code=code, purpose=str(purpose), minutes=CODE_MINUTES),
        rule=rule,
        useless_after=clock.now() + timedelta(minutes=CODE_MINUTES),
        **more,
    )


def login_code(email: str, context: dict[str, Any]) -> None:
    """The code that signs in."""
    _send_code(email, context["code"], gettext_lazy("to sign in"), rule="accounts.login_code")


def signup_code(email: str, context: dict[str, Any]) -> None:
    """The code that proves a new account's address."""
    _send_code(
        email,
        context["code"],
        gettext_lazy("to open your account"),
        rule="accounts.signup_code",
        subject=gettext_lazy("Your code to open an account"),
        why=gettext_lazy("You get this because someone opened an account with this address."),
    )


def address_code(email: str, context: dict[str, Any]) -> None:
    """The code that proves a changed address."""
    _send_code(
        email,
        context["code"],
        gettext_lazy("to confirm this address"),
        rule="accounts.address_code",
        subject=gettext_lazy("Confirm your new address"),
        why=gettext_lazy("You get this because someone entered this address for their account."),
    )


def account_exists(email: str, context: dict[str, Any]) -> None:
    """Someone tried to sign up with an address that has an account."""
    _send(ACCOUNT_EXISTS, email, lambda: LinkMail(url=links.absolute(reverse("account_login"))))


def unknown_account(email: str, context: dict[str, Any]) -> None:
    """Someone tried to sign in with an address that has no account."""
    _send(UNKNOWN_ACCOUNT, email, lambda: LinkMail(url=links.absolute(reverse("account_signup"))))


def password_reset(email: str, context: dict[str, Any]) -> None:
    """The link that sets a new password."""
    # Only the path is taken over: the host of a request is whatever the sender wrote.
    path = urlsplit(context["password_reset_url"]).path
    _send(PASSWORD_RESET, email, lambda: LinkMail(url=links.absolute(path)))


def notice(email: str, what: Any) -> None:
    """Something about the account's security changed."""
    _send(NOTICE, email, lambda: NoticeMail(what=str(what), url=links.absolute(reverse("account_login"))))


def welcome(user: User) -> None:
    """To someone for whom an administrator made an account."""
    WELCOME.send(
        to=Reader.of(user),
        about=user,
        payload=lambda: WelcomeMail(
            name=user.display_name,
            role=str(user.get_role_display()),
            address=user.email,
            url=links.absolute(reverse("account_login")),
            second_factor=user.is_department,
        ),
    )


SENDERS: dict[str, Callable[[str, dict[str, Any]], None]] = {
    "account/email/login_code": login_code,
    "account/email/email_confirmation_signup": signup_code,
    "account/email/email_confirmation": address_code,
    "account/email/account_already_exists": account_exists,
    "account/email/unknown_account": unknown_account,
    "account/email/password_reset_key": password_reset,
}


def from_allauth(template: str, email: str, context: dict[str, Any]) -> None:
    """Queue the mail that allauth names by its template.

    Raises:
        KeyError: allauth has a mail that is not in `SENDERS` or `NOTICES`.
    """
    if template in SENDERS:
        SENDERS[template](email, context)
    else:
        notice(email, NOTICES[template])
