"""The mail of signing in: one function per mail. All is `SECURITY`: shown to nobody, purged once sent."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, links
from core.mail.outbox import Draft, MailKind, enqueue
from core.mail.purposes import Category

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


def _send(
    email: str, *, rule: str, template: str, subject: str, payload: Any, why: str, minutes: int = 0
) -> None:
    person = User.objects.filter(email=email.strip().lower()).first()
    enqueue(
        Draft(
            # Each asking is an occurrence of its own: two codes to one person are two mails.
            key=f"accounts.{rule}:{email.strip().lower()}:{uuid.uuid4().hex}",
            to=email,
            recipient_id=person.pk if person else None,
            recipient_name=person.full_name if person else "",
            category=Category.SECURITY,
            template=f"accounts/{template}",
            subject=subject,
            payload=payload,
            why=why,
            room="accounts",
            useless_after=clock.now() + timedelta(minutes=minutes) if minutes else None,
            language=person.language if person else "",
        )
    )


def login_code(email: str, context: dict[str, Any]) -> None:
    """The code that signs in."""
    _send(
        email,
        rule="login_code",
        template="code",
        subject=_("Your sign-in code"),
        payload=CodeMail(code=context["code"], purpose=_("to sign in"), minutes=CODE_MINUTES),
        minutes=CODE_MINUTES,
        why=_("You get this because someone asked to sign in with this address."),
    )


def signup_code(email: str, context: dict[str, Any]) -> None:
    """The code that proves a new account's address."""
    _send(
        email,
        rule="signup_code",
        template="code",
        subject=_("Your code to open an account"),
        payload=CodeMail(code=context["code"], purpose=_("to open your account"), minutes=CODE_MINUTES),
        minutes=CODE_MINUTES,
        why=_("You get this because someone opened an account with this address."),
    )


def address_code(email: str, context: dict[str, Any]) -> None:
    """The code that proves a changed address."""
    _send(
        email,
        rule="address_code",
        template="code",
        subject=_("Confirm your new address"),
        payload=CodeMail(code=context["code"], purpose=_("to confirm this address"), minutes=CODE_MINUTES),
        minutes=CODE_MINUTES,
        why=_("You get this because someone entered this address for their account."),
    )


def account_exists(email: str, context: dict[str, Any]) -> None:
    """Someone tried to sign up with an address that has an account."""
    _send(
        email,
        rule="account_exists",
        template="account_exists",
        subject=_("You already have an account"),
        payload=LinkMail(url=links.absolute(reverse("account_login"))),
        why=_("You get this because someone tried to open an account with this address."),
    )


def unknown_account(email: str, context: dict[str, Any]) -> None:
    """Someone tried to sign in with an address that has no account."""
    _send(
        email,
        rule="unknown_account",
        template="unknown_account",
        subject=_("No account with this address"),
        payload=LinkMail(url=links.absolute(reverse("account_signup"))),
        why=_("You get this because someone tried to sign in with this address."),
    )


def password_reset(email: str, context: dict[str, Any]) -> None:
    """The link that sets a new password."""
    # Only the path is taken over: the host of a request is whatever the sender wrote.
    _send(
        email,
        rule="password_reset",
        template="password_reset",
        subject=_("Set a new password"),
        payload=LinkMail(url=links.absolute(urlsplit(context["password_reset_url"]).path)),
        why=_("You get this because someone asked to set a new password for your account."),
    )


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


def notice(email: str, what: Any) -> None:
    """Something about the account's security changed."""
    _send(
        email,
        rule="notice",
        template="notice",
        subject=_("A change to your account"),
        payload=NoticeMail(what=str(what), url=links.absolute(reverse("account_login"))),
        why=_("You get this for every change to how you sign in."),
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


MAILS = [
    MailKind(
        template="accounts/code",
        name=gettext_lazy("Sign-in code"),
        trigger=gettext_lazy("Signing in, opening an account, changing the address"),
        audience=gettext_lazy("Whoever typed the address"),
        category=Category.SECURITY,
        subject="Your sign-in code",
        sample=lambda: CodeMail(code="482913", purpose=_("to sign in"), minutes=CODE_MINUTES),
        why=gettext_lazy("You get this because someone asked to sign in with this address."),
    ),
    MailKind(
        template="accounts/account_exists",
        name=gettext_lazy("You already have an account"),
        trigger=gettext_lazy("Opening an account with an address that has one"),
        audience=gettext_lazy("The account’s owner"),
        category=Category.SECURITY,
        subject="You already have an account",
        sample=lambda: LinkMail(url=links.absolute(reverse("account_login"))),
        why=gettext_lazy("You get this because someone tried to open an account with this address."),
    ),
    MailKind(
        template="accounts/unknown_account",
        name=gettext_lazy("No account with this address"),
        trigger=gettext_lazy("Signing in with an address that has no account"),
        audience=gettext_lazy("Whoever has the address"),
        category=Category.SECURITY,
        subject="No account with this address",
        sample=lambda: LinkMail(url=links.absolute(reverse("account_signup"))),
        why=gettext_lazy("You get this because someone tried to sign in with this address."),
    ),
    MailKind(
        template="accounts/password_reset",
        name=gettext_lazy("Set a new password"),
        trigger=gettext_lazy("Asking for a new password"),
        audience=gettext_lazy("The account’s owner"),
        category=Category.SECURITY,
        subject="Set a new password",
        sample=lambda: LinkMail(url=links.absolute("/accounts/password/reset/key/4-c0ffee/")),
        why=gettext_lazy("You get this because someone asked to set a new password for your account."),
    ),
    MailKind(
        template="accounts/notice",
        name=gettext_lazy("A change to the account"),
        trigger=gettext_lazy("Address, password or second factor changed"),
        audience=gettext_lazy("The account’s owner"),
        category=Category.SECURITY,
        subject="A change to your account",
        sample=lambda: NoticeMail(
            what=str(NOTICES["mfa/email/totp_activated"]), url=links.absolute(reverse("account_login"))
        ),
        why=gettext_lazy("You get this for every change to how you sign in."),
    ),
]
