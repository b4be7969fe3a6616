"""What the kernel asks of accounts: which addresses of people a user may see."""

from typing import Any

from django.urls import reverse

from core.access import visible
from core.mail.scope import AddressBook
from core.roles import Role, role_of

from .models import User


def addresses(user: Any) -> list[AddressBook]:
    """The addresses that the department's people sign in with; members stand with their businesses."""
    has_page = role_of(user) == Role.ADMIN
    return [
        AddressBook(
            rows=visible(User, user).department(),  # type: ignore[attr-defined]  # our queryset
            address="email",
            label=lambda row: f"{row.display_name} · {row.get_role_display()}",
            url=lambda row: reverse("admin:accounts_user_change", args=[row.pk]) if has_page else "",
        )
    ]
