"""Lists of rows: declared columns, sort, filters, 30 rows a page.

A view builds a `ListPage` and hands it to `components/list.html`, which is a plain loop. Addresses stay
readable (`?q=bean&sort=-name&after=corner+bean~4711&row=31`); what is unknown in them falls back quietly, so
that an old bookmark still opens. How a page begins behind a row, however long the list: `core.pages.keyset`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import words
from core.pages import bulk as steps
from core.pages.bulk import Bulk
from core.pages.columns import Column, Head
from core.pages.counting import Count, count
from core.pages.keyset import Order, take
from core.pages.table import draw

PER_PAGE = 30
# What an address says of the place in a list: behind which row, before which, and as how many rows the first
# of the page counts. `page=last` is the end; a page's number, as of old, is the start. What
# is ticked goes with it.
PLACE = ("after", "before", "page", "row", steps.CHOSEN)
LAST = "last"


@dataclass(frozen=True)
class Chip:
    """One active filter and the address that takes it off."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class Shown:
    """The rows of one page.

    Args:
        rows: in the order of the list.
        before, behind: whether there are more.
        first: as how many rows the first one counts; None when nobody knows, deep in a very long list.
    """

    rows: list[Any]
    before: bool
    behind: bool
    first: int | None


class ListPage:
    """One page of a list, ready to be drawn.

    Args:
        request: the current request; its query string chooses filters, order and page.
        queryset: the rows that exist for this user.
        columns: what to show of each row. The first column names the row.
        filterset_class: an ordinary FilterSet; a filter named `q` becomes the search box.
        default_sort: a column's key, with "-" in front for descending.
        noun: what the rows are, singular and plural, for the count in words.
        empty_title: shown when there are no rows at all, with the next step in `empty_text`,
            `empty_url` and `empty_action`.
        per_page: rows a page.
        row_class: `row -> css class` of the table row.
        caption: what the table holds, for screen readers; the plural noun by default.
        files: the kinds of file it may be taken along as, each with its label.
        bulk: the steps for many rows; with any, each row can be chosen.
    """

    def __init__(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        *,
        columns: Sequence[Column],
        filterset_class: type[django_filters.FilterSet] | None = None,
        default_sort: str = "",
        noun: tuple[Any, Any] | None = None,
        empty_title: Any = "",
        empty_text: Any = "",
        empty_url: str = "",
        empty_action: Any = "",
        per_page: int = PER_PAGE,
        row_class: Callable[[Any], str] | None = None,
        caption: Any = "",
        files: Sequence[tuple[str, Any]] = (),
        bulk: Sequence[Bulk] = (),
    ) -> None:
        self.request = request
        self.declared = tuple(columns)
        self.columns = tuple(each for each in columns if each.on_page)
        self.per_page = per_page
        self.row_class = row_class
        self.noun = noun or (_("entry"), _("entries"))
        self.empty_title = empty_title or _("Nothing here yet")
        self.empty_text, self.empty_url, self.empty_action = empty_text, empty_url, empty_action
        self.caption = caption or capfirst(str(self.noun[1]))
        self.default_sort = default_sort
        self.bulk = bulk
        self._files = files
        self.filterset = (
            filterset_class(request.GET, queryset=queryset, request=request) if filterset_class else None
        )
        self._base = queryset
        if self.filterset is not None:
            for field in self.filterset.form.fields.values():
                if isinstance(
                    field, forms.NullBooleanField
                ):  # its empty choice reads "Unknown", which it isn't
                    field.widget.choices = [("", _("Any")), ("true", _("Yes")), ("false", _("No"))]

    # --- Order

    @cached_property
    def sort(self) -> str:
        """The key of the column it is ordered by; "" where a search brings its own order, best first."""
        sortable = {column.key for column in self.columns if column.sort_fields}
        wanted = self.request.GET.get("sort", "")
        if wanted.removeprefix("-") in sortable:
            return wanted
        brought = self._filtered.query.order_by != self._base.query.order_by
        return "" if brought or self.default_sort.removeprefix("-") not in sortable else self.default_sort

    def _terms(self, rows: QuerySet[Any]) -> list[str]:
        """The fields of the chosen column; without one the order that a search by likeness brings along."""
        if not self.sort:
            return [str(each) for each in rows.query.order_by]
        backwards = self.sort.startswith("-")
        chosen = next(column for column in self.columns if column.key == self.sort.removeprefix("-"))
        pairs = [(each.removeprefix("-"), each.startswith("-") != backwards) for each in chosen.sort_fields]
        return [f"-{name}" if down else name for name, down in pairs]

    # --- Rows

    @cached_property
    def _filtered(self) -> QuerySet[Any]:
        return self._base if self.filterset is None else self.filterset.qs

    @cached_property
    def order(self) -> Order:
        """What the list is ordered by: empty values last, then the primary key: pages never overlap."""
        return Order.of(self._filtered, self._terms(self._filtered))

    @cached_property
    def queryset(self) -> QuerySet[Any]:
        """All rows of this list, filtered and ordered."""
        return self._filtered.order_by(*(key.order(backwards=False, filled=False) for key in self.order.keys))

    @cached_property
    def shown(self) -> Shown:
        """The rows of this page; a place that does not exist leads to the nearest one."""
        after, before = self._place("after"), self._place("before")
        if after is not None:
            rows = take(self._filtered, self.order, self.per_page + 1, place=after)
            if rows:
                more = len(rows) > self.per_page
                return Shown(rows[: self.per_page], True, more, self._counted_first())
        if before is not None:
            rows = take(self._filtered, self.order, self.per_page + 1, place=before, backwards=True)
            if len(rows) >= self.per_page:
                more = len(rows) > self.per_page
                return Shown(rows[-self.per_page :], more, True, self._counted_first() if more else 1)
        elif after is not None or self.request.GET.get("page") == LAST:
            return self._last()
        rows = take(self._filtered, self.order, self.per_page + 1)
        return Shown(rows[: self.per_page], False, len(rows) > self.per_page, 1)

    def _last(self) -> Shown:
        """The end: as many rows as are left over when pages are full, or a full page when nobody counted."""
        all_in_all = self._total
        size = (all_in_all.number - 1) % self.per_page + 1 if all_in_all.exact else self.per_page
        rows = take(self._filtered, self.order, size + 1, backwards=True)
        first = all_in_all.number - size + 1 if all_in_all.exact else None
        return Shown(rows[-size:], len(rows) > size, False, first)

    def _place(self, name: str) -> tuple[Any, ...] | None:
        written = self.request.GET.get(name)
        return self.order.read(written) if written else None

    def _counted_first(self) -> int | None:
        text = self.request.GET.get("row", "")
        return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 else None

    @cached_property
    def _total(self) -> Count:
        return count(self._filtered)

    @cached_property
    def total(self) -> Count:
        """How many rows the list has on all pages: counted, or estimated where they are very many."""
        if not self.shown.before and not self.shown.behind:
            return Count(len(self.shown.rows))
        return self._total

    @property
    def count(self) -> int:
        """The number of `total`."""
        return self.total.number

    @property
    def rows(self) -> list[Any]:
        """The objects of this page."""
        return self.shown.rows

    @property
    def table(self) -> SafeString:
        """The rows as a table."""
        return draw(self)

    def css_of(self, row: Any) -> str:
        """The CSS class of a row."""
        return self.row_class(row) if self.row_class else ""

    # --- Words and addresses

    @property
    def count_words(self) -> str:
        """How many rows there are, in words: "1 business", "1,204 businesses", "about 12,400 businesses"."""
        singular, plural = self.noun
        return f"{self.total} {singular if self.count == 1 else plural}"

    @property
    def range_words(self) -> str:
        """Which rows this page shows: "31 to 60"; empty where that is not known."""
        if self.shown.first is None or not self.rows:
            return ""
        first, last = self.shown.first, self.shown.first + len(self.rows) - 1
        return _("%(first)s to %(last)s") % {
            "first": words.number(first),
            "last": words.number(last),
        }

    def url(self, **changes: str | None) -> str:
        """The current address with changes to its parameters; None takes one off."""
        params: QueryDict = self.request.GET.copy()
        for key, value in changes.items():
            if value is None:
                params.pop(key, None)
            else:
                params[key] = value
        return f"?{params.urlencode()}"

    @cached_property
    def heads(self) -> list[Head]:
        """The column heads with where a click on them leads."""
        heads = []
        for column in self.columns:
            direction, url = "", ""
            if column.sort_fields:
                if self.sort == column.key:
                    direction = "ascending"
                elif self.sort == f"-{column.key}":
                    direction = "descending"
                url = self._url_of(sort=f"-{column.key}" if direction == "ascending" else column.key)
            heads.append(Head(column, url, direction))
        return heads

    @cached_property
    def chosen(self) -> frozenset[int]:
        """The rows that are ticked when the page opens."""
        return steps.ticked(self.request)[0]

    @property
    def all_chosen(self) -> bool:
        """Whether all that match are ticked when the page opens."""
        return steps.ticked(self.request)[1]

    @property
    def bulk_takes_all(self) -> bool:
        """Whether all that match are few enough to be chosen at one stroke."""
        return self.count <= steps.MOST

    @property
    def has_pages(self) -> bool:
        """Whether the list goes on before or behind this page."""
        return self.shown.before or self.shown.behind

    @property
    def first_url(self) -> str:
        """The address of the first page, or "" on it."""
        return self._url_of() if self.shown.before else ""

    @property
    def previous_url(self) -> str:
        """The address of the page before, or ""."""
        if not self.shown.before or not self.rows:
            return ""
        first = self.shown.first
        row = str(max(first - self.per_page, 1)) if first is not None else None
        return self._url_of(before=self.order.write(self.rows[0]), row=row)

    @property
    def next_url(self) -> str:
        """The address of the page after, or ""."""
        if not self.shown.behind or not self.rows:
            return ""
        row = str(self.shown.first + len(self.rows)) if self.shown.first is not None else None
        return self._url_of(after=self.order.write(self.rows[-1]), row=row)

    @property
    def last_url(self) -> str:
        """The address of the last page, or "" on it."""
        return self._url_of(page=LAST) if self.shown.behind else ""

    def _url_of(self, **place: str | None) -> str:
        return self.url(**{**dict.fromkeys(PLACE), **place})

    @property
    def files(self) -> list[tuple[Any, str]]:
        """The label and address of each file that it may be taken along as."""
        return [(label, self._url_of(**{"as": kind})) for kind, label in self._files]

    # --- Filters

    @property
    def search_field(self) -> Any:
        """The bound field of the search box, or None."""
        form = self.filterset.form if self.filterset is not None else None
        return form["q"] if form is not None and "q" in form.fields else None

    @property
    def filter_fields(self) -> list[Any]:
        """The bound fields of the other filters."""
        if self.filterset is None:
            return []
        return [field for field in self.filterset.form.visible_fields() if field.name != "q"]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the filter form carries along: the order, and a view's own switches."""
        own = set(self.filterset.form.fields) if self.filterset is not None else set()
        return [
            (key, value)
            for key, values in self.request.GET.lists()
            if key not in own and key not in PLACE and not any(key.startswith(f"{name}_") for name in own)
            for value in values
        ]

    @cached_property
    def chips(self) -> list[Chip]:
        """The active filters, each with the address that takes it off."""
        if self.filterset is None or not self.filterset.form.is_valid():
            return []
        chips = []
        for name, field in self.filterset.form.fields.items():
            value = self.filterset.form.cleaned_data.get(name)
            if value is None or value == "" or (hasattr(value, "__len__") and len(value) == 0):
                continue
            keys = [key for key in self.request.GET if key == name or key.startswith(f"{name}_")]
            if not keys:
                continue
            label = _("Search") if name == "q" else str(field.label or capfirst(name))
            off = self._url_of(**dict.fromkeys(keys))
            chips.append(Chip(label, _chip_words(field, value), off))
        return chips

    @property
    def clear_url(self) -> str:
        """The address without any filter; the order stays."""
        gone = {key: None for key in self.request.GET if key not in dict(self.kept)}
        return self.url(**gone)

    def narrowed_by(self, name: str) -> bool:
        """Whether a filter is active, with a value that it knows."""
        form = self.filterset.form if self.filterset is not None else None
        return form is not None and form.is_valid() and bool(form.cleaned_data.get(name))

    @property
    def filtered(self) -> bool:
        """Whether any filter is active."""
        return bool(self.chips)


def _chip_words(field: Any, value: Any) -> str:
    """What a filter's value reads like: the choice's label rather than what is stored."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, slice):
        parts = [str(part) for part in (value.start, value.stop) if part is not None]
        return " – ".join(parts)
    if isinstance(value, list | tuple | QuerySet):
        return ", ".join(_chip_words(field, each) for each in value)
    for stored, label in getattr(field, "choices", None) or ():
        if str(getattr(stored, "value", stored)) == str(value):
            return str(label)
    return str(value)
