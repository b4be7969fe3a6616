"""Who may do what with events."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.access import Guard, Refusal

DESK_ONLY = Refusal("desk_only", _("This part is for the department's liaison officers."))
NO_WRITING = Refusal("read_only", _("Your role may look here, but not change anything."))
NO_CONTACTS = Refusal("no_contacts", _("Your role sees numbers, but not names and contacts."))
PORTAL_ONLY = Refusal("portal_only", _("This part is for businesses. You are signed in for the department."))


def see_desk(user: Any, obj: Any = None) -> Refusal | None:
    """The desk, to look: officers, supervisors and viewers."""
    return None if getattr(user, "role", None) in {"officer", "supervisor", "viewer"} else DESK_ONLY


def write_event(user: Any, obj: Any = None) -> Refusal | None:
    """Officers and supervisors. Which events, `visible_to` decides."""
    if (found := see_desk(user)) is not None:
        return found
    return None if user.role in {"officer", "supervisor"} else NO_WRITING


def see_attendees(user: Any, obj: Any = None) -> Refusal | None:
    """Names, contacts and accommodation requests: officers and supervisors, not viewers."""
    if (found := see_desk(user)) is not None:
        return found
    return None if user.role in {"officer", "supervisor"} else NO_CONTACTS


def register_business(user: Any, obj: Any = None) -> Refusal | None:
    """Members, for the businesses of their memberships."""
    return None if getattr(user, "role", None) == "member" else PORTAL_ONLY


PERMISSIONS: dict[str, Guard] = {
    "events.see_desk": see_desk,
    "events.write_event": write_event,
    "events.see_attendees": see_attendees,
    "events.register_business": register_business,
}
