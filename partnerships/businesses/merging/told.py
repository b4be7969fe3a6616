"""A merge in words: what would move, what moved, and what undoing left as it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core import moving, words
from partnerships.businesses.models import Business, Merge, Organization

BUSINESS, ORGANIZATION = "businesses.Business", "businesses.Organization"


@dataclass(frozen=True)
class Moves:
    """What moves, in words.

    Attributes:
        words: "3 contacts".
        count: how many.
    """

    words: str
    count: int


def of_places(kept: Business, gone: Business) -> list[Moves]:
    """What would move if one place were merged into another; a query for each relation."""
    found = moving.counted(BUSINESS, gone.pk)
    if kept.organization_id != gone.organization_id:
        found += [
            each
            for each in of_whole(gone.organization)
            if each[0].relation != "businesses.Business.organization"
        ]
    return _in_words(found)


def of_organizations(gone: Organization) -> list[Moves]:
    """What would move if an organization were gathered under another; a query for each relation."""
    return _in_words(of_whole(gone))


def of_whole(gone: Organization) -> list[tuple[moving.Follows, int]]:
    """What belongs to an organization, counted."""
    return moving.counted(ORGANIZATION, gone.pk)


def moved(merge: Merge) -> list[Moves]:
    """What did move."""
    known = {each.relation: each for each in moving.follows()}
    entries = [(known[each["relation"]], len(each["moved"])) for each in merge.journal.get("handed", ())
               if each["relation"] in known]  # fmt: skip
    return _in_words([(each, n) for each, n in entries if n])


def listed(found: Iterable[Moves]) -> str:
    """ "3 contacts, 1 application and 12 mails" """
    return get_text_list([each.words for each in found], _("and"))


def fields(merge: Merge) -> list[str]:
    """The names of what was changed on the record that stays."""
    names = []
    for label, _pk, changes in merge.journal.get("fields", ()):
        model: Any = Business if label == BUSINESS else Organization
        names += [str(model._meta.get_field(name).verbose_name) for name in changes]
    return names


@dataclass(frozen=True)
class LeftAsIs:
    """What undoing left as it was.

    Attributes:
        fields: of the record that stayed, changed by a person since.
        stayed: rows that stay there, since they were changed or moved on.
        changed: rows that went back with what was changed since.
        added: what came there since.
        gone: how many rows were removed since.
    """

    fields: list[str]
    stayed: list[str]
    changed: list[str]
    added: list[str]
    gone: int


def left(merge: Merge) -> LeftAsIs:
    """What undoing left as it was, in words."""
    told = merge.left
    known = {each.relation: each for each in moving.follows()}
    labels = {each.name: str(getattr(each, "verbose_name", each.name)) for each in _columns()}

    def rows(name: str) -> list[str]:
        # A contact follows by its place and by its organization: it is told once.
        found = {
            (known[relation].model, pk): f"{known[relation].one}: {what}"
            for relation, pk, what in told.get(name, ())
            if relation in known
        }
        return list(found.values())

    added = [_said(known[relation], n) for relation, n in told.get("added", ()) if relation in known]
    return LeftAsIs(
        fields=[labels.get(name, name) for name in told.get("fields", ())],
        stayed=rows("stayed"),
        changed=rows("changed"),
        added=added,
        gone=told.get("gone", 0),
    )


def _columns() -> list[Any]:
    return [*Organization._meta.concrete_fields, *Business._meta.concrete_fields]


def _in_words(found: Iterable[tuple[moving.Follows, int]]) -> list[Moves]:
    return [Moves(_said(each, n), n) for each, n in found]


def _said(each: moving.Follows, n: int) -> str:
    return words.count(n, (each.one, each.several))
