"""Forgiving search: accents, case, word order, parts of words and typing mistakes do not matter.

Typed words are looked up in the table of distinct words (`SearchWord`). A word that occurs there, also as
a part of a longer one, is searched as typed; an unknown one is replaced by the known words most like it. Two
words that are one elsewhere count as that one. Little words and legal forms do not count. Then the places of
business are searched exactly, through the trigram index: for all words; where none has all, for most of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce
from rapidfuzz import fuzz

MOST_WORDS = 8
MOST_ALTERNATIVES = 6
# Trigram similarity, 0 to 1: "walgren" and "walgreen" have 0.7, "starbuks" and "starbucks" 0.58.
LIKE_ENOUGH = 0.3
NEARLY_AS_LIKE = 0.75  # an alternative has to be at least this part as like as the best one
JOINED_LIKE = 0.5  # "laundrymat" and "laundromat" have 0.57
MOST_TOLD = 3  # words told in place of a corrected one
COUNTED = 2000  # places with a word, to tell rare words from common ones
# What says nothing of which business is meant; folded.
LITTLE = [
    *("the", "a", "an", "and", "of", "on", "at", "in", "by", "for", "to", "y", "de", "del"),
    *("llc", "inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited"),
    *("llp", "lp", "plc", "pllc", "pc", "dba"),
]

# One round trip: fold the text as the stored text was folded, split it, look each word up.
LOOKUP = """
WITH split AS (
    SELECT place, word
    FROM regexp_split_to_table(trim(core_fold(%(text)s)), ' +') WITH ORDINALITY AS each(word, place)
    WHERE word <> ''
), typed AS (
    SELECT place, word, word || lead(word) OVER (ORDER BY place) AS joined FROM split
    WHERE NOT word = ANY(%(little)s) OR NOT EXISTS (SELECT 1 FROM split WHERE NOT word = ANY(%(little)s))
    ORDER BY place
    LIMIT %(words)s
)
SELECT typed.place, typed.word, known.found, alike.word, alike.likeness, ARRAY(
    SELECT w.word FROM businesses_searchword AS w
    WHERE w.word LIKE left(typed.joined, 3) || '%%'
      AND abs(length(w.word) - length(typed.joined)) < 3
      AND similarity(w.word, typed.joined) >= %(joined)s
    ORDER BY similarity(w.word, typed.joined) DESC, w.word
    LIMIT 2
)
FROM typed
CROSS JOIN LATERAL (
    SELECT length(typed.word) < 3 OR EXISTS (
        SELECT 1 FROM businesses_searchword AS w WHERE w.word LIKE '%%' || typed.word || '%%'
    ) AS found
) AS known
LEFT JOIN LATERAL (
    SELECT w.word, similarity(w.word, typed.word) AS likeness FROM businesses_searchword AS w
    WHERE NOT known.found
      AND w.word %% typed.word
      AND similarity(w.word, typed.word) >= %(alike)s
    ORDER BY similarity(w.word, typed.word) DESC, w.word
    LIMIT %(alternatives)s
) AS alike ON TRUE
ORDER BY typed.place, alike.likeness DESC
"""


@dataclass(frozen=True)
class Word:
    """One typed word and what is searched for it.

    Args:
        typed: folded.
        alternatives: the word itself, or the known words most like it; nothing when there are none.
        joined: known words that it makes together with the one before or behind it.
    """

    typed: str
    alternatives: tuple[str, ...]
    joined: tuple[str, ...] = ()

    @property
    def corrected(self) -> bool:
        """Whether other words than the typed one are searched."""
        return self.alternatives != (self.typed,)

    def occurs(self, column: str = "search_text") -> Q | None:
        """The condition that it occurs, or what is searched for it; `None` when it can't."""
        anyone = Q()
        for each in (*self.alternatives, *self.joined):
            # The folded text begins with a space.
            pattern = f" {each}" if _begins_a_word(each) else each
            anyone |= Q(**{f"{column}__contains": pattern})
        return anyone or None


def read_words(text: str) -> list[Word]:
    """Split a typed text into words that count, and correct the unknown ones.

    Args:
        text: what was typed; only the first 200 characters and 8 words count.
    """
    found: dict[int, tuple[str, list[str]]] = {}
    joined: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            LOOKUP,
            {
                "text": text.replace("\0", " ")[:200],
                "words": MOST_WORDS,
                "little": LITTLE,
                "alternatives": MOST_ALTERNATIVES,
                "alike": LIKE_ENOUGH,
                "joined": JOINED_LIKE,
            },
        )
        best: dict[int, float] = {}
        for place, typed, known, alike, likeness, both in cursor.fetchall():
            _typed, alternatives = found.setdefault(place, (typed, []))
            joined[place] = both
            if known:
                alternatives.append(typed)
            elif alike and likeness >= best.setdefault(place, likeness) * NEARLY_AS_LIKE:
                alternatives.append(alike)
    # What two words make together stands for each of them.
    before = [[], *(joined[place] for place in found)]
    return [
        Word(typed, tuple(alternatives), (*earlier, *joined[place]))
        for (place, (typed, alternatives)), earlier in zip(found.items(), before, strict=False)
    ]


@dataclass(frozen=True)
class Correction:
    """A typed word that no business has, and the words of what was found in its place."""

    typed: str
    used: tuple[str, ...]


def corrections(words: list[Word], found: Iterable[str]) -> list[Correction]:
    """What to tell about corrected words: only whole words that stand in the results.

    Args:
        words: the words of the search.
        found: the searched texts of what was found.
    """
    known = {each for text in found for each in text.split()}

    def used(word: Word) -> tuple[str, ...]:
        meant = [each for each in known if any(_has(each, part) for part in word.alternatives)]
        meant.sort(key=lambda each: (-fuzz.ratio(each, word.typed), each))
        return tuple(meant[:MOST_TOLD])

    return [Correction(word.typed, used(word)) for word in words if word.corrected]


def _has(word: str, part: str) -> bool:
    return word.startswith(part) if _begins_a_word(part) else part in word


def _begins_a_word(part: str) -> bool:
    """Whether it has to: two plain letters stand in too many words; in other scripts they say a lot."""
    return len(part) < 3 and part.isascii()


def with_all(words: list[Word]) -> Q | None:
    """The condition that every word occurs; `None` when one can't."""
    every = Q()
    for word in words:
        one = word.occurs()
        if one is None:
            return None
        every &= one
    return every


def with_most(rows: Any, words: list[Word]) -> Any:
    """Rows with at least half of the words; `None` when no such row can be.

    `missing` orders them: by how many words are not there, and where that is the same, those with the rarest
    word first. A row that lacks some words has one of any greater number of them, so the index is asked for
    the rarest alone.

    Args:
        rows: places of business.
        words: two or more.
    """
    least = (len(words) + 1) // 2
    known = [one for word in words if (one := word.occurs()) is not None]
    if len(known) < least:
        return None
    counted = [
        (rows.model.objects.filter(one).order_by()[:COUNTED].count(), n) for n, one in enumerate(known)
    ]
    rarest = [known[n] for _count, n in sorted(counted)]
    lacking: Any = Value(2 * (len(words) - len(known))) + Case(When(rarest[0], then=0), default=1)
    for one in known:
        lacking += Case(When(one, then=0), default=2)
    found = rows.filter(reduce(or_, rarest[: len(known) - least + 1]))
    return found.annotate(missing=Coalesce(lacking, 0)).filter(missing__lte=2 * (len(words) - least) + 1)
