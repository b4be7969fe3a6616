"""What the reminder before an event says, and what comes after it: as a mail, and as a line among several."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.links import absolute
from core.mail.reminders import Notice
from events.models import Event, Registration

from .payloads import FollowUp, Missed, Plain
from .words import facts


def _organization(registration: Registration) -> int | None:
    return registration.business.organization_id if registration.business else None


def before(event: Event, registration: Registration) -> Notice:
    """Before the event: when, where, and how to cancel.

    Args:
        event: the event.
        registration: whose.
    """
    known = facts(event, registration)
    return Notice(
        subject=_("Reminder: %(title)s") % {"title": event.title},
        payload=Plain(known),
        title=known.title,
        text=f"{known.when}, {known.place}. "
        + _("If you can't come, please cancel, so that someone else gets the seats."),
        url=known.manage_url,
        label=_("See or cancel your registration"),
        organization_id=_organization(registration),
    )


def follow_up(event: Event, registration: Registration) -> Notice:
    """After the event: thanks, and what comes next. Arguments as for `before`."""
    came, events_url = registration.status == "attended", absolute(reverse("public:events"))
    return Notice(
        subject=_("Thank you: %(title)s") % {"title": event.title},
        payload=FollowUp(facts=facts(event, registration), came=came, events_url=events_url),
        title=event.title,
        text=_("Thank you for coming.") if came else _("Thank you."),
        url=events_url,
        label=_("See what is on next"),
        organization_id=_organization(registration),
    )


def missed(event: Event, registration: Registration) -> Notice:
    """After the event, to whom nobody saw there. Arguments as for `before`."""
    events_url = absolute(reverse("public:events"))
    return Notice(
        subject=_("We missed you: %(title)s") % {"title": event.title},
        payload=Missed(facts=facts(event, registration), events_url=events_url),
        title=event.title,
        text=_("We missed you. If you were there, reply to this mail and we set it right."),
        url=events_url,
        label=_("See what is on next"),
        organization_id=_organization(registration),
    )
