"""One folding for every search and every order by name: accents, case and punctuation do not matter.

`core_fold` in the database folds what is stored and what is typed in the same way: "O’Brien", "O'BRIEN" and
"obrien" are one word, and so are "Straße" and "Strasse". `name__finds="cafe"` is its lookup, on any text; the
admin's search fields use it too. A fold takes ten times as long as a look: a table that grows long keeps its
searched texts folded (`folded`), and the same lookup then only looks.

Lists are ordered by a folded name in which numbers count as numbers: "Store 2" before "Store 10", "Ábel"
beside "Abel". A table that grows long keeps it (`key_of`); a short list of people works it out (`in_order`).
"""

from typing import Any

from django.db.models import CharField, Func, GeneratedField, Lookup, Q, TextField, Value
from django.db.models.functions import Collate, Concat
from django.utils.translation import gettext_lazy as _

MOST_WORDS = 8


class Fold(Func):
    """A text, folded: letters, digits and single blanks, the first of them in front."""

    function = "core_fold"
    output_field = TextField()


class FoldedText(TextField):
    """A text that is stored folded."""


def folded(*names: str) -> GeneratedField:
    """A column that the database keeps: these fields as one folded text.

    Args:
        names: text fields of the same model.
    """
    first, *others = names
    texts = (
        Concat(first, *(part for name in others for part in (Value(" "), name)), output_field=TextField())
        if others
        else first
    )
    return GeneratedField(
        expression=Fold(texts), output_field=FoldedText(), db_persist=True, verbose_name=_("searched text")
    )


class InOrder(Func):
    """A name as it is ordered by: folded, its numbers filled up with zeros."""

    function = "core_in_order"
    output_field = TextField()


def key_of(name: str) -> GeneratedField:
    """A column that the database keeps: a name as lists are ordered by it.

    Compared letter by letter in every database, whatever its collation.

    Args:
        name: the field of the same model.
    """
    return GeneratedField(
        expression=InOrder(name),
        output_field=TextField(db_collation="C"),
        db_persist=True,
        verbose_name=_("its place in order"),
    )


def in_order(name: str) -> Collate:
    """The same place in order, worked out as the rows are read: for a list of people, whose tables keep none.

    `rows.order_by(in_order("user__full_name"), "pk")`.

    Args:
        name: of the field, or a path to it.
    """
    return Collate(InOrder(name), "C")


@CharField.register_lookup
@TextField.register_lookup
class Finds(Lookup):
    """Whether the typed text occurs, folded. Signs alone occur everywhere."""

    lookup_name = "finds"
    stored = "core_fold(%s)"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        text, text_values = self.process_lhs(compiler, connection)
        typed, typed_values = self.process_rhs(compiler, connection)
        # A folded text has no sign that LIKE could take for its own.
        pattern = f"'%%' || trim(core_fold({typed})) || '%%'"
        return f"{self.stored.replace('%s', text)} LIKE {pattern}", (*text_values, *typed_values)


@FoldedText.register_lookup
class FindsFolded(Finds):
    """The same of a text that is stored folded."""

    stored = "%s"


def has_words(text: str, *names: str) -> Q:
    """The condition that each typed word occurs in one of the fields.

    Args:
        text: what was typed; its first 8 words count.
        names: of text fields, or paths to them.
    """
    every = Q()
    for word in text.split()[:MOST_WORDS]:
        some = Q()
        for name in names:
            some |= Q(**{f"{name}__finds": word})
        every &= some
    return every
