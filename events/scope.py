"""The public site's door to events: like `core.access.visible`, for pages where everybody meets."""

from typing import Any

from .models import Event
from .querysets import EventQuerySet


def on_site(user: Any) -> EventQuerySet:
    """What `user` may open on the public site: everybody's events, and those that exist for them."""
    rows: EventQuerySet = Event.objects.on_site_for(user)
    return rows
