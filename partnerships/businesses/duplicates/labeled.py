"""500 labeled pairs of invented places, half of them one place written twice: what the scorer is measured by.

They are made here and not in the tests, so that whoever runs the product can ask for the figures
(`manage.py evaluate_duplicates`). The maker knows nothing of the scorer: it writes a place as files and
people do, twice. See `invented` for the two pools of names.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from .invented import FIRST, HEADINGS, HELD_OUT, HOLDING, LEGAL_FORMS, SUFFIXES, TRADES, UNIT_WORDS, Pool
from .traits import Traits, traits_of

PAIRS = 500
SETS: dict[str, tuple[str, Pool]] = {
    "looked-at": ("registry", FIRST),
    "held-out": ("never looked at", HELD_OUT),
}


@dataclass(frozen=True)
class Place:
    """A place as a row of the registry has it."""

    name: str
    legal: str
    number: int
    heading: tuple[str, str]
    street: str
    suffix: tuple[str, str]
    unit: str
    city: str
    postal_code: str
    phone: str
    email: str
    website: str
    position: tuple[float, float] | None
    spelled: bool = False  # "North Alder Street" for "N Alder St"
    unit_word: str = "Suite"

    @property
    def address(self) -> str:
        """Its street address, as written."""
        at = 0 if self.spelled else 1
        parts = [str(self.number) if self.number else "", self.heading[at], self.street, self.suffix[at]]
        unit = f", {self.unit_word} {self.unit}" if self.unit else ""
        return " ".join(each for each in parts if each) + unit

    def traits(self) -> Traits:
        """The place as the scorer sees it."""
        latitude, longitude = self.position or (None, None)
        return traits_of(
            {
                "name": self.name,
                "organization__legal_name": self.legal,
                "street": self.address,
                "city": self.city,
                "postal_code": self.postal_code,
                "phone": self.phone,
                "email_on_record": self.email,
                "website": self.website,
                "latitude": latitude,
                "longitude": longitude,
            }
        )


@dataclass(frozen=True)
class Pair:
    """Two places, whether they are one, and how the pair was made."""

    one: Place
    other: Place
    same: bool
    kind: str


def pairs(which: str = "held-out", seed: str = "") -> list[Pair]:
    """The labeled pairs of a set.

    Args:
        which: a key of `SETS`.
        seed: another one than that of the set, for other pairs of the same names.
    """
    own, pool = SETS[which]
    maker = _Maker(random.Random(seed or own), pool)  # noqa: S311  (invented names, not a secret)
    return list(maker.pairs())


class _Maker:
    """Makes places and writes them anew."""

    def __init__(self, chance: random.Random, pool: Pool) -> None:
        self.chance = chance
        self.pool = pool

    def pairs(self) -> Iterator[Pair]:
        same: list[tuple[str, Callable[[Place], Place]]] = [
            ("spelling", self._misspelled),
            ("suffix", self._other_suffix),
            ("moved unit", self._moved_unit),
            ("swapped names", self._swapped),
            ("missing phone", self._without_phone),
            ("accents", self._without_accents),
        ]
        different: list[tuple[str, Callable[[], tuple[Place, Place]]]] = [
            ("chain", self._of_a_chain),
            ("neighbors", self._neighbors),
            ("one owner", self._of_one_owner),
        ]
        for at in range(PAIRS // 2):
            kind, change = same[at % len(same)]
            one = self._place(accents=kind == "accents")
            other = change(self._as_elsewhere(one))
            if self.chance.random() < 0.35:  # two things at once
                further = self.chance.choice([self._misspelled, self._other_suffix, self._without_phone])
                other = further(other)
            yield Pair(*self._either(one, other), same=True, kind=kind)
        for at in range(PAIRS - PAIRS // 2):
            kind, make = different[at % len(different)]
            yield Pair(*self._either(*make()), same=False, kind=kind)

    def _either(self, one: Place, other: Place) -> tuple[Place, Place]:
        return (one, other) if self.chance.random() < 0.5 else (other, one)

    # --- a place

    def _place(self, *, accents: bool = False) -> Place:
        pick, chance = self.chance.choice, self.chance.random
        surnames = [each for each in self.pool.surnames if not accents or not each.isascii()]
        owner, trade = pick(surnames), pick(TRADES)
        called = pick(
            [f"{owner} {trade}", f"{owner}'s {trade}"]
            if accents
            else [
                f"{owner} {trade}",
                f"{pick(self.pool.marks)} {trade}",
                f"{pick(self.pool.pairs)} {trade}",
                f"The {pick(self.pool.pairs)}",
                f"{owner}'s {trade}",
                f"{pick(self.pool.marks)} & {owner}",
            ]
        )
        legal = pick(
            [f"{called} {pick(LEGAL_FORMS)}", f"{owner} {pick(HOLDING)} {pick(LEGAL_FORMS)}", "",
             f"{pick(self.pool.marks)} {pick(HOLDING)} {pick(LEGAL_FORMS)}"]
        )  # fmt: skip
        city, code = pick(self.pool.towns)
        return Place(
            name=called,
            legal=legal,
            number=self.chance.randrange(12, 6_000),
            heading=pick(HEADINGS),
            street=pick(self.pool.streets),
            suffix=pick(SUFFIXES),
            unit=str(self.chance.randrange(1, 400)) if chance() < 0.35 else "",
            city=city,
            postal_code=f"{code}{self.chance.randrange(10, 60)}",
            phone=self._phone() if chance() < 0.8 else "",
            email=f"{pick(['info', 'hello', 'office'])}@{self._web(called)}" if chance() < 0.3 else "",
            website=f"https://www.{self._web(called)}/" if chance() < 0.3 else "",
            position=self._position() if chance() < 0.6 else None,
        )

    def _phone(self) -> str:
        return f"({self.chance.choice((312, 773, 517))}) 555-{self.chance.randrange(100, 9_999):04d}"

    def _web(self, called: str) -> str:
        letters = "".join(each for each in called.lower() if each.isascii() and each.isalpha())
        return f"{letters}.example"

    def _position(self) -> tuple[float, float]:
        return round(self.chance.uniform(41.7, 42.0), 6), round(self.chance.uniform(-87.9, -87.6), 6)

    # --- the same place, written by someone else

    def _as_elsewhere(self, place: Place) -> Place:
        """As another file has it: another style, a position that was read off another map."""
        chance = self.chance.random
        position = place.position
        if position is not None:
            position = (
                None
                if chance() < 0.3
                else (
                    position[0] + self.chance.uniform(-2e-4, 2e-4),
                    position[1] + self.chance.uniform(-2e-4, 2e-4),
                )
            )
        return replace(
            place,
            name=place.name.upper() if chance() < 0.4 else place.name,
            legal=place.legal if chance() < 0.7 else "",
            spelled=chance() < 0.5,
            unit_word=self.chance.choice(UNIT_WORDS),
            phone=place.phone.replace("(", "").replace(") ", "-") if chance() < 0.5 else place.phone,
            email=place.email if chance() < 0.5 else "",
            website=place.website if chance() < 0.5 else "",
            position=position,
            postal_code=place.postal_code if chance() < 0.9 else "",
        )

    def _misspelled(self, place: Place) -> Place:
        """A slip of the finger in the name, at times in the street as well."""
        street = self._slip(place.street) if self.chance.random() < 0.2 else place.street
        return replace(place, name=self._slip(place.name), street=street)

    def _slip(self, text: str) -> str:
        spots = [at for at in range(1, len(text) - 1) if text[at].isalpha() and text[at + 1].isalpha()]
        if not spots:
            return text
        at = self.chance.choice(spots)
        return self.chance.choice(
            [
                text[:at] + text[at + 1 :],
                text[:at] + text[at] + text[at:],
                text[:at] + text[at + 1] + text[at] + text[at + 2 :],
                text[:at] + self.chance.choice("aeinorst") + text[at + 1 :],
            ]
        )

    def _other_suffix(self, place: Place) -> Place:
        """Another legal form or none, another way to write "and", the trade in short."""
        name = self.chance.choice(
            [
                f"{place.name} {self.chance.choice(LEGAL_FORMS)}",
                place.name.replace("&", "and").removeprefix("The "),
                f"{place.name}, {self.chance.choice(LEGAL_FORMS)}.",
                f"The {place.name}",
            ]
        )
        return replace(place, name=name)

    def _moved_unit(self, place: Place) -> Place:
        """The same shop a few doors on, in the same building."""
        return replace(place, unit=str(self.chance.randrange(400, 900)))

    def _swapped(self, place: Place) -> Place:
        """The name of the company stands where the name of the shop should, and the other way round."""
        return replace(
            place, name=place.legal or f"{place.name} {self.chance.choice(LEGAL_FORMS)}", legal=place.name
        )

    def _without_phone(self, place: Place) -> Place:
        return replace(
            place, phone="", name=self._slip(place.name) if self.chance.random() < 0.3 else place.name
        )

    def _without_accents(self, place: Place) -> Place:
        letters = str.maketrans("áéíóúñüçèêřýöćÁ", "aeiounuceeryocA")
        return replace(place, name=place.name.translate(letters), legal=place.legal.translate(letters))

    # --- two places that look like one

    def _of_a_chain(self) -> tuple[Place, Place]:
        """Two stores of a chain: one name, one company, at times one phone and one website."""
        chance = self.chance.random
        name = self.chance.choice(self.pool.chains)
        numbered = chance() < 0.5
        one, other = (
            replace(
                self._place(),
                name=f"{name} {self.chance.choice(['#', 'Store ', 'No. '])}{store}" if numbered else name,
                legal=f"{name} Stores LLC",
                website=f"https://www.{self._web(name)}/",
                email="",
            )
            for store in self.chance.sample(range(1, 90), 2)
        )
        if chance() < 0.4:
            other = replace(other, phone=one.phone)
        if chance() < 0.4:  # further down the same street
            far = max(1, one.number + self.chance.choice([-800, -150, 120, 400, 1000]))
            other = replace(
                other, street=one.street, heading=one.heading, suffix=one.suffix, city=one.city,
                postal_code=one.postal_code, position=None, number=far,
            )  # fmt: skip
        return one, other

    def _neighbors(self) -> tuple[Place, Place]:
        """Two shops of one building; some share the building's name, some have no unit on record."""
        chance = self.chance.random
        one, other = self._place(), self._place()
        if chance() < 0.4:
            mark = self.chance.choice(self.pool.marks)
            trades = self.chance.sample(TRADES, 2)
            one, other = (
                replace(each, name=f"{mark} {trade}")
                for each, trade in zip((one, other), trades, strict=True)
            )
        units = self.chance.sample(range(1, 400), 2) if chance() < 0.7 else ("", "")
        return self._as_neighbor(one, str(units[0])), self._as_neighbor(other, str(units[1]), beside=one)

    def _as_neighbor(self, place: Place, unit: str, beside: Place | None = None) -> Place:
        there = beside or place
        return replace(
            place, unit=unit, number=there.number, street=there.street, heading=there.heading,
            suffix=there.suffix, city=there.city, postal_code=there.postal_code, position=there.position,
        )  # fmt: skip

    def _of_one_owner(self) -> tuple[Place, Place]:
        """Two businesses of one owner: one company, one phone, often one address."""
        chance = self.chance.random
        owner = self.chance.choice(self.pool.surnames)
        trades = self.chance.sample(TRADES, 2)
        one, other = (
            replace(self._place(), legal=f"{owner} {self.chance.choice(HOLDING)} LLC") for _n in range(2)
        )
        other = replace(other, legal=one.legal, phone=one.phone, email=one.email)
        if chance() < 0.4:
            one, other = (
                replace(one, name=f"{owner} {trades[0]}"),
                replace(other, name=f"{owner} {trades[1]}"),
            )
        if chance() < 0.6:
            other = self._as_neighbor(other, one.unit, beside=one)
        return one, other
