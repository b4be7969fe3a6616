"""Who may do what with events and places. Which events, `visible_to` decides: asked of one, so do these."""

from django.utils.translation import gettext_lazy as _

from core.access import Guard, Person, Refusal, out_of_scope
from core.roles import use_desk, use_portal, write_department, write_desk
from partnerships.businesses.models import Business

from .models import Event, Registration

NO_CONTACTS = Refusal("no_contacts", _("Your role sees numbers, but not names and contacts."))


def see_attendees(user: Person, event: Event | None = None) -> Refusal | None:
    """Names, contacts and accommodation requests: officers and supervisors, not viewers."""
    return use_desk(user) or (NO_CONTACTS if write_desk(user) else None)


def run_event(user: Person, event: Event | None = None) -> Refusal | None:
    """Make, change and move events, count who comes: desk writers in their districts, and admins."""
    return write_department(user) or out_of_scope(user, event)


def change_place(user: Person, registration: Registration | None = None) -> Refusal | None:
    """A member changes places of their own and of their businesses; the desk those at the events it runs."""
    if use_portal(user) is not None and (found := write_department(user)) is not None:
        return found
    return out_of_scope(user, registration)


def register_business(user: Person, business: Business | None = None) -> Refusal | None:
    """A member registers the places of business that they act for."""
    return use_portal(user) or out_of_scope(user, business)


PERMISSIONS: dict[str, Guard] = {
    "events.see_attendees": see_attendees,
    "events.run_event": run_event,
    "events.change_place": change_place,
    "events.register_business": register_business,
}
