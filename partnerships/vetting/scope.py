"""What the kernel asks of vetting: which addresses a user may see."""

from typing import Any

from django.urls import reverse

from core.access import visible
from core.held_back import Place

from .models import Application


def addresses(user: Any) -> list[Place]:
    """The addresses that stand on applications `user` may see."""
    return [
        Place(
            rows=visible(Application, user).select_related("organization"),
            address="contact_email",
            label=str,
            url=lambda row: reverse("desk:application", args=[row.pk]),
        )
    ]
