"""Forgiving search: accents, case, word order, parts of words and typing mistakes do not matter.

Typed words are looked up in the table of distinct words (`SearchWord`). A word that occurs there, also as
a part of a longer one, is searched as typed; an unknown one is replaced by the known words most like it.
Then the places of business are searched exactly, through the trigram index.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from rapidfuzz import fuzz

MOST_WORDS = 8
MOST_ALTERNATIVES = 6
# Trigram similarity, 0 to 1: "walgren" and "walgreen" have 0.7, "starbuks" and "starbucks" 0.58.
LIKE_ENOUGH = 0.3
NEARLY_AS_LIKE = 0.75  # an alternative has to be at least this part as like as the best one
MOST_TOLD = 3  # words told in place of a corrected one

# One round trip: fold the text as the stored text was folded, split it, look each word up.
LOOKUP = """
WITH typed AS (
    SELECT row_number() OVER () AS place, word
    FROM regexp_split_to_table(trim(core_fold(%(text)s)), ' +') AS word
    WHERE word <> ''
    LIMIT %(words)s
)
SELECT typed.place, typed.word, known.found, alike.word, alike.likeness
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
    """One typed word and what is searched for it; nothing when no known word is like it."""

    typed: str
    alternatives: tuple[str, ...]

    @property
    def corrected(self) -> bool:
        """Whether other words than the typed one are searched."""
        return self.alternatives != (self.typed,)


def read_words(text: str) -> list[Word]:
    """Split a typed text into words and correct the unknown ones.

    Args:
        text: what was typed; only the first 200 characters and 8 words count.
    """
    found: dict[int, tuple[str, list[str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            LOOKUP,
            {
                "text": text.replace("\0", " ")[:200],
                "words": MOST_WORDS,
                "alternatives": MOST_ALTERNATIVES,
                "alike": LIKE_ENOUGH,
            },
        )
        best: dict[int, float] = {}
        for place, typed, known, alike, likeness in cursor.fetchall():
            _typed, alternatives = found.setdefault(place, (typed, []))
            if known:
                alternatives.append(typed)
            elif alike and likeness >= best.setdefault(place, likeness) * NEARLY_AS_LIKE:
                alternatives.append(alike)
    return [Word(typed, tuple(alternatives)) for typed, alternatives in found.values()]


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


def condition(words: list[Word], column: str = "search_text") -> Q | None:
    """The condition that every word, or one of its alternatives, occurs; `None` when a word can't occur."""
    everything = Q()
    for word in words:
        if not word.alternatives:
            return None
        anyone = Q()
        for each in word.alternatives:
            # The folded text begins with a space.
            pattern = f" {each}" if _begins_a_word(each) else each
            anyone |= Q(**{f"{column}__contains": pattern})
        everything &= anyone
    return everything
