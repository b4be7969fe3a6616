"""Sign-ins, sign-outs and failures go to the audit. Only the framework's own signals are listened to."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as auth_signals
from django.dispatch import receiver

from core import audit, mailboxes

from . import second_factor, services
from .models import User

SIGNED_UP = "accounts.signed_up"  # in the session, until the address is proved


@receiver(auth_signals.user_logged_in)
def signed_in(sender: Any, user: User, **kwargs: Any) -> None:
    audit.record("accounts.signed_in", user, actor=user)


@receiver(auth_signals.user_logged_out)
def signed_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record("accounts.signed_out", user, actor=user)


@receiver(auth_signals.user_login_failed)
def wrong_password(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    # The address typed may be anything, a password even: only the account it names is kept.
    email = mailboxes.normal(str(credentials.get("email") or credentials.get("username") or ""))
    audit.record("accounts.sign_in_failed", User.objects.filter(email=email).first(), detail="password")


@receiver(account_signals.login_code_rejected)
def wrong_code(sender: Any, user: User, **kwargs: Any) -> None:
    audit.record("accounts.sign_in_failed", user, detail="code")


@receiver(mfa_signals.authentication_failed)
def wrong_second_factor(sender: Any, user: User, **kwargs: Any) -> None:
    audit.record("accounts.sign_in_failed", user, detail="second factor")


@receiver(mfa_signals.authenticator_used)
def second_factor_shown(sender: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    audit.record("accounts.second_factor_shown", user, actor=user, detail=str(authenticator.type))


@receiver(mfa_signals.authenticator_added)
def second_factor_added(sender: Any, request: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    audit.record("accounts.second_factor_added", user, actor=user, detail=str(authenticator.type))
    # Who just typed the app's first code has shown it: the recovery codes follow at once.
    second_factor.note_shown(request, user, authenticator)


@receiver(mfa_signals.authenticator_removed)
def second_factor_removed(sender: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    audit.record("accounts.second_factor_removed", user, actor=user, detail=str(authenticator.type))


@receiver(account_signals.user_signed_up)
def signed_up(sender: Any, request: Any, user: User, **kwargs: Any) -> None:
    note_signed_up(user)
    request.session[SIGNED_UP] = user.pk


def note_signed_up(user: User) -> None:
    """Put a new account on record."""
    audit.record("accounts.signed_up", user, actor=user, changed=["email", "full_name"])


@receiver(account_signals.email_changed)
def address_changed(
    sender: Any, request: Any, user: User, from_email_address: Any, to_email_address: Any, **kwargs: Any
) -> None:
    audit.record("accounts.email_changed", user, actor=user, changed=["email"])
    # allauth says so of the first address too, once it is proved.
    if from_email_address is not None:
        services.carry_choices(old=from_email_address.email, new=to_email_address.email)
    elif request.session.pop(SIGNED_UP, None) == user.pk:
        services.note_sign_up(user=user)


@receiver([account_signals.password_set, account_signals.password_changed, account_signals.password_reset])
def password_changed(sender: Any, user: User, **kwargs: Any) -> None:
    audit.record("accounts.password_changed", user, actor=user, changed=["password"])
