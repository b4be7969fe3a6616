"""What the kernel asks of vetting: which addresses a user may see."""

from typing import Any

from django.urls import reverse

from core.access import visible
from core.mail.scope import AddressBook

from .models import Application


def addresses(user: Any) -> list[AddressBook]:
    """The addresses that stand on applications `user` may see."""
    return [
        AddressBook(
            rows=visible(Application, user).select_related("organization"),
            address="contact_email",
            label=str,
            url=lambda row: reverse("desk:application", args=[row.pk]),
        )
    ]
