"""What a field says: to compare two versions of it, and to show them in words.

Of a value there are three forms: as it is compared (`plain`), as a browser sends it where nobody touches it
(`drawn`), and as a person reads it (`in_words`).
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from core import words

from .moments import MomentInput, comes_twice


def plain(value: Any) -> Any:
    """A value to compare by: rows by key, lists in order, lines ended in one way, moments in one zone."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if isinstance(value, list | tuple | set | models.QuerySet):
        return sorted((plain(each) for each in value), key=str)
    return value


def digest(value: Any) -> str:
    """What tells one value from another, in a few signs: a page carries two for each field."""
    return hashlib.sha256(json.dumps(value, default=str).encode()).hexdigest()[:12]


def _keys(bound: BoundField) -> list[str]:
    """The names under which a browser sends a field: several for a day and an hour, or for which of two."""
    widget = bound.field.widget
    suffixes = ["", "_fold"] if isinstance(widget, MomentInput) else getattr(widget, "widgets_names", [""])
    return [f"{bound.html_name}{suffix}" for suffix in suffixes]


def drawn(bound: BoundField, value: Any) -> dict[str, list[str]]:
    """What a browser sends for a value that nobody touches, by name."""
    widget: Any = bound.field.widget
    value, keys = bound.field.prepare_value(value), _keys(bound)
    if isinstance(widget, forms.CheckboxInput):
        return {keys[0]: ["on"] if value else []}
    if hasattr(widget, "widgets_names"):
        parts = zip(widget.widgets, widget.decompress(value), strict=True)
        return {key: _texts(inner.format_value(part)) for key, (inner, part) in zip(keys, parts, strict=True)}
    if isinstance(widget, MomentInput):
        fold = [str(value.fold)] if isinstance(value, datetime) and comes_twice(value) else []
        return dict(zip(keys, (_texts(widget.format_value(value)), fold), strict=True))
    if isinstance(value, list | tuple | set | models.QuerySet):
        return {keys[0]: sorted(str(plain(each)) for each in value)}
    return {keys[0]: _texts(widget.format_value(value))}


def sent(data: Any, bound: BoundField) -> dict[str, list[str]]:
    """What was sent for a field, by name, as `drawn` writes it."""
    found = {}
    for key in _keys(bound):
        values = data.getlist(key) if hasattr(data, "getlist") else [data[key]] if key in data else []
        found[key] = (
            ["on"] if values and isinstance(bound.field.widget, forms.CheckboxInput) else _texts(values)
        )
    return found


def _texts(value: Any) -> list[str]:
    """Texts that are not empty, in one order, their lines ended in one way."""
    values = value if isinstance(value, list | tuple) else [value]
    return sorted(str(each).replace("\r\n", "\n") for each in values if each not in (None, ""))


def in_words(field: forms.Field, value: Any) -> str:
    """A value as the page would show it; "" for none."""
    if isinstance(value, models.QuerySet | list | tuple):
        return ", ".join(sorted(in_words(field, each) for each in value))
    if isinstance(field, forms.ModelChoiceField):
        return _row_in_words(field, value)
    if isinstance(field, forms.ChoiceField):
        return dict(_flat(field.choices)).get(str(value), str(value or ""))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        # Else both of two hours read alike in the night when the clocks go back.
        return words.moment(value, named=comes_twice(value))
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, time):
        return words.clock(value)
    return "" if value is None else str(value)


def _row_in_words(field: forms.ModelChoiceField, value: Any) -> str:
    if value in (None, ""):
        return str(field.empty_label or "")
    if isinstance(value, str) and not value.isdecimal():
        return value  # words that were typed in place of a choice
    assert field.queryset is not None  # noqa: S101  (narrows the type)
    found = field.queryset.filter(pk=plain(value)).first()
    return field.label_from_instance(found) if found is not None else _("Another one")


def _flat(choices: Any) -> Iterator[tuple[str, str]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(key), str(label)
