"""The desk's list of held back addresses: what it shows, and whose an address is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from core.mail.models import Suppression
from core.mail.outbox.compose import one_line
from core.mail.scope import address_books
from core.pages.columns import Column
from core.pages.marks import day

SHOWN = 3  # of those whose address it is; more are counted


@dataclass(frozen=True)
class Whose:
    """Someone whose address it is, with the page about them."""

    label: str
    url: str


def name_owners(rows: Iterable[Suppression], user: Any) -> None:
    """Say of each row whose address it is, as `whose` and `more`; a query for each address book.

    Args:
        rows: of one page.
        user: who looks; what does not exist for them is not named.
    """
    found: dict[str, list[Whose]] = {row.address: [] for row in rows}
    if found:
        for book in address_books(user):
            for each in book.of(found):
                label, known = one_line(book.label(each), 300), found[each.held_address]
                if all(label != one.label for one in known):  # a member is often a contact as well
                    known.append(Whose(label, book.url(each)))
    for row in rows:
        known = found[row.address]
        row.whose, row.more = known[:SHOWN], max(len(known) - SHOWN, 0)  # type: ignore[attr-defined]


def _why(row: Suppression) -> tuple[str, str]:
    return row.get_reason_display(), "bad" if row.reason == Suppression.Reason.BOUNCE else "warn"


COLUMNS = (
    Column("address", _("Address"), sort="address"),
    Column("at", _("Since"), sort="at", value=lambda row: day(row.at, "short")),
    Column("reason", _("Why"), sort="reason", tag=_why),
    Column("detail", _("The mail server said"), value=lambda row: one_line(row.detail, 500)),
    Column("whose", _("Whose it is"), template="mail/cells/whose.html"),
    Column("lift", _("Next step"), template="mail/cells/lift.html"),
)


class HeldBackFilter(django_filters.FilterSet):
    """By address, and why."""

    q = django_filters.CharFilter(
        label=_("Search"),
        field_name="address",
        lookup_expr="finds",
        widget=forms.SearchInput(attrs={"placeholder": _("Address, or a part of it")}),
    )
    reason = django_filters.ChoiceFilter(
        label=_("Why"), choices=Suppression.Reason.choices, empty_label=_("All reasons")
    )

    class Meta:
        model = Suppression
        fields: list[str] = []
