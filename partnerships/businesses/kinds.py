"""Kinds of business by plain words: "nail salon", "uñas" or "812113" finds Nail Salons.

What is searched are the titles of the classification and our own list of everyday words, English and Spanish
(`data/everyday_words.toml`); both are small and stand in memory, so that a look asks no database. Accents,
case, plurals, blanks ("day care", "daycare"), the beginning of a word and typing mistakes do not matter. See
docs/decisions/0099.
"""

import csv
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from math import log
from pathlib import Path

from rapidfuzz import fuzz, process

DATA = Path(__file__).resolve().parent / "data"
NAICS = DATA / "naics_2022.csv"
EVERYDAY = DATA / "everyday_words.toml"

MOST_SIGNS = 100  # of what is typed
MOST_WORDS = 8
GROUP = 4  # digits of an industry group, which lists and filters show
GOOD = 0.45  # what scores less is not told
GOOD_BESIDE = 0.55  # nor what is less than this part as good as the best
# Say nothing of which kind is meant.
LITTLE = frozenset(
    [
        *("a", "an", "the", "and", "or", "of", "for", "in", "on", "at", "to", "with", "my", "we", "our", "i"),
        *("y", "o", "e", "de", "del", "la", "las", "el", "los", "un", "una", "para", "con", "en", "por"),
        *("except", "other", "all"),
    ]
)
# Say little of it.
LITTLE_SAID = (
    *("shop", "store", "retailer", "business", "company", "service", "place", "local", "center", "office"),
    *("merchant", "operation", "establishment", "license", "permit", "general", "miscellaneous", "facility"),
    *("limited", "regulated"),
    *("tienda", "negocio", "compañia", "servicio", "centro"),
)
WEAK_WEIGHT = 0.25
# How much a find counts, by where it stands; makers, growers and wholesalers are met less often.
FROM_EVERYDAY, FROM_TITLE, FROM_GROUP = 1.0, 0.94, 0.86
SELDOM, SELDOM_SECTORS = 0.9, ("11", "21", "31", "32", "33", "42")
# Of a word: a beginning counts nearly as much as the whole; a mistyped one by its likeness, from 0 to 100.
BEGINS, LIKE_ENOUGH, WHOLE_LIKE = 0.7, 76, 84
BEGINS_ANOTHER = 0.85  # of a word that is one itself: "car" is less a beginning of "card"


def folded(text: str) -> list[str]:
    """The words of a text without accents and capitals."""
    plain = unicodedata.normalize("NFKD", text[:MOST_SIGNS].replace("'", "").replace("’", ""))
    return re.findall(
        r"[a-z0-9]+", "".join(each for each in plain if not unicodedata.combining(each)).casefold()
    )


def stem(word: str) -> str:
    """A word without its plural, English or Spanish: "bakeries" → "bakery", "talleres" → "taller"."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) > 2 and word.endswith("ie"):
        return f"{word[:-2]}y"
    return word[:-1] if len(word) > 5 and word.endswith("e") else word


def _words(text: str) -> list[str]:
    """The words that count, each as it is compared; all of them where none counts."""
    every = folded(text)[:MOST_WORDS]
    return [stem(each) for each in every if each not in LITTLE] or [stem(each) for each in every]


WEAK = frozenset(stem(word) for said in LITTLE_SAID for word in folded(said))


@dataclass(frozen=True)
class Kind:
    """A kind of business.

    Args:
        code: NAICS 2022, two to six digits.
        title: without what it leaves out.
        score: how well it fits what was typed, 0 to 1; 1 where that is its very name.
    """

    code: str
    title: str
    score: float = 1.0

    def __str__(self) -> str:
        return self.title

    @property
    def group(self) -> "Kind":
        """Its industry group, or itself where it is none of one."""
        return group_of(self.code) or self


def shortened(title: str) -> str:
    """A title without what stands in brackets: "Supermarkets and Other Grocery Retailers"."""
    return re.sub(r" \([^)]*\)", "", title)


@cache
def titles() -> dict[str, str]:
    """The title of each code, shortened."""
    with NAICS.open(newline="", encoding="utf-8") as file:
        return {row["code"]: shortened(row["title"]) for row in csv.DictReader(file)}


def everyday() -> dict[str, list[str]]:
    """The everyday words of each code, as the file has them."""
    with EVERYDAY.open("rb") as file:
        return tomllib.load(file)


def group_of(code: str) -> Kind | None:
    """The industry group (four digits) of a code; `None` of a wider or unknown one."""
    title = titles().get(code[:GROUP]) if len(code) >= GROUP else None
    return None if title is None else Kind(code[:GROUP], title)


@dataclass(frozen=True)
class _Entry:
    code: str
    words: tuple[str, ...]
    counts: float  # where it stands


class _Index:
    """All names of all kinds, by their words."""

    def __init__(self) -> None:
        self.entries = list(_entries())
        self.with_word: dict[str, list[int]] = defaultdict(list)
        self.joined: dict[str, list[int]] = defaultdict(list)
        for n, entry in enumerate(self.entries):
            for word in set(entry.words):
                self.with_word[word].append(n)
            self.joined["".join(entry.words)].append(n)
        self.known = sorted(self.with_word)
        self.whole = sorted(each for each in self.joined if len(each) > 3)

    @cached_property
    def _weights(self) -> dict[str, float]:
        every = len(self.entries)
        return {
            word: log(1 + every / len(found)) * (WEAK_WEIGHT if word in WEAK else 1)
            for word, found in self.with_word.items()
        }

    def weight(self, word: str) -> float:
        """How much a word tells: a rare one more than one that stands in many names."""
        return self._weights.get(word) or log(1 + len(self.entries)) * (WEAK_WEIGHT if word in WEAK else 1)

    def likeness(self, word: str, *, last: bool) -> dict[str, float]:
        """The known words that a typed one may be, each with how sure that is."""
        found = {word: 1.0} if word in self.with_word else {}
        if len(word) > 1 and (last or not found):
            whole = BEGINS_ANOTHER if found else 1.0
            for known in self.known:
                if known != word and known.startswith(word):
                    found[known] = whole * (BEGINS + (0.98 - BEGINS) * len(word) / len(known))
        if len(word) > 3 and word not in self.with_word:
            for known, ratio, _place in process.extract(
                word, self.known, scorer=fuzz.ratio, limit=6, score_cutoff=LIKE_ENOUGH
            ):
                if known[0] == word[0] or ratio > 85:
                    found.setdefault(known, 0.95 * ratio / 100)
        return found

    def scores(self, text: str) -> dict[int, float]:
        """How well each name fits, of those that have something of it."""
        typed = _words(text)
        found: dict[int, float] = defaultdict(float)
        has: dict[int, set[str]] = defaultdict(set)
        wanted = sum(self.weight(each) for each in typed)
        for place, word in enumerate(typed):
            best: dict[int, tuple[float, str]] = {}
            for known, sure in self.likeness(word, last=place == len(typed) - 1).items():
                for n in self.with_word[known]:
                    best[n] = max(best.get(n, (0.0, "")), (sure, known))
            for n, (sure, known) in best.items():
                found[n] += self.weight(word) * sure
                has[n].add(known)
        scored = {}
        for n, weight in found.items():
            words = self.entries[n].words
            told = sum(self.weight(each) for each in has[n]) / sum(self.weight(each) for each in words)
            scored[n] = min(weight / wanted, 1) * (0.6 + 0.4 * min(told, 1)) * self.entries[n].counts
        for joined, like in self._as_one("".join(typed)):
            for n in self.joined[joined]:
                scored[n] = max(scored.get(n, 0.0), like * self.entries[n].counts)
        return scored

    def _as_one(self, text: str) -> Iterator[tuple[str, float]]:
        """Names that are the same without blanks, or nearly."""
        if text in self.joined:
            yield text, 1.0
        elif len(text) > 4:
            alike = process.extract(text, self.whole, scorer=fuzz.ratio, limit=5, score_cutoff=WHOLE_LIKE)
            yield from ((joined, 0.97 * ratio / 100) for joined, ratio, _place in alike)


def _entries() -> Iterator[_Entry]:
    for code, names in everyday().items():
        for name in names:
            yield _Entry(code, tuple(_words(name)), FROM_EVERYDAY)
    for code, title in titles().items():
        if len(code) in (GROUP, 6):
            where = FROM_TITLE if len(code) == 6 else FROM_GROUP
            where *= SELDOM if code.startswith(SELDOM_SECTORS) else 1
            yield _Entry(code, tuple(_words(title)), where)
            for part in title.split(", ") if ", " in title else ():
                yield _Entry(code, tuple(_words(part)), where * 0.9)


@cache
def _index() -> _Index:
    return _Index()


@lru_cache(maxsize=2048)
def _found(text: str) -> tuple[Kind, ...]:
    best: dict[str, float] = {}
    index = _index()
    for n, score in index.scores(text).items():
        code = index.entries[n].code
        best[code] = max(best.get(code, 0.0), score)
    # Of two that fit alike the one with more everyday words is met more often.
    common = Counter(each.code for each in index.entries)
    order = sorted(best.items(), key=lambda pair: (-round(pair[1], 3), -common[pair[0]], pair[0]))
    least = max(GOOD, GOOD_BESIDE * max(best.values(), default=0))
    return tuple(Kind(code, titles()[code], round(score, 3)) for code, score in order if score >= least)


def find(text: str, most: int = 8) -> list[Kind]:
    """The kinds of business that words may mean, the best first.

    Args:
        text: what was typed; a code of four to six digits, or its beginning, finds what it names.
        most: how many.
    """
    words = folded(text)
    if len("".join(words)) < 2:
        return []
    if all(map(str.isdigit, words)):
        return _by_number("".join(words))[:most]
    return list(_found(" ".join(words))[:most])


def _by_number(code: str) -> list[Kind]:
    known = titles()
    within = (each for each in sorted(known) if each.startswith(code) and len(each) in (GROUP, 6))
    return [Kind(each, known[each], 1.0 if each == code else 0.9) for each in within] if len(code) > 1 else []


@cache
def _finest() -> dict[str, str]:
    """The code of each title; of a group with one kind in it, which has its title, the finer one."""
    return {" ".join(folded(title)): code for code, title in titles().items() if len(code) in (GROUP, 6)}


def only_one(text: str) -> Kind | None:
    """The kind that words name without a doubt: its title, its code, or an everyday word of one kind."""
    if (number := text.strip()).isdigit() and len(number) >= GROUP and number in titles():
        return Kind(number, titles()[number])
    if (code := _finest().get(" ".join(folded(text)))) is not None:
        return Kind(code, titles()[code])
    joined = "".join(_words(text))
    index = _index()
    named = [index.entries[n] for n in index.joined.get(joined, ()) if joined]
    if not named:
        return None
    # Everyday words before what titles have.
    surest = max((each.counts, len(each.code)) for each in named)
    codes = {each.code for each in named if (each.counts, len(each.code)) == surest}
    return Kind(code, titles()[code]) if len(codes) == 1 and (code := codes.pop()) else None


def groups(found: Iterable[Kind]) -> list[Kind]:
    """The industry groups of some kinds, each once, in their order."""
    once: dict[str, Kind] = {}
    for each in found:
        if (group := group_of(each.code)) is not None:
            once.setdefault(group.code, Kind(group.code, group.title, each.score))
    return list(once.values())
