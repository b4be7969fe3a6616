"""Addresses that mail must leave alone."""

from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.access import Actor
from core.mail.scope import address_books, mail_scope
from core.querysets import ALL, ScopedQuerySet


class SuppressionQuerySet(ScopedQuerySet):
    """Addresses that mail leaves alone."""

    def visible_to(self, user: Actor) -> Self:
        """Those whose mail scope is all see every address; others the addresses of rows that they see."""
        scope = mail_scope(user)
        if scope == ALL:
            return self
        # Looked up one by one: a join would read all the mail there is.
        mails = apps.get_model("mail", "OutgoingMail")._default_manager.filter(organization_id__in=scope)
        known = Q(Exists(mails.filter(pk=OuterRef("mail"))))
        for book in address_books(user) if scope != () else ():
            known |= Q(book.has("address"))
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
        "mail.OutgoingMail", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("mail")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.CharField(_("lifted by"), max_length=200, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        ordering = ["-pk"]
        indexes = [
            # The list of addresses held back (`HELD_BACK`), by each of its columns.
            models.Index(fields=["address", "id"], name="mail_held_by_address", condition=Q(lifted_at=None)),
            models.Index(fields=["at", "id"], name="mail_held_by_day", condition=Q(lifted_at=None)),
            models.Index(fields=["reason", "id"], name="mail_held_by_reason", condition=Q(lifted_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["address", "reason"],
                condition=Q(lifted_at=None),
                name="mail_suppression_once",
            ),
            models.CheckConstraint(
                condition=Q(address=models.functions.Lower("address")), name="mail_suppression_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.get_reason_display()}"
