"""The table of a list, written straight: thirty rows of six cells are too many for a template's loop.

A template takes some 40 microseconds for a cell, most of it looking up names; here a cell takes five.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import words

from .columns import Column, Head
from .marks import day, icon, moment, tag

NOTHING = "–"
ARROWS = {"ascending": "arrow_upward", "descending": "arrow_downward", "": "unfold_more"}


class Drawable(Protocol):
    """What is drawn: a `ListPage`."""

    request: HttpRequest
    columns: tuple[Column, ...]
    caption: Any
    bulk: Sequence[Any]

    @property
    def chosen(self) -> frozenset[int]: ...
    @property
    def rows(self) -> list[Any]: ...
    @property
    def heads(self) -> list[Head]: ...
    def css_of(self, row: Any) -> str: ...


def draw(page: Drawable) -> SafeString:
    """The whole `<table>`: heads that sort, a row for each object, cards on a phone."""
    cells = Cells(page.columns, page.request)
    heads = "".join(_head(each) for each in page.heads)
    if page.bulk:
        heads = f'<th scope="col" role="columnheader" class="table__choose">{_("Choose")}</th>{heads}'
    body = "".join(
        f'<tr role="row"{_class(page.css_of(row))}>'
        f"{_choice(row, page) if page.bulk else ''}{''.join(cells.of(row))}</tr>\n"
        for row in page.rows
    )
    return mark_safe(  # noqa: S308  (each part is escaped where it is written)
        '<table class="table table--stack table--list" role="table">'
        f'<caption class="usa-sr-only">{conditional_escape(page.caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">\n{body}</tbody></table>'
    )


def _choice(row: Any, page: Drawable) -> SafeString:
    """The box that chooses a row; it belongs to the form with the steps, above the table."""
    sub = page.columns[0].sub
    below = sub(row) if sub is not None else ""  # what tells rows of one name apart for the eye
    label = _("Choose %(name)s") % {"name": f"{row}, {below}" if below else row}
    return format_html(
        '<td role="cell" class="table__choose"><div class="usa-checkbox">'
        '<input class="usa-checkbox__input" type="checkbox" name="rows" value="{}" id="row-{}" '
        'form="bulk"{}>'
        '<label class="usa-checkbox__label" for="row-{}"><span class="usa-sr-only">{}</span></label>'
        "</div></td>",
        row.pk, row.pk, mark_safe(" checked") if row.pk in page.chosen else "", row.pk, label,
    )  # fmt: skip


def _class(names: str) -> str:
    return f' class="{conditional_escape(names)}"' if names else ""


def _css(column: Column) -> str:
    names = {"num": column.numeric, "hide-on-phone": column.hide_on_phone, "one-line": column.one_line}
    return " ".join(name for name, wanted in names.items() if wanted)


def _head(head: Head) -> SafeString:
    label: Any = head.column.label
    if head.url:
        arrow = icon(ARROWS[head.direction])
        label = format_html('<a class="sort" href="{}">{}{}</a>', head.url, label, arrow)
    order = f' aria-sort="{head.direction}"' if head.direction else ""
    opening = f'<th scope="col" role="columnheader"{_class(_css(head.column))}{order}>'
    return format_html("{}{}</th>", mark_safe(opening), label)  # noqa: S308  (our own words)


class Cells:
    """Draws the cells of a list's rows; what is the same for every row is written once."""

    def __init__(self, columns: Sequence[Column], request: HttpRequest) -> None:
        self.request = request
        self.templates = {each.key: get_template(each.template) for each in columns if each.template}
        self.frames: list[tuple[Column, str, str]] = []
        for number, each in enumerate(columns):
            opening, end = '<th scope="row" role="rowheader" class="table__name">', "</th>"
            if number:
                label = conditional_escape(each.label)
                opening, end = f'<td role="cell" data-label="{label}"{_class(_css(each))}>', "</td>"
            self.frames.append((each, opening, end))

    def of(self, row: Any) -> Iterator[str]:
        """The cells of a row, escaped."""
        for column, opening, end in self.frames:
            yield f"{opening}{conditional_escape(self.draw(column, row))}{end}"

    def draw(self, column: Column, row: Any) -> Any:
        """What stands in a cell."""
        if column.template:
            context = {"row": row, "value": column.raw(row), "column": column}
            return self.templates[column.key].render(context, self.request)
        html = _value(column, row)
        if column.link is not None and (address := column.link(row)):
            html = format_html('<a class="strong-link" href="{}">{}</a>', address, html)
        below = column.sub(row) if column.sub is not None else ""
        return format_html('{}<small class="quiet">{}</small>', html, below) if below else html


def _value(column: Column, row: Any) -> Any:
    if column.tag is not None:
        return tag(*column.tag(row))
    value = column.raw(row)
    if value is None or value == "":
        return NOTHING
    if column.numeric and isinstance(value, int | float) and not isinstance(value, bool):
        return words.number(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if hasattr(value, "hour") and hasattr(value, "year"):
        return moment(value)
    if hasattr(value, "year") and hasattr(value, "month"):
        return day(value, "short")
    return str(value) if not isinstance(value, SafeString | Model) else value
