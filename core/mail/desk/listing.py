"""What the list of outgoing mail shows and how it is narrowed."""

import re
from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.apps import apps
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.mail.models import OutgoingMail
from core.mail.outbox import catalog
from core.mail.purposes import Category, Status
from core.pages.columns import Column
from core.pages.marks import clock, day

_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+\.[^\s<>@.]+|[0-9a-f]{32}@[^\s<>@]+")


def room_label(name: str) -> str:
    """A room's name in words, as the admin calls it; the kernel's own mail is the registry's."""
    if name == "mail":
        return str(_("The registry"))
    try:
        return capfirst(str(apps.get_app_config(name).verbose_name))
    except LookupError:
        return name


def _rooms() -> list[tuple[str, str]]:
    """The rooms that send mail, as the catalog has them."""
    names = {each.template.split("/")[0] for each in catalog().values()}
    return sorted(((name, room_label(name)) for name in names), key=lambda pair: pair[1])


def _state(mail: OutgoingMail) -> tuple[str, str]:
    return mail.get_status_display(), mail.tone


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
        key,
        label,
        sort=field,
        value=lambda mail: day(at(mail), "short"),
        sub=lambda mail: clock(at(mail)),
        file=at,
    )


COLUMNS = (
    Column(
        "subject", _("Subject"), link=_page, sub=lambda mail: mail.get_category_display(), below=_("Kind")
    ),
    Column("recipient", _("To"), value=_recipient, sub=_address, below=_("Address")),
    Column("status", _("State"), sort=("status", "-pk"), tag=_state),
    Column("room", _("From"), value=lambda mail: room_label(mail.room), hide_on_phone=True),
    _moment("due", _("Due"), "due_at"),
    _moment("sent", _("Sent"), "sent_at"),
)


class MailFilter(django_filters.FilterSet):
    """By recipient, subject, Message-ID or key; state, kind and room."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="find",
        widget=forms.SearchInput(attrs={"placeholder": _("Recipient, subject or Message-ID")}),
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
    room = django_filters.ChoiceFilter(label=_("From"), empty_label=_("All parts"))

    class Meta:
        model = OutgoingMail
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["room"].extra["choices"] = _rooms()

    def find(self, rows: QuerySet[OutgoingMail], name: str, value: str) -> QuerySet[OutgoingMail]:
        """A whole address, Message-ID or key goes by its index; else every word must be in address, name or
        subject.
        """
        words = value.split()[:8]
        if len(words) == 1:
            word = words[0]
            if _ADDRESS.fullmatch(word.strip("<>")):
                return rows.alias(address=Lower("to")).filter(
                    Q(address=word.strip("<>").lower()) | Q(message_id=f"<{word.strip('<>')}>")
                )
            if ":" in word:
                return rows.filter(dedupe_key__startswith=word)
        for word in words:
            rows = rows.filter(
                Q(to__icontains=word) | Q(recipient_name__icontains=word) | Q(subject__icontains=word)
            )
        return rows

    def by_status(self, rows: Any, name: str, value: str) -> Any:
        """One state, or the two that want a person."""
        return rows.in_trouble() if value == "trouble" else rows.filter(status=value)
