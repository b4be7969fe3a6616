"""Paging without counting: a page begins behind a row, wherever that row stands by now.

`OFFSET 90000` reads 90,000 rows to skip them. Here an address names the row at the edge of the page, by the
values that the list is ordered by: `?after=corner+bean~4711`. The next page is what lies behind these values,
found by the index that the list is ordered by. Rows that come or go in between move nothing: none is shown
twice and none is left out.

Empty values come last, in either direction. One plain index serves both, because what has a value and what
has none are asked for one after the other: `Order.pieces` says in which order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import quote, unquote

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Case, F, Field, ForeignKey, Func, GeneratedField, Q, QuerySet, TextField, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.dateparse import parse_datetime

# How values stand in an address: joined by "~"; nothing at all for no value, two quotes for an empty text.
BETWEEN, EMPTY = "~", "''"
READABLE = " :+,@&()"

Values = tuple[Any, ...]
Piece = tuple[Q, tuple[OrderBy, ...]]


@dataclass(frozen=True)
class Key:
    """One field that a list is ordered by.

    Args:
        name: the field's path, as in `order_by`; also the name of an annotation.
        down: descending.
        field: reads the value out of an address.
        nullable: whether a row may have no value there.
    """

    name: str
    down: bool
    field: "Field[Any, Any]"
    nullable: bool

    @classmethod
    def of(cls, rows: QuerySet[Any], term: str) -> Self:
        """The key of a term of `order_by`.

        Args:
            rows: what is ordered.
            term: a field, a path to one, or an annotation, with "-" in front for descending.

        Raises:
            FieldDoesNotExist: there is no such field.
        """
        name, down = term.removeprefix("-"), term.startswith("-")
        annotated = rows.query.annotations.get(name)
        if annotated is not None:
            always = isinstance(annotated, Case | Coalesce)  # written for an order, they leave nothing empty
            return cls(name, down, annotated.output_field, nullable=not always)
        field, nullable, model = None, False, rows.model
        for part in name.split("__"):
            if model is None:
                raise FieldDoesNotExist(name)
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
            nullable = nullable or field.null
            model = field.related_model
        if field is None or not isinstance(field, Field):
            raise FieldDoesNotExist(name)
        if isinstance(field, GeneratedField) and field.output_field is not None:
            field = field.output_field
        return cls(name, down, field.target_field if isinstance(field, ForeignKey) else field, nullable)

    def of_row(self, row: Any) -> Any:
        """The value of a row; None where a step of the path is missing."""
        for part in self.name.split("__"):
            row = getattr(row, part, None)
        return getattr(row, "pk", row)

    def read(self, written: str) -> Any:
        """The value as it stands in an address.

        Raises:
            ValueError: it is no value of the field.
        """
        if not written:
            if not self.nullable:
                raise ValueError(written)
            return None
        text = "" if written == EMPTY else unquote(written)
        if "\0" in text:  # Postgres has no such character
            raise ValueError(written)
        try:
            found = parse_datetime(text) if self.field.get_internal_type() == "DateTimeField" else None
            found = self.field.to_python(text) if found is None else found
            if isinstance(found, datetime) and found.tzinfo is not None:
                found = found.astimezone(UTC)  # overflows where the database would
        except (ValidationError, TypeError, OverflowError):
            raise ValueError(written) from None
        if isinstance(found, datetime) and found.tzinfo is None:
            raise ValueError(written)
        if isinstance(found, int) and not -(1 << 63) <= found < 1 << 63:
            raise ValueError(written)
        return found

    def order(self, backwards: bool, filled: bool) -> OrderBy:
        """The term of an ORDER BY.

        Args:
            backwards: from the end of the list to its start.
            filled: rows with a value are asked for apart from those without: a plain index serves.
        """
        down = self.down != backwards
        last = None if filled or not self.nullable or backwards else True
        first = True if backwards and self.nullable and not filled else None
        name = F(self.name)
        return (
            name.desc(nulls_last=last, nulls_first=first)
            if down
            else name.asc(nulls_last=last, nulls_first=first)
        )


@dataclass(frozen=True)
class Order:
    """All that a list is ordered by; the last key tells any two rows apart."""

    keys: tuple[Key, ...]

    @classmethod
    def of(cls, rows: QuerySet[Any], terms: Sequence[str]) -> Self:
        """The order of a list; the primary key comes last, in the direction of the first term.

        Args:
            rows: what is ordered.
            terms: as for `order_by`.
        """
        named = [each for each in terms if each.removeprefix("-") not in {"pk", rows.model._meta.pk.name}]
        ends = [each for each in terms if each not in named]
        down = named[0].startswith("-") if named else False
        return cls(tuple(Key.of(rows, each) for each in [*named, *(ends or ["-pk" if down else "pk"])]))

    def write(self, row: Any) -> str:
        """Where a row stands, for an address."""
        return BETWEEN.join(_written(key.of_row(row)) for key in self.keys)

    def read(self, written: str) -> Values | None:
        """The values of a place in the list; None for what is no such place."""
        parts = written.split(BETWEEN)
        if len(parts) != len(self.keys):
            return None
        try:
            return tuple(key.read(part) for key, part in zip(self.keys, parts, strict=True))
        except ValueError:
            return None

    def pieces(self, place: Values | None, backwards: bool) -> Iterator[Piece]:
        """What lies behind a place, in pieces: all of a piece comes before all of the next.

        Args:
            place: the values of a row that need not be there any more; None for the start, or the end.
            backwards: what lies before it, the nearest first.
        """
        if place is not None:
            yield from self._behind(0, Q(), place, backwards)
        elif not self.keys[0].nullable:
            yield Q(), self._terms(-1, backwards)
        else:
            halves = [(self._filled(0), self._terms(0, backwards)),
                      (self._empty(0), self._terms(0, backwards))]  # fmt: skip
            yield from reversed(halves) if backwards else halves

    def _behind(self, start: int, same: Q, place: Values, backwards: bool) -> Iterator[Piece]:
        """What lies behind among rows that are the same up to a key."""
        if start == len(self.keys):
            return
        key = self.keys[start]
        if place[start] is None:  # the last of all: behind it lies nothing, before it all that has a value
            yield from self._behind(start + 1, same & self._empty(start), place, backwards)
            if backwards:
                yield same & self._filled(start), self._terms(start, backwards)
            return
        # Keys of one direction are compared as one row, which an index over them answers at once.
        end = start + 1
        while end < len(self.keys) and self.keys[end].down == key.down and not self.keys[end].nullable:
            end += 1
        equal = Q(**{each.name: value for each, value in
                     zip(self.keys[start:end], place[start:end], strict=True)})  # fmt: skip
        yield from self._behind(end, same & equal, place, backwards)
        beyond = _beyond(self.keys[start:end], place[start:end], key.down != backwards)
        filled = self._filled(start) if key.nullable else Q()
        yield same & filled & Q(beyond), self._terms(start, backwards)
        if key.nullable and not backwards:
            yield same & self._empty(start), self._terms(start, backwards)

    def _terms(self, known: int, backwards: bool) -> tuple[OrderBy, ...]:
        """All keys. Of those up to the number `known` it is said already whether a row has a value there."""
        return tuple(key.order(backwards, number <= known) for number, key in enumerate(self.keys))

    def _filled(self, number: int) -> Q:
        return Q(**{f"{self.keys[number].name}__isnull": False})

    def _empty(self, number: int) -> Q:
        return Q(**{f"{self.keys[number].name}__isnull": True})


def take(
    rows: QuerySet[Any], order: Order, most: int, *, place: Values | None = None, backwards: bool = False
) -> list[Any]:
    """The rows next to a place in a list, in the order of the list.

    Args:
        rows: of the list, in any order.
        order: what it is ordered by.
        most: how many.
        place: behind, or before, these values; None for the start, or the end.
        backwards: what comes before.

    Returns:
        Rows in the list's own order, also where they were looked for backwards. One query; two where a page
        goes from rows with a value to those without.
    """
    found: list[Any] = []
    for condition, terms in order.pieces(place, backwards):
        found += rows.filter(condition).order_by(*terms)[: most - len(found)]
        if len(found) >= most:
            break
    return found[::-1] if backwards else found


def _written(value: Any) -> str:
    if value is None:
        return ""
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return quote(text, safe=READABLE).replace(BETWEEN, "%7E") or EMPTY


def _beyond(keys: Sequence[Key], values: Values, below: bool) -> Any:
    """The condition that a row's values come after the given ones, compared from left to right."""
    mine = [F(key.name) for key in keys]
    given = [Value(value, output_field=key.field) for key, value in zip(keys, values, strict=True)]
    compare = LessThan if below else GreaterThan
    if len(keys) == 1:
        return compare(mine[0], given[0])
    as_row = {"template": "ROW(%(expressions)s)", "output_field": TextField()}
    return compare(Func(*mine, **as_row), Func(*given, **as_row))
