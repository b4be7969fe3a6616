"""Outgoing mail: the table that is the truth about what was, is and will be sent."""

from datetime import datetime
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core import clock, leases
from core.access import Actor
from core.folding import folded
from core.mail.purposes import (
    IN_FLIGHT,
    IN_TROUBLE,
    MOVES,
    NORMAL_PRIORITY,
    OUR_FAULT,
    Category,
    Purpose,
    Status,
)
from core.mail.scope import mail_scope, mail_subjects
from core.querysets import ALL, ScopedQuerySet


class OutgoingMailQuerySet(ScopedQuerySet):
    """Sets of mail."""

    def visible_to(self, user: Actor) -> Self:
        """Admins: all. Officers and supervisors: the organizations of `mail_scope`, and `mail_subjects`.

        Mail that belongs to no organization and is about nothing that a room shows them (sign-in codes)
        exists only for those whose scope is all.
        """
        scope = mail_scope(user)
        if scope == ALL:
            return self
        known = models.Q(organization_id__in=scope)
        for room, numbers in mail_subjects(user).items():
            known |= models.Q(room=room, subject_id__in=numbers)
        return self.filter(known)

    def due(self, now: datetime) -> Self:
        """Waiting, and the time has come; sign-in codes first, then the longest due."""
        return self.filter(status=Status.WAITING, due_at__lte=now).order_by("priority", "due_at", "pk")

    def in_flight(self) -> Self:
        """Claimed by a worker."""
        return self.filter(status__in=IN_FLIGHT)

    def abandoned(self) -> Self:
        """Claimed by a worker whose lease has run out, by the database's own clock."""
        return self.in_flight().filter(leases.ABANDONED)

    def in_trouble(self) -> Self:
        """Failed, or of uncertain fate, and nobody has seen to it: a person should look."""
        return self.filter(status__in=IN_TROUBLE, handled_at=None)

    def faulty(self) -> Self:
        """Waits or failed by a fault of the product."""
        open_still = models.Q(status=Status.WAITING) | models.Q(status=Status.FAILED, handled_at=None)
        return self.filter(open_still, last_error__startswith=OUR_FAULT)


class OutgoingMail(leases.Leased):
    """One mail to one person, from the change that caused it to the relay's answer.

    The row is inserted in the transaction of that change (`core.mail.outbox.enqueue`). `life` is a list of
    `{"at": ISO time, "what": code, "answer": text}`, oldest first; see `core.mail.outbox.life`.
    """

    dedupe_key = models.CharField(_("key"), max_length=250, unique=True, editable=False)
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True, editable=False)
    category = models.CharField(_("kind"), max_length=20, choices=Category.choices)
    status = models.CharField(
        _("state"), max_length=20, choices=Status.choices, default=Status.WAITING, editable=False
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=NORMAL_PRIORITY, editable=False)
    room = models.CharField(_("room"), max_length=40)
    template = models.CharField(_("template"), max_length=100)
    organization_id = models.BigIntegerField(_("organization's number"), null=True, blank=True)
    subject_id = models.BigIntegerField(_("number of what it is about"), null=True, blank=True)
    still_wanted = models.CharField(_("check before sending"), max_length=100, blank=True)

    to = models.EmailField(_("to"))
    recipient_id = models.BigIntegerField(_("recipient's number"), null=True, blank=True)
    recipient_name = models.CharField(_("recipient"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    why = models.CharField(_("why they get this"), max_length=300)
    purpose = models.CharField(
        _("purpose"), max_length=20, choices=Purpose.choices, default=Purpose.SERVICE, editable=False
    )
    reply_to = models.CharField(_("replies go to"), max_length=320, blank=True, editable=False)
    calendar = models.TextField(_("calendar part"), blank=True, editable=False)
    calendar_method = models.CharField(
        _("method of the calendar part"), max_length=10, blank=True, editable=False
    )

    planned_at = models.DateTimeField(_("planned"), default=clock.now, editable=False)
    due_at = models.DateTimeField(_("due"), default=clock.now)
    useless_after = models.DateTimeField(_("useless after"), null=True, blank=True)
    # The first day by which it asks or promises something (`core.mail.outbox.ahead`).
    names_day = models.DateField(_("first day that it names"), null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    purged_at = models.DateTimeField(_("body removed"), null=True, blank=True, editable=False)

    attempts = models.PositiveIntegerField(_("attempts"), default=0, editable=False)
    first_attempt_at = models.DateTimeField(_("first attempt"), null=True, blank=True, editable=False)
    last_error = models.CharField(_("last answer"), max_length=500, blank=True, editable=False)
    life = models.JSONField(_("life"), default=list, editable=False)
    # A mail in trouble that a person has seen to: sent again as a new row, or settled by phone.
    handled_at = models.DateTimeField(_("seen to"), null=True, blank=True, editable=False)
    handled_by = models.CharField(_("seen to by"), max_length=200, blank=True, editable=False)
    copy_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies", editable=False,
        verbose_name=_("sent again from"),
    )  # fmt: skip

    search_text = folded("to", "recipient_name", "subject")

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-pk"]
        indexes = [
            # What the desk's list is ordered by.
            models.Index(fields=["due_at", "id"], name="mail_by_due"),
            models.Index(fields=["sent_at", "id"], name="mail_by_sent"),
            models.Index(fields=["status", "-id"], name="mail_by_status"),
            models.Index(
                fields=["priority", "due_at", "id"],
                name="mail_due",
                condition=models.Q(status="waiting"),
            ),
            models.Index(
                fields=["lease_until"],
                name="mail_lease",
                condition=models.Q(status__in=["sending", "attempting"]),
            ),
            models.Index(
                fields=["status"],
                name="mail_trouble",
                condition=models.Q(status__in=["failed", "unknown"], handled_at=None),
            ),
            models.Index(Lower("to"), models.F("id").desc(), name="mail_address"),
            models.Index(
                fields=["planned_at"],
                name="mail_unpurged",
                condition=models.Q(purged_at=None),
            ),
            models.Index(fields=["organization_id"], name="mail_organization"),
            models.Index(fields=["room", "subject_id"], name="mail_about"),
            models.Index(fields=["recipient_id"], name="mail_recipient"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="mail_known_status"),
            models.CheckConstraint(
                condition=models.Q(status="sent", sent_at__isnull=False)
                | (~models.Q(status="sent") & models.Q(sent_at__isnull=True)),
                name="mail_sent_has_time",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="status_moves",
                field="status",
                transitions=sorted((str(a), str(b)) for a, ends in MOVES.items() for b in ends),
            ),
            pgtrigger.Trigger(
                name="status_starts",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=(
                    "IF NEW.status <> 'waiting' THEN "
                    "RAISE EXCEPTION 'A new mail can''t begin in state %', NEW.status; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"

    @property
    def tone(self) -> str:
        """The tone of its state, see `core.tones`."""
        return Status(self.status).tone

    @property
    def names_a_past_day(self) -> bool:
        """It asks for something by a day, or promises something until one, that is past."""
        return self.names_day is not None and self.names_day < clock.today()

    @property
    def is_duty(self) -> bool:
        """A reminder that its reader gets because they work at the department."""
        return self.category == Category.REMINDER and self.purpose == Purpose.SERVICE

    @property
    def is_redacted(self) -> bool:
        """Its body is shown to nobody: sign-in codes and resets, outside a demonstration."""
        return self.category == Category.SECURITY and not settings.DEMO

    @property
    def has_body(self) -> bool:
        """Its body is still kept."""
        return self.purged_at is None and bool(self.text)
