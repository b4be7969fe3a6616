"""What people agreed to get, with the proof of it, and addresses that mail must leave alone."""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.mail_scope import address_books, mail_scope
from core.querysets import ALL, ScopedQuerySet
from core.roles import Role, role_of


class Purpose(models.TextChoices):
    """What mail is for. People choose by purpose; mail of service can't be switched off."""

    SERVICE = "service", _("Service")
    REMINDERS = "reminders", _("Reminders")
    NEWSLETTERS = "newsletters", _("Newsletters")
    ALERTS = "alerts", _("Community alerts")
    SURVEYS = "surveys", _("Surveys")


# Reminders are about what the person asked for themselves; the form they asked on says that they come. All
# else waits for a yes. See docs/decisions/0012.
ON_UNLESS_STOPPED = frozenset({Purpose.SERVICE, Purpose.REMINDERS})
CHOSEN = tuple(each for each in Purpose if each != Purpose.SERVICE)


def purpose_of(category: str, *, duty: bool = False) -> Purpose:
    """The purpose of mail of a category (`core.models.mail.Category`).

    Args:
        category: what kind of mail it is.
        duty: its reader gets it because they work at the department: theirs to do, not to stop.
    """
    if duty:
        return Purpose.SERVICE
    return {"reminder": Purpose.REMINDERS, "newsletter": Purpose.NEWSLETTERS}.get(category, Purpose.SERVICE)


class How(models.TextChoices):
    """Where a choice was made."""

    FORM = "form", _("On a form")
    PREFERENCES = "preferences", _("On the page of mail choices")
    ONE_CLICK = "one_click", _("By the mail program's unsubscribe button")
    COMPLAINT = "complaint", _("Reported as spam")
    DESK = "desk", _("Told to an officer")


class ConsentQuerySet(ScopedQuerySet):
    """The record of choices, one row each."""

    def visible_to(self, user: Any) -> Self:
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
        indexes = [models.Index(fields=["address", "purpose", "topic", "-id"], name="core_consent_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=Purpose.values), name="core_consent_known_purpose"
            ),
            # Stored in lower case: addresses are compared as people mean them.
            models.CheckConstraint(
                condition=Q(address=models.functions.Lower("address")), name="core_consent_lower_case"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.purpose} {'yes' if self.given else 'no'}"


class SuppressionQuerySet(ScopedQuerySet):
    """Addresses that mail leaves alone."""

    def visible_to(self, user: Any) -> Self:
        """Those whose mail scope is all see every address; others the addresses of rows that they see."""
        scope = mail_scope(user)
        if scope == ALL:
            return self
        known = Q(mail__organization_id__in=scope)
        for book in address_books(user) if scope != () else ():
            known |= Q(address__in=book.addresses())
        return self.filter(known)

    def holding(self) -> Self:
        """One row for each address that is held back now: a bounce goes before a complaint."""
        bounced = self.model._default_manager.filter(
            address=OuterRef("address"), reason="bounce", lifted_at=None
        )
        reported = Q(reason="complaint")
        return self.filter(lifted_at=None).exclude(reported & Exists(bounced))


class Suppression(models.Model):
    """An address that mail must leave alone: it bounced, or its reader reported us as spam.

    A bounce holds back everything but sign-in mail, which a person asks for at that moment. A complaint holds
    back everything outside service. A person may lift it after asking the recipient.
    """

    class Reason(models.TextChoices):
        BOUNCE = "bounce", _("Mail comes back")
        COMPLAINT = "complaint", _("Reported as spam")

    address = models.CharField(_("address"), max_length=254)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    detail = models.CharField(_("what the mail server said"), max_length=500, blank=True)
    at = models.DateTimeField(_("since"), default=clock.now)
    mail = models.ForeignKey(
        "core.OutgoingMail", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("mail")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.CharField(_("lifted by"), max_length=200, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["address", "reason"],
                condition=Q(lifted_at=None),
                name="core_suppression_once",
            ),
            models.CheckConstraint(
                condition=Q(address=models.functions.Lower("address")), name="core_suppression_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.get_reason_display()}"
