"""How the list of outgoing mail is narrowed."""

import re
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.folding import has_words
from core.mail.models import OutgoingMail
from core.mail.outbox import catalog
from core.mail.purposes import Category, Status
from core.mailboxes import normal

from .columns import room_label

_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+\.[^\s<>@.]+|[0-9a-f]{32}@[^\s<>@]+")


def _rooms() -> list[tuple[str, str]]:
    """The rooms that send mail, as the catalog has them."""
    names = {each.template.split("/")[0] for each in catalog().values()}
    return sorted(((name, room_label(name)) for name in names), key=lambda pair: pair[1])


def kinds() -> list[tuple[str, str]]:
    """The kinds of mail that some room sends, as the catalog has them."""
    sent = {each.category for each in catalog().values()}
    return [(value, str(label)) for value, label in Category.choices if value in sent]


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
    category = django_filters.ChoiceFilter(label=_("Kind"), empty_label=_("All kinds"))
    room = django_filters.ChoiceFilter(label=_("From"), empty_label=_("All parts"))

    class Meta:
        model = OutgoingMail
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["room"].extra["choices"] = _rooms()
        self.filters["category"].extra["choices"] = kinds()

    def find(self, rows: QuerySet[OutgoingMail], name: str, value: str) -> QuerySet[OutgoingMail]:
        """A whole address, Message-ID or key goes by its index; else every word must be in address, name or
        subject.
        """
        words = value.split()
        if len(words) == 1:
            word = words[0]
            if _ADDRESS.fullmatch(word.strip("<>")):
                return rows.alias(address=Lower("to")).filter(
                    Q(address=normal(word.strip("<>"))) | Q(message_id=f"<{word.strip('<>')}>")
                )
            if ":" in word:
                return rows.filter(dedupe_key__startswith=word)
        return rows.filter(has_words(value, "search_text"))

    def by_status(self, rows: Any, name: str, value: str) -> Any:
        """One state, or the two that want a person."""
        return rows.in_trouble() if value == "trouble" else rows.filter(status=value)
