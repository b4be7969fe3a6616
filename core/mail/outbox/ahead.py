"""Days by which a mail asks for something, or until which it promises something: never past for its reader.

A payload marks such a day: `promised_on: Until`. A day that is past is left out when the mail is written, and
its template asks for nothing where there is none. The first of those that stay is kept with the mail: one
that waits longer, behind a relay that is down, is not sent any more, and a person is told to call.
"""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Annotated, Any, get_type_hints

from core import clock

MARK = "until"
Until = Annotated[date | None, MARK]


@cache
def marked(payload: type) -> frozenset[str]:
    """The fields of a payload, or of a part of one, that name such a day."""
    hints = get_type_hints(payload, include_extras=True)
    return frozenset(name for name, hint in hints.items() if MARK in getattr(hint, "__metadata__", ()))


def still_ahead(payload: Any) -> Any:
    """A payload without the days that are past.

    Args:
        payload: a frozen dataclass; parts of it may be others, and lists of them. Anything else stays.
    """
    if not is_dataclass(payload) or isinstance(payload, type):
        return payload
    asks = marked(type(payload))
    changes: dict[str, Any] = {}
    for field in fields(payload):
        value: Any = getattr(payload, field.name)
        if field.name in asks:
            kept = None if value is not None and value < clock.today() else value
        elif isinstance(value, list):
            kept = [still_ahead(each) for each in value]
        else:
            kept = still_ahead(value)
        if kept != value:
            changes[field.name] = kept
    return replace(payload, **changes) if changes else payload


def first_day(payload: Any) -> date | None:
    """The earliest day that a payload marks, or `None`.

    Args:
        payload: as for `still_ahead`.
    """
    if not is_dataclass(payload) or isinstance(payload, type):
        return None
    asks = marked(type(payload))
    found: list[date | None] = []
    for field in fields(payload):
        value: Any = getattr(payload, field.name)
        if field.name in asks:
            found.append(value)
        else:
            found += [first_day(each) for each in (value if isinstance(value, list) else [value])]
    return min((day for day in found if day is not None), default=None)
