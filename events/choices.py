"""The closed lists of this room: kinds and states."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tones import Toned

HOLD = timedelta(minutes=15)  # how long an unconfirmed request keeps its seats and its code
CORRECTABLE = timedelta(days=30)  # how long the desk may correct attendance after the event
REACH = timedelta(days=5 * 365 + 1)  # how far from now an event may lie, before or after
DOORS = timedelta(hours=3)  # how long before the start the desk may begin to check people in


class Kind(models.TextChoices):
    """What sort of event it is."""

    FAIR = "fair", _("Community fair")
    WORKSHOP = "workshop", _("Safety workshop")
    SEMINAR = "seminar", _("Crime prevention seminar")
    FORUM = "forum", _("Community forum")
    WATCH = "watch", _("Neighborhood watch meeting")
    OTHER = "other", _("Other event")


class Entry(models.TextChoices):
    """How people come in."""

    REQUIRED = "required", _("People register")
    DROP_IN = "drop_in", _("Drop-in: just come")


class Audience(models.TextChoices):
    """For whom the event is."""

    PUBLIC = "public", _("Everyone")
    PARTNERS = "partners", _("Partner businesses")


class EventStatus(Toned):
    """Where an event stands."""

    DRAFT = "draft", "neutral", _("Draft")
    PUBLISHED = "published", "good", _("Published")
    CLOSED = "closed", "neutral", _("Registration closed")
    CANCELLED = "cancelled", "bad", _("Cancelled")
    ARCHIVED = "archived", "neutral", _("Archived")


class RegistrationStatus(Toned):
    """Where a registration stands."""

    UNCONFIRMED = "unconfirmed", "warn", _("Waiting for the code")
    REGISTERED = "registered", "good", _("Registered")
    WAITLISTED = "waitlisted", "warn", _("On the waitlist")
    LAPSED = "lapsed", "neutral", _("Lapsed")
    CANCELLED = "cancelled", "bad", _("Cancelled")
    LEFT = "left", "neutral", _("Left the waitlist")
    ATTENDED = "attended", "good", _("Came")
    NO_SHOW = "no_show", "bad", _("Did not come")


class Source(models.TextChoices):
    """Where a registration came in."""

    PUBLIC = "public", _("Public page")
    PARTNER = "partner", _("Partner portal")
    DESK = "desk", _("Entered by the desk")


class News(models.TextChoices):
    """What people are told by phone where they have no address for the mail."""

    MOVED = "moved", _("the event has a new time or place")
    CANCELLED = "cancelled", _("the event is cancelled")
    PROMOTED = "promoted", _("seats came free, and they are theirs")
    TOO_LARGE = "too_large", _("the event has too few seats for all of them")
    NO_SEAT = "no_seat", _("the event has begun, and no seat came free for them")


# One of these per email and event; the rest are history.
OPEN_STATUSES = ("unconfirmed", "registered", "waitlisted", "attended", "no_show")
# These have a seat for good; an unconfirmed one only while its hold lasts.
SEATED_STATUSES = ("registered", "attended", "no_show")
# What people see as theirs: not what waits for a code, nor what they missed.
STANDING_STATUSES = ("registered", "waitlisted", "attended")
# These can still be given up, or be for more or fewer people, until the event begins.
CHANGEABLE_STATUSES = ("registered", "waitlisted")
# The event takes place, or took place.
ON_STATUSES = ("published", "closed")
# What the public site shows once an event was published.
SHOWN_STATUSES = ("published", "closed", "cancelled")
