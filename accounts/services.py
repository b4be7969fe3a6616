"""Every write to accounts. Each leaves one audit row."""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import access, audit, clock, edits, mailboxes, privacy
from core.access import Refusal, Refused
from core.mail import consents
from core.mail.models import Consent
from core.mail.purposes import How
from core.mail.reader import preferences
from core.roles import Role

from . import emails
from .models import User

UNKNOWN_ROLE = Refusal("unknown_role", _("There is no such role."))
TAKEN = Refusal("email_taken", _("There is already an account with this email."))


def ensure_address(*, user: User) -> EmailAddress:
    """Give a user the address row that allauth verifies; who was made by an admin or a service has none."""
    address, _made = EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": False}
    )
    return address


@transaction.atomic
def add_user(*, email: str, full_name: str, role: str, actor: User | None, **details: Any) -> User:
    """Make an account, and mail the person how to sign in: with a code mailed to the address.

    Args:
        email: the address to sign in with.
        full_name: as it is shown.
        role: a value of `Role`.
        actor: an admin, or `None` for the system.
        details: other columns, such as `title`, `badge_number`, `phone`, `shift`.

    Raises:
        Refused: the actor may not, the role is unknown, the address has an account, or the name can't be
            read.
    """
    access.check(actor, "accounts.manage_users")
    if role not in Role.values:
        raise Refused(UNKNOWN_ROLE)
    if User.objects.filter(email=mailboxes.normal(email)).exists():
        raise Refused(TAKEN)
    typed = edits.typed(User, {"full_name": full_name})
    user = User.objects.create_user(email, role=role, **typed, **details)
    ensure_address(user=user)
    audit.record("accounts.user_added", user, actor=actor, changed=["email", "role"], detail=role)
    emails.welcome(user)
    return user


@transaction.atomic
def update_user(
    *, user: User, changes: Mapping[str, Any], actor: User | None, seen: datetime | None = None
) -> User:
    """Change facts about a person that decide nothing: name, title, badge, phone, shift, languages.

    Args:
        user: whose.
        changes: new values by field name; `role`, `is_active` and `email` have ways of their own.
        actor: the person themselves, an admin, or `None` for the system.
        seen: `updated_at` of the version the editor saw, to refuse a stale edit; `None` to skip the check.

    Raises:
        Refused: the actor may not, or someone else changed them meanwhile.
        TypeError: a field that is not theirs to change.
    """
    if actor is None or actor.pk != user.pk:
        access.check(actor, "accounts.manage_users", user)
    row = edits.locked(user)
    edits.change(row, changes, allowed=EDITABLE, verb="accounts.user_changed", by=actor, seen=seen)
    return row


EDITABLE = {
    "full_name",
    "title",
    "badge_number",
    "phone",
    "shift",
    "languages_spoken",
    "language",
}


@transaction.atomic
def choose_mail(*, user: User, chosen: Mapping[str, bool], actor: User | None) -> list[Consent]:
    """Keep which mail a person wants at their own address. What they left as it was leaves no row.

    Args:
        user: whose mail.
        chosen: yes or no by purpose.
        actor: the person themselves, or `None` for the system.

    Returns:
        The changes.

    Raises:
        Refused: it is someone else's mail.
    """
    access.check(actor, "accounts.choose_mail", user)
    return preferences.save(
        address=user.email, chosen=chosen, how=How.PREFERENCES, source=f"user-{user.pk}", by=actor
    )


@transaction.atomic
def set_role(*, user: User, role: str, actor: User | None) -> User:
    """Give a person another role; it counts from their next request.

    Raises:
        Refused: the actor may not, would change their own role, or the role is unknown.
    """
    access.check(actor, "accounts.change_role", user)
    if role not in Role.values:
        raise Refused(UNKNOWN_ROLE)
    row = User.objects.select_for_update().get(pk=user.pk)
    before = row.role
    if before != role:
        row.role = role
        row.save(update_fields=["role"])
        audit.record("accounts.role_changed", row, actor=actor, changed=["role"], detail=f"{before} → {role}")
    return row


@transaction.atomic
def deactivate_user(*, user: User, actor: User | None) -> User:
    """Close an account; its sessions end, also for the day that it is opened again, and its history stays.

    Raises:
        Refused: the actor may not, or would close their own account.
    """
    return _set_active(user, False, actor)


@transaction.atomic
def reactivate_user(*, user: User, actor: User | None) -> User:
    """Open a closed account again.

    Raises:
        Refused: the actor may not.
    """
    return _set_active(user, True, actor)


def _set_active(user: User, active: bool, actor: User | None) -> User:
    access.check(actor, "accounts.change_role", user)
    row = User.objects.select_for_update().get(pk=user.pk)
    if row.is_active != active:
        row.is_active = active
        row.save(update_fields=["is_active"])
        verb = "accounts.user_reactivated" if active else "accounts.user_deactivated"
        audit.record(verb, row, actor=actor, changed=["is_active"])
        # Also on opening: a sign-in that was under way at the closing made its session after it.
        _end_sessions(row)
    return row


def _end_sessions(user: User) -> None:
    """Sign a user out everywhere. A session does not say whose it is before it is read, so each one is."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    rows = store.get_model_class().objects.filter(expire_date__gt=clock.now())
    theirs = [each.pk for each in rows.iterator() if each.get_decoded().get(SESSION_KEY) == str(user.pk)]
    rows.filter(pk__in=theirs).delete()


@transaction.atomic
def reset_second_factor(*, user: User, actor: User | None) -> None:
    """Take a lost authenticator app off an account, so that its owner sets up a new one at the next sign-in.

    Raises:
        Refused: the actor may not, or would take off their own.
    """
    access.check(actor, "accounts.change_role", user)
    removed, _each = Authenticator.objects.filter(user=user).delete()
    if removed:
        _end_sessions(user)  # who holds the lost phone or its cookie would set up an app of their own
        audit.record("accounts.second_factor_reset", user, actor=actor)


def note_sign_up(*, user: User) -> None:
    """Someone signed up on the form that says reminders come, and proved the address."""
    consents.told(address=user.email, how=How.FORM, source=f"user-{user.pk}", by=user)


def carry_choices(*, old: str, new: str) -> None:
    """Let what a person chose about mail hold for their new address too."""
    consents.carry_over(old=old, new=new)


@transaction.atomic
def export_data(*, user: User) -> dict[str, Any]:
    """Everything that is held on a person, for themselves. The audit notes that it was taken.

    Args:
        user: whose; the caller made sure that it is they who ask.
    """
    audit.record("accounts.data_exported", user, actor=user)
    return privacy.export(user)


@transaction.atomic
def make_demo_account(
    *, email: str, full_name: str, role: str, title: str = "", totp: bool = True, **details: Any
) -> User:
    """Make, or find again, an account of the demonstration, with a verified address.

    Args:
        email: the address; an existing demonstration account is brought up to date.
        full_name: as it is shown.
        role: a value of `Role`.
        title: such as "Officer".
        totp: whether it gets an authenticator app with recovery codes; department roles need one.
        details: other columns, such as `badge_number`, `shift`, `languages_spoken`.

    Raises:
        ImproperlyConfigured: these settings are not a demonstration's.
        Refused: the address belongs to a real account, or the role is unknown.
    """
    if not (settings.DEMO_PERMITTED and settings.DEMO):
        raise ImproperlyConfigured("Demonstration accounts exist only where settings.DEMO is on.")
    if role not in Role.values:
        raise Refused(UNKNOWN_ROLE)
    email = mailboxes.normal(email)
    user = User.objects.filter(email=email).first()
    if user is not None and not user.is_demo:
        raise Refused(TAKEN)
    values = {"full_name": full_name, "role": role, "title": title, "is_demo": True, **details}
    if user is None:
        user = User.objects.create_user(email, **values)
        audit.record("accounts.user_added", user, changed=["email", "role"], detail=role)
    else:
        for name, value in values.items():
            setattr(user, name, value)
        user.save(update_fields=list(values))
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"primary": True, "verified": True}
    )
    if totp and not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    return user
