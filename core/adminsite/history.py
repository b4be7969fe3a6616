"""The history of a row in the admin: what was done, by whom, with old and new values in words."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.admin.utils import display_for_field, flatten_fieldsets
from django.contrib.auth import get_user_model
from django.db.models import BooleanField, JSONField, Model
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import words
from core.past import Diff, Happening, names

from .sayings import Called, label, several, someone, what, why

Readable = Callable[[type[Model]], Collection[str]]


@dataclass(frozen=True)
class Change:
    """A field that changed.

    Args:
        name: what people call it.
        before: its value in words, empty where there was none.
        after: the same.
        told: whether the values may be read here; else there are none.
    """

    name: str
    before: str = ""
    after: str = ""
    told: bool = False


@dataclass(frozen=True)
class Line:
    """One thing that was done, in words."""

    at: datetime
    who: str
    what: str
    kind: str
    row: str
    detail: str
    changes: list[Change]


def readable(site: Any, request: HttpRequest) -> Readable:
    """The fields of a model whose values an administrator reads: those that its page in the admin shows.

    What has no page there, such as what an applicant wrote or a reviewer noted, is told by its name alone.
    """

    def fields(model: type[Model]) -> Collection[str]:
        admin = site._registry.get(model)
        return flatten_fieldsets(admin.get_fieldsets(request)) if admin else ()

    return fields


def lines(told: Collection[Happening], may_read: Readable) -> list[Line]:
    """Put happenings into words, in a query for each model whose rows are named.

    Args:
        told: those of one page.
        may_read: see `readable`.
    """
    wanted: dict[type[Model], set[str]] = defaultdict(set)
    for each in told:
        if each.model is not None:
            wanted[each.model].add(each.key)
        if each.entry is not None and (number := someone(each.entry)):
            wanted[get_user_model()].add(number)
        for diff in each.diffs:
            for column, values in _columns(diff, may_read):
                if column.related_model:
                    wanted[column.related_model] |= {str(value) for value in values if value is not None}
    called = names(wanted)
    return [_line(each, may_read, called) for each in told]


def _columns(diff: Diff, may_read: Readable) -> Iterator[tuple[Any, tuple[Any, Any]]]:
    open_to_read = may_read(diff.model)
    for name, values in diff.values.items():
        if name in open_to_read:
            yield diff.model._meta.get_field(name), values


def _line(told: Happening, may_read: Readable, called: Called) -> Line:
    return Line(
        at=told.at,
        who=told.who,
        what=what(told.entry, told.model) if told.entry else _("Changed"),
        kind=capfirst(str(told.model._meta.verbose_name)) if told.model else "",
        row=called.get((told.model, told.key), told.key) if told.model else "",
        detail=why(told.entry, told.model, called) if told.entry else "",
        changes=list(_changes(told, may_read, called)),
    )


def _changes(told: Happening, may_read: Readable, called: Called) -> Iterator[Change]:
    said = set()
    for diff in told.diffs:
        for column, (before, after) in _columns(diff, may_read):
            said.add(column.name)
            yield Change(
                label(diff.model, column.name),
                _value(column, before, called),
                _value(column, after, called),
                True,
            )
    named = {name for diff in told.diffs for name in diff.values} | set(
        told.entry.changed if told.entry else ()
    )
    for name in sorted(named - said):
        yield Change(label(told.model, name))


def _value(column: Any, value: Any, called: Called) -> str:
    if value in (None, "", []):
        return ""
    if column.related_model:
        return called.get((column.related_model, str(value)), str(value))
    if isinstance(column, BooleanField):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return words.moment(value)
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, list):
        return several(column, value)
    if isinstance(column, JSONField):
        return str(value)
    return str(display_for_field(value, column, ""))
