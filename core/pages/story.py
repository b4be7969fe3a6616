"""What a room tells on the pages that draw on several rooms: the desk's day, a business's page, a home.

A room's `story.py` offers, under these names, what it has to tell. Each is asked once a page and may cost at
most `QUERIES` queries, however much stands behind it:

| name | asked with | tells |
| --- | --- | --- |
| `CHAPTERS` | – | chapters of a business's story, each a `Chapter` |
| `beside` | place, user | `Beside`: cards beside the story, whom to call, next steps |
| `day` | user, whose | `Day`: cards and tiles of the desk's home, what is late and due |
| `city` | user | `Day` of those who only read: totals, never a row of somebody's |
| `home` | user | `Home`: an owner's needs, cards, officer |
| `figures` | – | `Figure`s of the public home |

Overview orders what the rooms offer, and shows what does not fit as counts. It writes no sentence of its own
about a room's matters.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Count, QuerySet, Window

from core.pages.components import TimelineEntry

QUERIES = 3  # that one offer of one room may cost
LINES = 8  # of a card; the rest is one click away
LONGEST = 40  # entries of a chapter; what is older stands on the pages of its room

# How pressing a tone is: the lower, the sooner it is told.
URGENCY = {"bad": 0, "warn": 1, "info": 2, "good": 3, "neutral": 4}


class Whose(StrEnum):
    """Whose work the desk's home shows."""

    MINE = "mine"
    DISTRICT = "district"
    ALL = "all"


@dataclass(frozen=True)
class Chapter:
    """One part of a business's story that can be read alone.

    Args:
        key: as in the address, `?story=events`.
        label: what the switch says.
        read: `(place, user) -> entries`, the latest `LONGEST`; rows come through what is visible to the user.
        for_viewers: whether those who see no people and no vetting read it.
        order: where its switch stands among the others. Two rooms may write in one chapter: the key joins.
    """

    key: str
    label: Any
    read: Callable[[Any, Any], Iterable[TimelineEntry]]
    for_viewers: bool = False
    order: int = 50


@dataclass(frozen=True)
class Card:
    """One card of such a page: a heading, lines drawn by the room's own template, and where the rest is.

    Args:
        key: names it in tests and links (`#conditions`).
        title: the heading.
        template: draws the body; it gets `card` and the page's own context.
        lines: what is shown, at most `LINES` of a list.
        total: how many there are in all; as many as lines, when left out.
        url: of the whole list.
        link_text: what the link to it says.
        order: where it stands among the others, the smallest first.
        aside: stands in the narrow column.
        empty: title and text where there are no lines.
        facts: whatever else the template draws.
        tone: colors the edge.
    """

    key: str
    title: Any
    template: str
    lines: Sequence[Any] = ()
    total: int | None = None
    url: str = ""
    link_text: Any = ""
    order: int = 50
    aside: bool = False
    empty: tuple[Any, Any] = ("", "")
    facts: dict[str, Any] = field(default_factory=dict)
    tone: str = ""

    @property
    def count(self) -> int:
        """How many lines there are in all."""
        return len(self.lines) if self.total is None else self.total


@dataclass(frozen=True)
class Tile:
    """One figure at the top; the words say what it counts, the tone whether it worries.

    Args:
        figure: the number.
        words: what it counts, in singular or plural.
        tone: `bad`, `warn`, `info`, `good` or `neutral`.
        url: the list behind it.
        order: where it stands among the others.
    """

    figure: int
    words: str
    tone: str = "neutral"
    url: str = ""
    order: int = 50


@dataclass(frozen=True)
class Next:
    """A thing to do next with a business: a sentence, where to do it, and how pressing it is.

    Args:
        sentence: begins in lower case where it follows "Next:".
        url: where to do it.
        action: what the link says.
        tone: colors the bar.
        order: the smallest is the one that is shown.
    """

    sentence: str
    url: str = ""
    action: str = ""
    tone: str = "warn"
    order: int = 50


@dataclass(frozen=True)
class Beside:
    """What a room puts beside a business's story.

    Args:
        cards: in no order; `Card.order` says where each stands.
        steps: what could be done next; the page shows the first.
        call: whom to call with one tap, `(name, tel: link)`.
    """

    cards: Sequence[Card] = ()
    steps: Sequence[Next] = ()
    call: tuple[str, str] | None = None


@dataclass(frozen=True)
class Day:
    """What waits in a room today.

    Args:
        cards: lists with their first lines.
        tiles: the figures at the top.
        late: how many things are past their day.
        due: how many more are due within seven days.
    """

    cards: Sequence[Card] = ()
    tiles: Sequence[Tile] = ()
    late: int = 0
    due: int = 0


@dataclass(frozen=True)
class Need:
    """One thing the owner has to do.

    Args:
        title: what, in a few words.
        text: a sentence more.
        url: where to do it.
        action: what the button says.
        items: the exact things, if there are several.
        tone: how pressing it is.
        question: what the officer asked, in their words.
        order: where it stands among the others, the smallest first.
    """

    title: str
    text: str
    url: str
    action: str
    items: tuple[str, ...] = ()
    tone: str = "warn"
    question: str = ""
    order: int = 50


@dataclass(frozen=True)
class Home:
    """What a room has for an owner's home.

    Args:
        needs: what the owner has to do.
        cards: where their things stand.
        known: whether anything here is theirs; who has nothing anywhere is led to find their business.
        officer: who answers for them, if the room knows.
        area: the officer's district.
    """

    needs: Sequence[Need] = ()
    cards: Sequence[Card] = ()
    known: bool = False
    officer: Any = None
    area: Any = None


@dataclass(frozen=True)
class Figure:
    """One figure of the public home, with the words that say what it counts."""

    figure: str
    words: str
    order: int = 50


def first_of(rows: QuerySet[Any], lines: int = LINES) -> tuple[list[Any], int]:
    """The first lines of a card, and how many there are in all, in one query.

    Args:
        rows: in the order of the card.
        lines: how many are shown.
    """
    found: list[Any] = list(rows.annotate(in_all=Window(Count("pk")))[:lines])
    return found, found[0].in_all if found else 0
