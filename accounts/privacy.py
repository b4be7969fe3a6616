"""This room's part of a person's privacy export: the account, and how they sign in. No secrets."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps

from core.privacy import values

PART = "account"  # its name in the export
ACCOUNT = (
    "email", "full_name", "role", "title", "badge_number", "phone", "shift", "languages_spoken", "language",
    "is_active", "date_joined", "last_login",
)  # fmt: skip
HISTORY = (
    "pgh_created_at", "email", "full_name", "role", "title", "badge_number", "phone", "shift",
    "languages_spoken", "language", "is_active",
)  # fmt: skip


def held_on(user: Any) -> dict[str, Any]:
    """The account as it is and as it was, its addresses, and what it signs in with."""
    history = apps.get_model("accounts", "UserEvent").objects.filter(pgh_obj_id=user.pk).order_by("pgh_id")
    addresses = EmailAddress.objects.filter(user_id=user.pk).order_by("pk")
    factors = Authenticator.objects.filter(user_id=user.pk).order_by("pk")
    return {
        **values(user, ACCOUNT),
        "has_password": user.has_usable_password(),
        "addresses": [values(row, ("email", "verified", "primary")) for row in addresses],
        "second_factors": [values(row, ("type", "created_at", "last_used_at")) for row in factors],
        "history": [values(row, HISTORY) for row in history],
    }
