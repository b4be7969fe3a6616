"""What the list of outgoing mail shows and how it is narrowed."""

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.apps import apps
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.lists import Column
from core.marks import clock, day
from core.models import Category, OutgoingMail, Status

TONES = {
    Status.WAITING: "neutral",
    Status.SENDING: "info",
    Status.ATTEMPTING: "info",
    Status.SENT: "good",
    Status.FAILED: "bad",
    Status.UNKNOWN: "warn",
    Status.CANCELLED: "neutral",
}


def tone(mail: OutgoingMail) -> str:
    """The color of a mail's state."""
    return TONES[Status(mail.status)]


def room_label(name: str) -> str:
    """A room's name in words, as the admin calls it."""
    try:
        return capfirst(str(apps.get_app_config(name).verbose_name))
    except LookupError:
        return name


def _state(mail: OutgoingMail) -> tuple[str, str]:
    return mail.get_status_display(), tone(mail)


def _page(mail: OutgoingMail) -> str:
    return reverse("desk:mail_message", args=[mail.pk])


def _recipient(mail: OutgoingMail) -> str:
    return mail.recipient_name or mail.to


def _address(mail: OutgoingMail) -> str:
    return mail.to if mail.recipient_name else ""


def _moment(key: str, label: Any, field: str) -> Column:
    """A column with the day and, below it, the time of day."""

    def at(mail: OutgoingMail) -> datetime | None:
        found: datetime | None = getattr(mail, field)
        return found

    return Column(
        key, label, sort=field, value=lambda mail: day(at(mail), "short"), sub=lambda mail: clock(at(mail))
    )


COLUMNS = (
    Column("subject", _("Subject"), link=_page, sub=lambda mail: mail.get_category_display()),
    Column("recipient", _("To"), value=_recipient, sub=_address),
    Column("status", _("State"), sort=("status", "-pk"), tag=_state),
    Column("room", _("From"), value=lambda mail: room_label(mail.room), hide_on_phone=True),
    _moment("due", _("Due"), "due_at"),
    _moment("sent", _("Sent"), "sent_at"),
)


class MailFilter(django_filters.FilterSet):
    """By recipient or subject, state, kind and room."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="find",
        widget=forms.SearchInput(attrs={"placeholder": _("Recipient or subject")}),
    )
    status = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("trouble", _("In trouble")), *Status.choices],
        method="by_status",
        empty_label=_("All states"),
    )
    category = django_filters.ChoiceFilter(
        label=_("Kind"), choices=Category.choices, empty_label=_("All kinds")
    )

    class Meta:
        model = OutgoingMail
        fields: list[str] = []

    def find(self, rows: QuerySet[OutgoingMail], name: str, value: str) -> QuerySet[OutgoingMail]:
        """Every word must be in the address, the name or the subject."""
        for word in value.split()[:8]:
            rows = rows.filter(
                Q(to__icontains=word) | Q(recipient_name__icontains=word) | Q(subject__icontains=word)
            )
        return rows

    def by_status(self, rows: Any, name: str, value: str) -> Any:
        """One state, or the two that want a person."""
        return rows.in_trouble() if value == "trouble" else rows.filter(status=value)
