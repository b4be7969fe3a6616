"""Orders what the rooms tell, and says as a count what does not fit. It writes no sentence of theirs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any, TypeVar

from django.utils import timezone

from core import rooms
from core.pages.components import TimelineEntry
from core.pages.story import (
    LONGEST,
    URGENCY,
    Beside,
    Card,
    Chapter,
    Day,
    Figure,
    Home,
    Need,
    Next,
    Tile,
    Whose,
)
from partnerships.businesses.models import Business

CARDS_SHOWN = 6  # in one column; what follows is a line with its count
NEEDS_SHOWN = 8
TILES_SHOWN = 6
WEEK = timedelta(days=7)
Offer = TypeVar("Offer")


def _told(name: str) -> Iterator[Any]:
    """What every room offers under a name of its `story.py`, the rooms from the top down."""
    for _room, found in rooms.offered("story", name):
        yield found


def _asked(name: str, *about: Any) -> list[Any]:
    return [offer(*about) for offer in _told(name)]


def _ordered(offers: Iterable[Iterable[Any]]) -> list[Any]:
    return sorted((each for offer in offers for each in offer), key=attrgetter("order"))


@dataclass(frozen=True)
class Column:
    """One column of cards.

    Args:
        cards: those that are drawn.
        more: those that are told in a line each, with how much is in them.
    """

    cards: Sequence[Card]
    more: Sequence[Card] = ()

    @classmethod
    def of(cls, cards: Sequence[Card]) -> "Column":
        """The cards that fit, and the rest."""
        return cls(cards[:CARDS_SHOWN], cards[CARDS_SHOWN:])


@dataclass(frozen=True)
class Page:
    """Two columns of cards."""

    main: Column
    aside: Column

    @classmethod
    def of(cls, offers: Iterable[Iterable[Card]]) -> "Page":
        """Set what the rooms offered into its column."""
        cards = _ordered(offers)
        return cls(
            Column.of([each for each in cards if not each.aside]),
            Column.of([each for each in cards if each.aside]),
        )

    def card(self, key: str) -> Card | None:
        """A card by its key, wherever it stands."""
        for column in (self.main, self.aside):
            for each in (*column.cards, *column.more):
                if each.key == key:
                    return each
        return None


# --- The day


@dataclass(frozen=True)
class Today:
    """The desk's home.

    Args:
        page: the cards.
        tiles: the figures that fit; worries go before the rest.
        more: the figures that are told in a line.
        late: how many things are past their day, over all rooms.
        due: how many more are due within seven days.
    """

    page: Page
    tiles: Sequence[Tile]
    more: Sequence[Tile]
    late: int
    due: int


def today_of(user: Any, whose: Whose) -> Today:
    """The day of someone who works at the desk."""
    return _today(_asked("day", user, whose))


def city_of(user: Any) -> Today:
    """The city in figures, for someone who only reads."""
    return _today(_asked("city", user))


def _today(days: list[Day]) -> Today:
    tiles = _ordered(each.tiles for each in days)
    pressing = sorted(tiles, key=lambda each: URGENCY[each.tone])[:TILES_SHOWN]
    return Today(
        Page.of(each.cards for each in days),
        [each for each in tiles if each in pressing],
        [each for each in tiles if each not in pressing],
        late=sum(each.late for each in days),
        due=sum(each.due for each in days),
    )


# --- A business's page


@dataclass(frozen=True)
class Telling:
    """A business's story as far as it fits.

    Args:
        entries: the latest first.
        more: the chapters that have older entries than those shown, with how many.
    """

    entries: list[TimelineEntry]
    more: Sequence[tuple[Chapter, int]] = ()


def chapters(*, figures_only: bool) -> list[Chapter]:
    """The chapters, each once: two rooms may write in one, under the same key.

    Args:
        figures_only: leave out what is not for viewers.
    """
    found: dict[str, Chapter] = {}
    for each in sorted((one for offer in _told("CHAPTERS") for one in offer), key=attrgetter("order")):
        if each.for_viewers or not figures_only:
            found.setdefault(each.key, each)
    return list(found.values())


def story_of(place: Business, user: Any, key: str = "", *, figures_only: bool = False) -> Telling:
    """What happened, the latest first, as far as it exists for `user`.

    Args:
        place: the place of business, with its organization at hand.
        user: who reads; each room's rows come through what is visible to them.
        key: of one chapter; anything else means all of them.
        figures_only: leave out what is not for viewers.

    Returns:
        At most `LONGEST` entries. The number of queries does not depend on how much happened.
    """
    shown = chapters(figures_only=figures_only)
    wanted = {key} & {each.key for each in shown} or {each.key for each in shown}
    told = [
        (one.key, entry)
        for offer in _told("CHAPTERS")
        for one in offer
        if one.key in wanted
        for entry in one.read(place, user)
    ]
    told.sort(key=lambda each: _moment(each[1]), reverse=True)
    rest = [chapter for chapter, _entry in told[LONGEST:]]
    more = [(each, rest.count(each.key)) for each in shown if each.key in rest and len(wanted) > 1]
    return Telling([entry for _key, entry in told[:LONGEST]], more)


def _moment(entry: TimelineEntry) -> datetime:
    when = entry.when
    if isinstance(when, datetime):
        return when
    return timezone.make_aware(datetime.combine(when or date.min.replace(year=1900), time(12)))


@dataclass(frozen=True)
class Surroundings:
    """What stands beside a business's story, and the one thing to do next."""

    page: Page
    next: Next | None
    call: tuple[str, str] | None


def beside(place: Business, user: Any) -> Surroundings:
    """Gather what stands beside the story of `place`, as far as it exists for `user`."""
    offers: list[Beside] = _asked("beside", place, user)
    steps = _ordered(each.steps for each in offers)
    return Surroundings(
        Page.of(each.cards for each in offers),
        steps[0] if steps else None,
        next((each.call for each in offers if each.call), None),
    )


# --- The owner's home


@dataclass(frozen=True)
class OwnersHome:
    """The portal's home.

    Args:
        needs: what the owner has to do, the first `NEEDS_SHOWN`.
        more: what else, told in a line each.
        page: where their things stand.
        officer: who answers for them.
        area: the officer's district.
        is_empty: nothing is theirs yet anywhere.
    """

    needs: Sequence[Need]
    more: Sequence[Need]
    page: Page
    officer: Any = None
    area: Any = None
    is_empty: bool = False

    @property
    def count(self) -> int:
        """How many things need the owner."""
        return len(self.needs) + len(self.more)


def home_of(user: Any) -> OwnersHome:
    """Gather the portal's home for a member."""
    offers: list[Home] = _asked("home", user)
    needs = _ordered(each.needs for each in offers)
    return OwnersHome(
        needs[:NEEDS_SHOWN],
        needs[NEEDS_SHOWN:],
        Page.of(each.cards for each in offers),
        officer=next((each.officer for each in reversed(offers) if each.officer), None),
        area=next((each.area for each in reversed(offers) if each.area), None),
        is_empty=not any(each.known for each in offers),
    )


# --- The public home


def public_figures() -> list[Figure]:
    """What the public home counts."""
    return _ordered(_asked("figures"))
