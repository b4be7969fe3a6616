"""A list page, declared: what it shows, how it is narrowed, what can be done with it, and as which files.

A room declares its lists in `lists.py`; the view is one line and the template is shared:

    SHOPS = Listing(title=_("Shops"), rows=shops_of, columns=COLUMNS, filters=ShopFilter, default_sort="name",
                    noun=(_("shop"), _("shops")), empty=Empty(_("No shops yet")))

    @requires("core.use_desk")
    def shops(request: HttpRequest) -> HttpResponseBase:
        return SHOPS.respond(request)

`template` names one that extends `desk/list.html` where a page shows more; `more` gives it what it needs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core import audit
from core.access import refusal

from . import bulk as bulk_steps
from . import export
from .bulk import Bulk
from .columns import Column
from .components import Segment
from .lists import ListPage

FILE = "as"  # in the address: ?as=csv


@dataclass(frozen=True)
class WayOn:
    """A way on: a button in the heading, or the next step of an empty list.

    Args:
        label: the words on it.
        url: the name of the address.
        permission: for whom it is; empty for all who see the list.
        strong: the page's main button.
    """

    label: Any
    url: str
    permission: str = ""
    strong: bool = False

    def is_for(self, request: HttpRequest) -> bool:
        """Whether it leads this person anywhere."""
        return not self.permission or refusal(request.user, self.permission) is None

    @property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.url)


@dataclass(frozen=True)
class Empty:
    """What an empty list says, with the next step for whom there is one."""

    title: Any
    text: Any = ""
    step: WayOn | None = None


@dataclass(frozen=True)
class Switch:
    """A choice between parts of a list: open or closed, mine or all."""

    label: Any
    segments: Sequence[Segment]


@dataclass(frozen=True)
class File:
    """That a list may be taken along as a file; who takes it is put on record.

    Args:
        name: of the file, without its ending.
    """

    name: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A declared list page.

    Args:
        title: the heading.
        subheading: a quiet line below it.
        parent: label and address name of the page above, for the breadcrumbs.
        rows: `request -> rows` that exist for the person, with what the columns show selected along.
        columns: as a tuple, or `request -> columns` where they depend on the person.
        filters: an ordinary FilterSet; one named `q` is the search box.
        default_sort: a column's key, "-" in front for descending.
        noun: what the rows are, singular and plural.
        empty: what stands there when there are none.
        switches: `request -> switches`.
        steps: buttons in the heading.
        bulk: steps for many rows.
        file: whether it may be taken along.
        caption: what the table holds, for screen readers; the plural noun by default.
        template: one that extends `desk/list.html`.
        more: `(request, page) -> what the template needs`, or a whole answer in place of the page.
    """

    title: Any
    subheading: Any = ""
    parent: tuple[Any, str] | None = None
    rows: Callable[[HttpRequest], QuerySet[Any]]
    columns: Sequence[Column] | Callable[[HttpRequest], Sequence[Column]]
    filters: type[django_filters.FilterSet] | None = None
    default_sort: str = ""
    noun: tuple[Any, Any]
    empty: Empty
    switches: Callable[[HttpRequest], Sequence[Switch]] | None = None
    steps: Sequence[WayOn] = ()
    bulk: Sequence[Bulk] = ()
    file: File | None = None
    caption: Any = ""
    template: str = "desk/list.html"
    more: Callable[[HttpRequest, ListPage], dict[str, Any] | HttpResponseBase] | None = None

    def page(self, request: HttpRequest) -> ListPage:
        """The rows of this page, ready to be drawn."""
        step = self.empty.step
        leads = step is not None and step.is_for(request)
        offered = self.bulk_for(request)
        return ListPage(
            request,
            self.rows(request),
            columns=self.columns_for(request),
            filterset_class=self.filters,
            default_sort=self.default_sort,
            noun=self.noun,
            empty_title=self.empty.title,
            empty_text=self.empty.text,
            empty_url=step.address if step is not None and leads else "",
            empty_action=step.label if step is not None and leads else "",
            caption=self.caption,
            files=self.file_kinds,
            bulk=offered,
        )

    def columns_for(self, request: HttpRequest) -> Sequence[Column]:
        """The columns that this person sees."""
        return self.columns(request) if callable(self.columns) else self.columns

    def bulk_for(self, request: HttpRequest) -> list[Bulk]:
        """The steps for many rows that this person may take."""
        return [each for each in self.bulk if refusal(request.user, each.permission) is None]

    @property
    def file_kinds(self) -> list[tuple[str, Any]]:
        """The files that can be taken along: kind and label."""
        return [("csv", gettext_lazy("CSV")), ("xlsx", gettext_lazy("Excel"))] if self.file else []

    def respond(self, request: HttpRequest) -> HttpResponseBase:
        """The page; a file where the address asks for one; the question before a step for many rows."""
        if request.method == "POST":
            if not self.bulk:
                return HttpResponseNotAllowed(["GET", "HEAD"])
            return bulk_steps.respond(request, self.bulk, self.page(request).queryset, self.noun)
        page = self.page(request)
        if self.file is not None and (kind := request.GET.get(FILE, "")) in export.KINDS:
            return self._file(request, page, self.file, kind)
        more = self.more(request, page) if self.more else {}
        if isinstance(more, HttpResponseBase):
            return more
        context = {
            "listing": self,
            "list": page,
            "switches": self.switches(request) if self.switches else (),
            "steps": [each for each in self.steps if each.is_for(request)],
        }
        return render(request, self.template, {**context, **more})

    def _file(self, request: HttpRequest, page: ListPage, file: File, kind: str) -> HttpResponseBase:
        model = page.queryset.model._meta
        known = page.filterset.form.fields if page.filterset is not None else {}
        narrowed = ",".join(sorted(name for name in known if request.GET.get(name)))  # never what was typed
        audit.record(
            f"{model.app_label}.list_exported", detail=f"{model.model_name}.{kind} {narrowed}".strip()
        )
        return export.KINDS[kind](file.name, page.declared, page.queryset)
