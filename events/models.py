"""Events, and the places people take at them."""

import secrets
import uuid
from datetime import datetime
from typing import Any

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock, mailboxes, names
from core.folding import folded, key_of
from core.models import Stamped

from .choices import (
    CHANGEABLE_STATUSES,
    ON_STATUSES,
    OPEN_STATUSES,
    Audience,
    Entry,
    EventStatus,
    Kind,
    RegistrationStatus,
    Source,
)
from .phone import PhoneCall
from .querysets import EventQuerySet, RegistrationQuerySet

__all__ = ["PhoneCall", "Event", "Registration"]


@pghistory.track(exclude=["created_at", "updated_at", "search_text", "title_key"])
class Event(Stamped):
    """A joint event of the department and its partners. Times are in UTC, shown in the department's zone."""

    title = models.CharField(_("title"), max_length=160, validators=[names.check])
    slug = models.SlugField(_("address"), max_length=120, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.WORKSHOP)
    summary = models.CharField(
        _("in one sentence"), max_length=200, blank=True, help_text=_("Shown in lists and in mail.")
    )
    description = models.TextField(_("description"), max_length=5000, blank=True)

    host = models.ForeignKey(
        "businesses.Business",
        verbose_name=_("host business"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_events",
    )
    venue_name = models.CharField(
        _("place"),
        max_length=120,
        validators=[names.check],
        help_text=_("Such as Lincoln Branch Library."),
    )
    street = models.CharField(_("street address"), max_length=200, blank=True)
    city = models.CharField(_("city, state, ZIP"), max_length=120, blank=True)
    directions = models.CharField(
        _("how to find it"), max_length=500, blank=True, help_text=_("Door, floor, parking, nearest stop.")
    )
    area = models.ForeignKey(
        "businesses.Area",
        verbose_name=_("area"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        help_text=_("The district or beat it belongs to. Without one, every officer sees it."),
    )

    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))

    registration = models.CharField(
        _("how people come in"), max_length=20, choices=Entry.choices, default=Entry.REQUIRED
    )
    audience = models.CharField(
        _("for whom"), max_length=20, choices=Audience.choices, default=Audience.PUBLIC
    )
    capacity = models.PositiveIntegerField(
        _("seats"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text=_("Leave empty when there is no limit."),
    )
    party_limit = models.PositiveSmallIntegerField(
        _("largest party"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("How many people one registration may bring. Never more than there are seats."),
    )
    small_may_pass = models.BooleanField(
        _("a smaller party may pass a larger one on the waitlist"),
        default=False,
        help_text=_(
            "When the freed seats are too few for the party in front, the next party that fits gets them."
        ),
    )

    accessibility = models.CharField(
        _("accessibility"),
        max_length=500,
        blank=True,
        help_text=_("Step-free entrance, restroom, parking, seating, sound."),
    )
    accommodation_by = models.DateField(
        _("ask for accommodation by"),
        null=True,
        blank=True,
        help_text=_("The last day to ask for an interpreter or other help. A week before, when left empty."),
    )
    accommodation_contact = models.CharField(
        _("accommodation coordinator"),
        max_length=200,
        blank=True,
        help_text=_("Name and phone or email. The department's own, when left empty."),
    )

    status = models.CharField(
        _("status"), max_length=20, choices=EventStatus.choices, default=EventStatus.DRAFT, editable=False
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True, editable=False)
    headcount = models.PositiveIntegerField(
        _("headcount"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("People counted at a drop-in event."),
    )
    walk_ins = models.PositiveIntegerField(_("walk-ins"), default=0, editable=False)
    sequence = models.PositiveIntegerField(_("calendar sequence"), default=0, editable=False)
    uid = models.UUIDField(_("calendar identifier"), default=uuid.uuid4, unique=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    # What `with_numbers()` counts; a row read without it has none of them.
    people: int
    parties: int
    waiting: int
    waiting_parties: int
    came: int

    search_text = folded("title", "summary", "venue_name")
    title_key = key_of("title")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_at", "pk"]
        indexes = [
            # The lists of events (`UPCOMING`, `PAST`, `DRAFTS`): by date, by status and date, by title.
            models.Index(fields=["starts_at", "id"], name="events_event_by_date"),
            models.Index(fields=["status", "starts_at", "id"], name="events_event_coming"),
            models.Index(fields=["title_key", "id"], name="events_event_by_title"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="events_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1), name="events_capacity_positive"
            ),
            models.CheckConstraint(condition=Q(party_limit__gte=1), name="events_party_limit_positive"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("public:event", args=[self.slug])

    @property
    def tone(self) -> str:
        """The tone of its status, see `core.tones`."""
        return EventStatus(self.status).tone

    @property
    def largest_party(self) -> int:
        """How many people one registration may bring: never more than there are seats."""
        return self.party_limit if self.capacity is None else min(self.party_limit, self.capacity)

    def never_seats(self, party_size: int) -> bool:
        """Whether a party is larger than all seats, since they were cut."""
        return self.capacity is not None and party_size > self.capacity

    @property
    def is_drop_in(self) -> bool:
        """Nobody registers; the desk counts heads."""
        return self.registration == Entry.DROP_IN

    @property
    def is_on(self) -> bool:
        """It takes place, or took place: published or closed."""
        return self.status in ON_STATUSES

    @property
    def is_off(self) -> bool:
        """It was cancelled, and maybe archived since."""
        return self.status == "cancelled" or self.cancelled_at is not None

    @property
    def has_begun(self) -> bool:
        """The start has passed."""
        return self.starts_at <= clock.now()

    @property
    def is_over(self) -> bool:
        """The end has passed."""
        return self.ends_at <= clock.now()

    @property
    def place(self) -> str:
        """The venue with its address, in one line."""
        return ", ".join(part for part in (self.venue_name, self.street, self.city) if part)


def new_token() -> str:
    """An opaque, unguessable key for the registration's own link: 192 random bits."""
    return secrets.token_urlsafe(24)


@pghistory.track(fields=["status", "party_size"])
class Registration(Stamped):
    """A party's place at an event, or in the line for one."""

    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="registrations"
    )
    email = models.EmailField(_("email"), blank=True, validators=[mailboxes.check])
    name = models.CharField(_("name"), max_length=120, validators=[names.check])
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="event_registrations",
    )
    business = models.ForeignKey(
        "businesses.Business",
        verbose_name=_("business"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="event_registrations",
    )
    party_size = models.PositiveSmallIntegerField(
        _("people"), default=1, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    asked_size = models.PositiveSmallIntegerField(
        _("people asked for, when it joined the line"), null=True, blank=True, editable=False
    )
    came = models.PositiveSmallIntegerField(
        _("people who came"), null=True, blank=True, editable=False, help_text=_("Empty: all of them.")
    )
    accommodation = models.CharField(_("accommodation asked for"), max_length=500, blank=True)
    source = models.CharField(_("came in by"), max_length=20, choices=Source.choices, default=Source.PUBLIC)
    language = models.CharField(_("language"), max_length=10, blank=True)

    status = models.CharField(
        _("status"),
        max_length=20,
        choices=RegistrationStatus.choices,
        default=RegistrationStatus.UNCONFIRMED,
        editable=False,
    )
    token = models.CharField(
        _("key of its link"), max_length=64, unique=True, default=new_token, editable=False
    )
    held_until = models.DateTimeField(_("code valid until"), null=True, blank=True, editable=False)
    seat_held = models.BooleanField(_("seats held for the code"), default=False, editable=False)
    code_digest = models.CharField(_("digest of the code"), max_length=64, blank=True, editable=False)
    code_sent_at = models.DateTimeField(_("code sent"), null=True, blank=True, editable=False)
    codes_sent = models.PositiveSmallIntegerField(_("codes sent"), default=0, editable=False)
    other_requests = models.JSONField(
        _("other requests for the same address"), default=list, blank=True, editable=False
    )
    code_tries = models.PositiveSmallIntegerField(_("wrong tries"), default=0, editable=False)
    queued_at = models.DateTimeField(
        _("place in line since"), null=True, blank=True, editable=False, help_text=_("Order of the waitlist.")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("cancelled or lapsed"), null=True, blank=True, editable=False)

    search_text = folded("name")

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["event", "status", "queued_at"], name="events_reg_line"),
            models.Index(Lower("email"), name="events_reg_address"),
            models.Index(fields=["held_until"], condition=Q(status="unconfirmed"), name="events_reg_held"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "event",
                condition=Q(status__in=OPEN_STATUSES) & ~Q(email=""),
                name="events_one_open_per_email",
            ),
            models.CheckConstraint(
                condition=~Q(email="") | Q(source="desk"), name="events_email_unless_by_desk"
            ),
            models.CheckConstraint(condition=Q(party_size__gte=1), name="events_party_of_one_or_more"),
            models.CheckConstraint(
                condition=Q(came=None) | Q(came__gte=1, came__lte=models.F("party_size")),
                name="events_came_of_party",
            ),
            models.CheckConstraint(
                condition=~Q(status="waitlisted") | Q(queued_at__isnull=False), name="events_line_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.party_size})"

    def get_absolute_url(self) -> str:
        return reverse("public:registration", args=[self.token])

    @property
    def tone(self) -> str:
        """The tone of its status, see `core.tones`."""
        return RegistrationStatus(self.status).tone

    @property
    def is_off(self) -> bool:
        """It stood until its event was cancelled; reads the event."""
        return self.status in (*CHANGEABLE_STATUSES, "unconfirmed") and self.event.is_off

    @property
    def stands(self) -> Any:
        """Where it stands, as people read it: its status, or that its event is cancelled."""
        return _("Event cancelled") if self.is_off else self.get_status_display()

    @property
    def tone_of_standing(self) -> str:
        """The tone of `stands`."""
        return "bad" if self.is_off else self.tone

    @property
    def is_open(self) -> bool:
        """It still stands: waiting, registered or already checked in."""
        return self.status in OPEN_STATUSES

    passed: int  # what `with_passes()` counts

    @property
    def people_came(self) -> int:
        """How many of the party came."""
        if self.status != RegistrationStatus.ATTENDED:
            return 0
        return self.party_size if self.came is None else self.came

    @property
    def place_in_line_for(self) -> int:
        """How many people its place in line was given for: a larger party goes to the end."""
        return self.asked_size or self.party_size

    def hold_is_over(self, now: datetime) -> bool:
        """Whether the 15 minutes for the code have passed at `now`."""
        return self.status == RegistrationStatus.UNCONFIRMED and (
            self.held_until is None or self.held_until <= now
        )
