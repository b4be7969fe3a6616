"""A street address taken apart: house number, street, unit.

Words are brought into one spelling first (`street_words`), so that every way to write an address is taken
apart alike. Where rules can't tell what follows the street, `usaddress` is asked.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock

import usaddress

from .street_words import (
    ALONE,
    COMPASS,
    DIRECTIONS,
    NUMBERS,
    ORDINAL,
    ORDINALS,
    PARTS,
    SHORT,
    STRONG,
    SUFFIX,
    UNITS,
    short_words,
    words_of,
)

ASKED_AGAIN = 2  # times at most
REMEMBERED = 50_000  # streets, without their house numbers; a city has fewer
PLACEHOLDERS = frozenset(("", "na", "n/a", "none", "null", "nil"))
RANGE = r"(?:\s*(?:-|&|/|\band\b|\bto\b)\s*(?P<to>\d+))?"
HOUSE = re.compile(
    r"[\s\-]*(?:#\s*|no\b\.?\s*)?(?:(?P<grid>[nsew]\d+[nsew]\d+)|(?P<number>\d+)(?:(?P<half>\s+\d/\d)|"
    + RANGE
    + r")-?(?P<letter>[a-z])?(?P<late>\s+\d/\d)?)(?=\s)"
)
WORDED = re.compile(
    rf"\s*({'|'.join(NUMBERS)})(?=\s)(?!\s+(?:mile|rivers?|corners|points|oaks|forks|notch)\b)"
)
ROUTE = re.compile(
    r"(?P<before>(?:(?:[nsew]|[ns][ew]|old) )*)"
    r"(?:(?P<us>(?:us|united states)(?: hwy| rte)?)|(?P<i>(?:interstate|i)(?: hwy)?)"
    r"|(?P<sr>(?:state|st) (?:rte|rd)|sr)|(?P<sh>(?:state|st) hwy|sh)"
    r"|(?P<cr>(?:county|co|cnty) rd|cr)|(?P<ch>(?:county|co|cnty) (?:trunk )?hwy|cth|ch)"
    r"|(?P<fm>farm to market(?: rd)?|fm)|(?P<hwy>hwy)|(?P<rte>rte)) (?P<which>\d+[a-z]?|[a-z]{1,2})(?= |$)"
)
KING = re.compile(r"\b(?:dr )?(?:martin luther king|m l king|ml king|mlk)(?: jr)?\b")
ASKING = Lock()  # the tagger keeps what it was asked last


def units(words: Iterable[str]) -> list[str]:
    """The units that words name, in one spelling and order: "#4", "fl2", "bldg-c", "bsmt".

    Args:
        words: of a text that tells nothing else, or of the end of an address.
    """
    found: set[str] = set()
    kind, told = "", list[str]()
    counted = False  # the word before is a floor: "2nd"

    def close(to: str = "") -> None:
        nonlocal kind, told
        if told:
            found.add(_unit(kind or "#", told))
        elif kind not in ("", "#", "fl"):
            found.add(kind)
        kind, told = to, []

    listed = list(words)
    for at, word in enumerate(listed):
        before, after = listed[at - 1] if at else "", listed[at + 1] if at + 1 < len(listed) else ""
        called = UNITS.get(word, "")
        if called == "fl" and counted:
            counted = False
            continue  # behind "2nd"
        counted = False
        storey = word.isdecimal() and UNITS.get(after) == "fl" and at + 2 == len(listed)  # "2 fl"
        if storey or ORDINAL.fullmatch(SHORT.get(word, word)):
            if kind == "fl" and not told:
                kind = ""  # "floor 2nd"
            close()
            counted = True
            found.add(_unit("fl", [SHORT.get(word, word).rstrip("stndrh")]))
        elif word == "lower" and UNITS.get(after) == "fl":
            close()
            found.add("ll")
        elif word in ("no", "nos") and (kind == "#" or after[:1].isdigit()):
            if kind != "#" or told:
                close("#")
        elif called in PARTS and kind == "" and told and is_part(before):
            told.pop()
            close()
            found.add(_unit(called, [DIRECTIONS.get(before, before)]))  # "South Building"
        elif called:
            if not (called == "#" and kind and not told):  # "Floor #2", "Unit No. 4"
                close(called)
        elif word in ALONE and not (kind and kind != "fl" and not told):
            close("ph" if ALONE[word] == "ph" else "")
            if ALONE[word] != "ph":
                found.add(ALONE[word])
        elif word not in ("&", "and"):
            told.append(DIRECTIONS.get(word, word))
    close()
    return sorted(found)


def is_part(word: str) -> bool:
    """Whether a word tells one building of a site from another: "south", "2", "c"; a name does not."""
    return DIRECTIONS.get(word, word) in COMPASS or is_identifier(word)


def _unit(kind: str, parts: list[str]) -> str:
    return f"{kind}{'' if kind in ('#', 'fl', 'ph') else '-'}{_joined(parts)}"


def _joined(parts: list[str]) -> str:
    """An identifier in one word: "100 a" and "100-A" are "100a", "1 & 2" and "1-2" are "1-2"."""
    out = ""
    for each in (piece for part in parts for piece in re.split("[-/]", part) if piece):
        piece = each.lstrip("0") or "0" if each.isdecimal() else each
        out += f"-{piece}" if out and out[-1].isdigit() and piece[0].isdigit() else piece
    return out


def is_identifier(word: str) -> bool:
    """Whether a word may be a unit's number: it has a digit, or is one letter."""
    return len(word) <= 8 and (len(word) == 1 or any(sign.isdigit() for sign in word))


def names_unit(words: list[str]) -> bool:
    """Whether words by themselves name a unit: "Suite 4", "2nd Floor", "4B", "Rear", "South Bldg"."""
    if not words:
        return False
    if UNITS.get(words[-1]) in PARTS and len(words) == 2 and is_part(words[0]):
        return True
    first, then = words[0], words[1] if len(words) > 1 else ""
    if first in UNITS:
        return is_part(then) or then in UNITS or then == "no"
    if first in ALONE or ORDINAL.fullmatch(SHORT.get(first, first)):
        return all(each in UNITS or each in ALONE or is_identifier(each) for each in words[1:])
    if UNITS.get(words[-1]) == "fl" and len(words) == 2 and first not in SUFFIX:
        return is_identifier(first) or first in ("main", "lower")
    if len(words) > 3 or (len(words) == 1 and first.isdecimal() and len(first) == 5):
        return False  # a ZIP code
    return all(is_identifier(each) or each in ("&", "and") for each in words)


@lru_cache(maxsize=REMEMBERED)
def parted(rest: str) -> tuple[str, tuple[str, ...]]:
    """The street in one spelling and the units, of what follows a house number.

    Args:
        rest: plain text without commas: "w elm street suite 4".
    """
    return _parted(rest, ASKED_AGAIN)


def _parted(rest: str, tries: int) -> tuple[str, tuple[str, ...]]:
    words = words_of(rest)
    cut = _designator(words)
    street, behind = short_words(words[:cut]), words[cut:]
    if not street:
        return "", ()
    if whole := ROUTE.match(" ".join(street)):
        kind = next(name for name in ("us", "i", "sr", "sh", "cr", "ch", "fm", "hwy", "rte") if whole[name])
        street = [*whole["before"].split(), kind, whole["which"], *" ".join(street)[whole.end() :].split()]
        end = len(whole["before"].split()) + 2
    else:
        end = _end(street)
    while end and end < len(street) and street[end] in COMPASS:
        end += 1
    if 0 < end < len(street) and UNITS.get(street[end]) in PARTS and street[end - 1] in COMPASS:
        end -= 1  # "Lake Shore Dr South Bldg"
    left = street[end:] if end else []
    if left and (all(is_identifier(each) for each in left) or names_unit(left)) and len(left) < 4:
        street, behind = street[:end], [*left, *behind]
    elif left or not end:
        found, more = _asked(street)
        street, behind, changed = found, [*more, *behind], found != street
        if changed and tries:  # what is left may be clear now
            return _parted(" ".join([*street, *units(behind)]), tries - 1)
    return KING.sub("mlk", " ".join(street)), tuple(units(behind))


def _designator(words: list[str]) -> int:
    """Where the unit begins that is called one: behind the street's first word."""
    named = 0
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        if at and word == "#":
            return at
        if at > 1 and word == "no" and after[:1].isdigit():
            return at
        if at and word in UNITS and (is_part(after) or (after in ("no", "#") and len(words) > at + 2)):
            return at
        if UNITS.get(word) == "fl" and at > 1:
            before = words[at - 1]
            if is_identifier(before) or before in ORDINALS or before in ALONE or before == "main":
                return at - 1
        short = SHORT.get(word, word)
        if word in ALONE and SHORT.get(after, after) not in SUFFIX and (named or _ends(words, at)):
            return at
        if short in STRONG and at and DIRECTIONS.get(words[at - 1], words[at - 1]) not in COMPASS:
            named = at
    return len(words)


def _ends(words: list[str], at: int) -> bool:
    """Whether nothing but units stands from this word on, and a street's name before it."""
    named = any(DIRECTIONS.get(each, each) not in COMPASS for each in words[:at])
    return named and all(each in UNITS or each in ALONE or is_identifier(each) for each in words[at:])


def _end(street: list[str]) -> int:
    """Behind which word the street ends, as far as rules can tell; 0 where they can't."""
    start = 0
    while start < len(street) - 1 and street[start] in COMPASS and street[start + 1] not in SUFFIX:
        start += 1
    if street[start] == "ave" and len(street) > start + 1 and len(street[start + 1]) == 1:
        return start + 2  # Avenue A
    for at in range(start + 1, len(street)):
        if street[at] in STRONG and (at + 1 == len(street) or street[at - 1] not in ("mt", "ft", "st")):
            while at + 1 < len(street) and street[at + 1] in STRONG:
                at += 1
            return at + 1
    if street[-1] in SUFFIX or len(street) == start + 1:
        return len(street)
    name = [at for at, each in enumerate(street) if at >= start and each not in COMPASS]
    if len(name) == 1:
        return name[0] + 1  # Broadway; and "300" of 1200 S 300 E
    weak = [at for at in range(start + 1, len(street)) if street[at] in SUFFIX]
    return weak[-1] + 1 if weak else 0


def _asked(street: list[str]) -> tuple[list[str], list[str]]:
    """Street and unit as `usaddress` sees them; what is a city is left out."""
    labels = [label for _word, label in labeled(" ".join(["1234", *street]))][1:]
    if len(labels) != len(street):
        return street, []
    kept: list[str] = []
    unit: list[str] = []
    for word, label in zip(street, labels, strict=True):
        if kept and label.startswith(("Occupancy", "Subaddress")):
            unit.append(word)
        elif not kept or label not in ("PlaceName", "StateName", "ZipCode", "NotAddress"):
            kept.append(word)
    return kept, unit


def labeled(text: str) -> list[tuple[str, str]]:
    """The words of an address, each with what `usaddress` takes it for; nothing where it fails."""
    try:
        with ASKING:
            return usaddress.parse(text)
    except (IndexError, ValueError, UnicodeError):  # a word without a letter
        return []
