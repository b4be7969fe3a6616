"""Who may do what with events, beyond what every desk writer may. Which events, `visible_to` decides."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.access import Guard, Refusal
from core.roles import use_desk, write_desk

NO_CONTACTS = Refusal("no_contacts", _("Your role sees numbers, but not names and contacts."))


def see_attendees(user: Any, obj: Any = None) -> Refusal | None:
    """Names, contacts and accommodation requests: officers and supervisors, not viewers."""
    return use_desk(user) or (NO_CONTACTS if write_desk(user) else None)


PERMISSIONS: dict[str, Guard] = {
    "events.see_attendees": see_attendees,
}
