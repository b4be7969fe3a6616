"""The public site's door to events, and the addresses of registrations that a user may see."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from core.access import visible
from core.mail.scope import AddressBook

from .models import Event, Registration
from .querysets import EventQuerySet


def on_site(user: Any) -> EventQuerySet:
    """What `user` may open on the public site: everybody's events, and those that exist for them."""
    rows: EventQuerySet = Event.objects.on_site_for(user)
    return rows


def mail_subjects(user: Any) -> QuerySet[Registration]:
    """The registrations whose mail `user` may see: those that they see."""
    numbers: Any = visible(Registration, user).order_by().values("pk")
    return numbers


def addresses(user: Any) -> list[AddressBook]:
    """The addresses of registrations that `user` may see."""
    return [
        AddressBook(
            rows=visible(Registration, user).select_related("event"),
            address="email",
            label=lambda row: f"{row.name} · {row.event.title}",
            url=lambda row: reverse("desk:event", args=[row.event_id]),
        )
    ]
