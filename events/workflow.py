"""What may become of an event and of a registration, as tables. Triggers hold the same in the database."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.workflow import Move, Workflow

from . import effects, guards
from .models import Event, Registration

EVENT = Workflow(
    Event,
    start=("draft",),
    moves=(
        Move(
            "publish",
            ("draft",),
            "published",
            guard=guards.may_publish,
            effect=effects.on_published,
            label=_("Publish"),
            done=_("Published."),
        ),
        Move(
            "close",
            ("published",),
            "closed",
            guard=guards.may_close,
            label=_("Close registration"),
            done=_("Registration is closed. The event takes place."),
        ),
        Move(
            "reopen",
            ("closed",),
            "published",
            guard=guards.may_reopen,
            label=_("Open registration again"),
            done=_("Registration is open again."),
        ),
        Move(
            "cancel",
            ("published", "closed"),
            "cancelled",
            guard=guards.may_cancel_event,
            effect=effects.on_cancelled,
            label=_("Cancel the event"),
        ),
        Move(
            "archive",
            ("published", "closed", "cancelled"),
            "archived",
            guard=guards.may_archive,
            label=_("Archive"),
            done=_("Archived. It is off the public site."),
        ),
    ),
)

REGISTRATION = Workflow(
    Registration,
    start=("unconfirmed", "registered", "waitlisted"),
    moves=(
        Move("register", ("unconfirmed",), "registered", label=_("Confirm")),
        Move("wait", ("unconfirmed",), "waitlisted", label=_("Join the waitlist")),
        Move("lapse", ("unconfirmed",), "lapsed", label=_("Let lapse")),
        Move("promote", ("waitlisted",), "registered", label=_("Give a seat")),
        Move("cancel", ("registered",), "cancelled", guard=guards.may_cancel_place, label=_("Cancel")),
        Move("leave", ("waitlisted",), "left", label=_("Leave the waitlist")),
        Move("attend", ("registered", "no_show"), "attended", guard=guards.may_mark, label=_("Came")),
        Move("miss", ("registered", "attended"), "no_show", guard=guards.may_mark, label=_("Did not come")),
        Move("unmark", ("attended", "no_show"), "registered", guard=guards.may_mark, label=_("Take back")),
    ),
    told={
        "unconfirmed": _("Your code is missing"),
        "registered": _("You are registered"),
        "waitlisted": _("You are on the waitlist"),
        "lapsed": _("This registration has ended"),
        "cancelled": _("Your registration is cancelled"),
        "left": _("You left the waitlist"),
        "attended": _("You are registered"),
        "no_show": _("We missed you"),
    },
)


def told(registration: Registration) -> Any:
    """Where their registration stands, in the words for whoever registered."""
    if registration.status == "waitlisted" and registration.event.is_on and registration.event.has_begun:
        return _("No seat came free")
    if registration.is_off:
        return _("The event is cancelled")
    return REGISTRATION.tells(registration)
