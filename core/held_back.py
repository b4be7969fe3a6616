"""The desk's list of held back addresses: what it shows, and whose an address is.

Each room says where it knows addresses from: `config.rooms.ADDRESSES`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from config import rooms
from core.lists import Column
from core.marks import day
from core.models import Suppression

SHOWN = 3  # of those whose address it is; more are counted


@dataclass(frozen=True, kw_only=True)
class Place:
    """One kind of row that holds an address, for one viewer.

    Args:
        rows: those that exist for the viewer, with what `label` and `url` read selected along.
        address: the path to the address from a row.
        label: whose it is, in words.
        url: where to look after it at the desk.
    """

    rows: QuerySet[Any]
    address: str
    label: Callable[[Any], str]
    url: Callable[[Any], str]

    def addresses(self) -> QuerySet[Any]:
        """The addresses of its rows in their normal spelling, for a subquery."""
        return self._spelled().order_by().values("held_address")

    def of(self, addresses: Iterable[str]) -> list[Any]:
        """The rows with one of these addresses, each with its normal spelling as `held_address`."""
        return list(self._spelled().filter(held_address__in=list(addresses)).order_by("pk"))

    def _spelled(self) -> QuerySet[Any]:
        return self.rows.annotate(held_address=Lower(self.address))


@dataclass(frozen=True)
class Whose:
    """Someone whose address it is, with the page about them."""

    label: str
    url: str


def places(user: Any) -> list[Place]:
    """Where addresses stand that `user` may see, of all rooms."""
    return [place for path in rooms.ADDRESSES for place in import_string(path)(user)]


def name_owners(rows: Iterable[Suppression], user: Any) -> None:
    """Say of each row whose address it is, as `whose` and `more`; one query for each place of the rooms.

    Args:
        rows: of one page.
        user: who looks; what does not exist for them is not named.
    """
    found: dict[str, list[Whose]] = {row.address: [] for row in rows}
    if found:
        for place in places(user):
            for each in place.of(found):
                label, known = place.label(each), found[each.held_address]
                if all(label != one.label for one in known):  # a member is often a contact as well
                    known.append(Whose(label, place.url(each)))
    for row in rows:
        known = found[row.address]
        row.whose, row.more = known[:SHOWN], max(len(known) - SHOWN, 0)  # type: ignore[attr-defined]


def _why(row: Suppression) -> tuple[str, str]:
    return row.get_reason_display(), "bad" if row.reason == Suppression.Reason.BOUNCE else "warn"


COLUMNS = (
    Column("address", _("Address"), sort="address"),
    Column("at", _("Since"), sort="at", value=lambda row: day(row.at, "short")),
    Column("reason", _("Why"), sort="reason", tag=_why),
    Column("detail", _("The mail server said")),
    Column("whose", _("Whose it is"), template="core/cells/whose.html"),
    Column("lift", _("Next step"), template="core/cells/lift.html"),
)


class HeldBackFilter(django_filters.FilterSet):
    """By address, and why."""

    q = django_filters.CharFilter(
        label=_("Search"),
        field_name="address",
        lookup_expr="icontains",
        widget=forms.SearchInput(attrs={"placeholder": _("Address, or a part of it")}),
    )
    reason = django_filters.ChoiceFilter(
        label=_("Why"), choices=Suppression.Reason.choices, empty_label=_("All reasons")
    )

    class Meta:
        model = Suppression
        fields: list[str] = []
