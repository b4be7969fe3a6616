"""The reminders planned by the rules: which mail carries each, or why none does."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.mail.models.rules import ReminderRule


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Sets of planned reminders."""

    def pending(self) -> Self:
        """In no mail yet, and not dropped."""
        return self.filter(mail=None, dropped="")


class Reminder(models.Model):
    """One reminder to one person, from the moment it is due: which mail carries it, or why none does."""

    class Dropped(models.TextChoices):
        """Why a reminder is in no mail. A reminder whose date moved is no row: the new date gets its own."""

        UNWANTED = "unwanted", _("What it is about was settled, withdrawn or cancelled.")
        STOPPED = "stopped", _("The recipient chose not to get reminders.")
        SUPPRESSED = "suppressed", _("Mail to the address comes back, or was reported as spam.")
        TOO_LATE = "too_late", _("It would have come too late.")
        OVERTAKEN = "overtaken", _("A later reminder of the same date was due as well.")
        OFF = "off", _("The rule was switched off.")

    key = models.CharField(_("key"), max_length=250)
    rule = models.ForeignKey(
        ReminderRule, models.CASCADE, related_name="reminders", db_index=False, verbose_name=_("rule")
    )  # the index of what is noted begins with it
    subject_id = models.BigIntegerField(_("number of what it is about"))
    recipient = models.CharField(_("recipient"), max_length=60)
    to = models.CharField(_("to"), max_length=254)  # in lower case: what is one person's comes in one mail
    anchor = models.DateTimeField(_("date it reminds of"))
    due_at = models.DateTimeField(_("due"))
    useless_after = models.DateTimeField(_("useless after"))
    exact = models.BooleanField(_("apart from the day's digest"), default=False)
    planned_at = models.DateTimeField(_("planned"), default=clock.now)
    mail = models.ForeignKey(
        "mail.OutgoingMail", models.SET_NULL, null=True, blank=True, related_name="reminders",
        db_index=False, verbose_name=_("mail"),
    )  # fmt: skip
    mailed_on = models.DateField(_("local day of its mail"), null=True, blank=True)
    dropped = models.CharField(_("dropped"), max_length=20, choices=Dropped.choices, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["pk"]
        # `unique` on the column would bring a second index, for patterns.
        constraints = [models.UniqueConstraint(fields=["key"], name="mail_reminder_key")]
        # A row enters the last two once it has its mail: a day's reminders are noted in one go.
        indexes = [
            models.Index(
                fields=["to", "due_at"],
                name="mail_reminder_pending",
                condition=models.Q(mail=None, dropped=""),
            ),
            models.Index(fields=["rule", "anchor", "subject_id"], name="mail_reminder_noted"),
            models.Index(
                fields=["to", "mailed_on"],
                name="mail_reminder_day",
                condition=models.Q(mailed_on__isnull=False),
            ),
            models.Index(fields=["mail"], name="mail_reminder_mail", condition=models.Q(mail__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.key
