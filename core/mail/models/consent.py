"""What people agreed to get, with the proof of it, and addresses that mail must leave alone."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.access import Actor
from core.mail.purposes import How, Purpose
from core.querysets import ScopedQuerySet
from core.roles import Role, role_of


class ConsentQuerySet(ScopedQuerySet):
    """The record of choices, one row each."""

    def visible_to(self, user: Actor) -> Self:
        """The record is for admins; others see it through the contact or their own page."""
        return self if role_of(user) == Role.ADMIN else self.none()

    def of(self, address: str) -> Self:
        """All choices of one address, the latest first."""
        return self.filter(address=address.strip().lower()).order_by("-pk")


class Consent(models.Model):
    """One choice of one person: yes or no to a purpose, when, how, and the words they were shown.

    Append-only. The latest row of an address, purpose and topic is what holds.
    """

    address = models.CharField(_("address"), max_length=254)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    given = models.BooleanField(_("agreed"))
    at = models.DateTimeField(_("when"), default=clock.now)
    how = models.CharField(_("how"), max_length=20, choices=How.choices)
    wording = models.CharField(_("words shown"), max_length=500)
    source = models.CharField(
        _("where"), max_length=120, blank=True, help_text=_("Such as event-12 or application-7.")
    )
    actor_label = models.CharField(_("recorded by"), max_length=200, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["address", "purpose", "topic", "-id"], name="mail_consent_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=Purpose.values), name="mail_consent_known_purpose"
            ),
            # Stored in lower case: addresses are compared as people mean them.
            models.CheckConstraint(
                condition=Q(address=models.functions.Lower("address")), name="mail_consent_lower_case"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.purpose} {'yes' if self.given else 'no'}"
