"""The reminder before an event and the thanks after it: as a mail, and as a line among several."""

from datetime import tzinfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.links import absolute
from core.mail.outbox import Draft
from core.mail.outbox.compose import speaking
from core.mail.purposes import Category
from core.mail.reminders.sources import Line

from .emails import draft, facts
from .letters import FollowUp, Missed, Plain
from .models import Event, Registration

REMINDED_WHY = gettext_lazy("You get this reminder because you registered for this event.")


def reminder(event: Event, registration: Registration, zone: tzinfo) -> Draft:
    """The mail before the event, when it stands alone.

    Args:
        event: the event.
        registration: whose.
        zone: the department's `ZoneInfo`.
    """
    with speaking(registration.language):
        return draft(
            event,
            registration,
            rule="reminder",
            subject=_("Reminder: %(title)s") % {"title": event.title},
            payload=Plain(facts(event, registration, zone)),
            template="reminder",
            category=Category.REMINDER,
            why=REMINDED_WHY,
        )


def reminder_line(event: Event, registration: Registration, zone: tzinfo) -> Line:
    """The same among several reminders of a day. Arguments as for `reminder`."""
    with speaking(registration.language):
        known = facts(event, registration, zone)
        return Line(
            title=known.title,
            text=f"{known.when}, {known.place}. "
            + _("If you can't come, please cancel, so that someone else gets the seats."),
            url=known.manage_url,
            label=_("See or cancel your registration"),
        )


def follow_up(event: Event, registration: Registration, zone: tzinfo) -> Draft:
    """The mail after the event: thanks, and what comes next. Arguments as for `reminder`."""
    with speaking(registration.language):
        return draft(
            event,
            registration,
            rule="follow_up",
            subject=_("Thank you: %(title)s") % {"title": event.title},
            payload=FollowUp(
                facts=facts(event, registration, zone),
                came=registration.status == "attended",
                events_url=absolute(reverse("public:events")),
            ),
            template="follow_up",
            category=Category.REMINDER,
            why=REMINDED_WHY,
        )


def follow_up_line(event: Event, registration: Registration, zone: tzinfo) -> Line:
    """The same among several reminders of a day. Arguments as for `reminder`."""
    with speaking(registration.language):
        thanks = _("Thank you for coming.") if registration.status == "attended" else _("Thank you.")
        return Line(
            title=event.title,
            text=thanks,
            url=absolute(reverse("public:events")),
            label=_("See what is on next"),
        )


def missed(event: Event, registration: Registration, zone: tzinfo) -> Draft:
    """The mail after the event to whom nobody saw there. Arguments as for `reminder`."""
    with speaking(registration.language):
        return draft(
            event,
            registration,
            rule="missed",
            subject=_("We missed you: %(title)s") % {"title": event.title},
            payload=Missed(
                facts=facts(event, registration, zone), events_url=absolute(reverse("public:events"))
            ),
            template="missed",
            category=Category.REMINDER,
            why=REMINDED_WHY,
        )


def missed_line(event: Event, registration: Registration, zone: tzinfo) -> Line:
    """The same among several reminders of a day. Arguments as for `reminder`."""
    with speaking(registration.language):
        return Line(
            title=event.title,
            text=_("We missed you. If you were there, reply to this mail and we set it right."),
            url=absolute(reverse("public:events")),
            label=_("See what is on next"),
        )
