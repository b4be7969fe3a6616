"""When two places are the same place: keys of name and address that are alike for every way to write them.

See docs/decisions/0095-when-two-places-are-one.md.
"""

import hashlib
import re
import unicodedata

from . import streets
from .street_words import DOTTED, NUMBERS, STRONG, UNITS, plain, short_words, words_of

# Dropped at the end of a name; "L. L. C." is three words.
LEGAL = frozenset(
    (
        "professional limited liability company", "limited liability company",
        "limited liability partnership", "limited partnership", "professional corporation",
        "professional association", "p l l c", "l l c", "l l p", "l p", "p c", "p a", "inc",
        "incorporated", "llc", "lc", "corp", "corporation", "co", "company", "ltd", "limited", "lp",
        "llp", "lllp", "pc", "pllc", "pa", "plc",
    )
)  # fmt: skip
SIGNS = frozenset("&#")
NUMBERED = frozenset(("no", "nr", "num", "number"))
LONGEST = 500  # signs of an address that are looked at
SPLIT = re.compile(r"[,;\r\n]+(?!\s*[js]r\b)")  # not before "Jr."
POSTAL = re.compile(r"\D{0,3}(\d{5})(?:\d{4})?(?!\d)")
NAME_WORD = re.compile(r"[^\W_]+|[#&]")


def address_key(street: str, unit: str = "") -> str:
    """What an address is compared by: "12 W. Elm Street, Suite 4" is "12 w elm st #4".

    A unit is "#4" whatever it is called, a floor "fl2", a building "bldg-c". What follows the street and is
    no unit (a city, a state) does not count. "" where there is no house number: that tells no place.

    A row of an import takes 13 to 20 µs (100,000 rows on 21,000 streets with units), a street not seen before
    40 to 60 µs, and 200 to 300 µs where `usaddress` is asked.

    Args:
        street: as typed, maybe with the unit.
        unit: as typed, where it stands apart.
    """
    found = address_parts(street, unit)
    return " ".join([found[0], found[1], *found[2]]) if found else ""


def address_parts(street: str, unit: str = "") -> tuple[str, str, tuple[str, ...]] | None:
    """House number, street and units, each as `address_key` writes it; `None` where there is no house number.

    Args:
        street: as typed, maybe with the unit.
        unit: as typed, where it stands apart.
    """
    parts = [part for part in SPLIT.split(plain(street[:LONGEST])) if part.strip()]
    ahead: list[str] = []
    for at, part in enumerate(parts):
        number, rest = _numbered(part)
        if number and (found := streets.parted(rest)) and found[0]:
            told = {*found[1], *ahead}
            is_unit = streets.names_unit
            for behind in parts[at + 1 :]:
                words = words_of(behind)
                if is_unit(words):
                    told.update(streets.units(words))
                else:
                    is_unit = (
                        _called_unit  # behind a building's name or a city a bare number is something else
                    )
            told.update(_apart(unit))
            return number, found[0], tuple(sorted(told))
        words = words_of(part)
        if _called_unit(words):
            ahead += streets.units(words)
    return None


def _called_unit(words: list[str]) -> bool:
    """Whether words are a unit that is called one, not a bare number nor the name of a building."""
    return len(words) > 1 and words[0] in UNITS and streets.names_unit(words)


def _apart(unit: str) -> list[str]:
    """The units of a cell of their own; "N/A" is none."""
    told = plain(unit).strip()
    return [] if told in streets.PLACEHOLDERS else streets.units(words_of(told.replace(",", " ")))


def _numbered(part: str, *, again: bool = True) -> tuple[str, str]:
    """The house number and what follows; "" where there is none."""
    if found := streets.HOUSE.match(part):
        if found["grid"]:
            return found["grid"], part[found.end() :]
        ends = [each.lstrip("0") or "0" for each in found.group("number", "to") if each]
        number = "-".join(ends) + (found["letter"] or "")
        half = found["half"] or found["late"]
        return number + (f" {half.strip()}" if half else ""), part[found.end() :]
    if found := streets.WORDED.match(part):
        rest = part[found.end() :]
        words = short_words(words_of(rest))
        if any(each in STRONG for each in words[1:]):
            return str(NUMBERS.index(found[1]) + 1), rest
    if again and any(sign.isdigit() for sign in part):  # "Willis Tower 233 S Wacker Dr", "Unit 4 12 Elm St"
        at = 0
        for word, label in streets.labeled(part):
            at = part.find(word, at)
            if at < 0:
                break
            if label == "AddressNumber" and at:
                number, rest = _numbered(part[at:], again=False)
                before = words_of(part[:at])
                return number, f"{rest} {' '.join(before)}" if _called_unit(before) else rest
            at += len(word)
    return "", ""


def name_key(name: str) -> str:
    """What a name is compared by: "The Joe's Tacos & Co., L.L.C. #012" is "joestacos12".

    Without case, accents, signs, blanks, "and", a leading "the" and legal forms at the end; a blank stays
    between two numbers. Never empty where the name has a letter or digit.

    Args:
        name: of a place or a company, as typed.
    """
    kept = name_words(name)
    key = ""
    for word in kept:
        piece = word.lstrip("0") or "0" if word.isdecimal() else word
        key += f" {piece}" if key and key[-1].isdecimal() and piece[0].isdecimal() else piece
    return key


def name_words(name: str) -> list[str]:
    """The words of a name that count: plain, without "and", a leading "the" and legal forms at the end.

    Args:
        name: of a place or a company, as typed.
    """
    text = plain(name).replace("&amp;", "&")
    words = _words(DOTTED.sub(r"\1", text) if "." in text else text)
    return _without_legal(_without_little(words)) or [word for word in words if word not in SIGNS]


def _words(text: str) -> list[str]:
    """The words of a text in any script, `&` and `#`: vowel signs of a script belong to its letters."""
    if text.isascii():
        return NAME_WORD.findall(text)
    signs = (f" {sign} " if sign in SIGNS else sign if _is_letter(sign) else " " for sign in text)
    return "".join(signs).split()


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"


def _without_little(words: list[str]) -> list[str]:
    """Without "and", "the" at either end, and what only says that a number follows."""
    kept = []
    for at, word in enumerate(words):
        numbered = word in NUMBERED and at + 1 < len(words) and words[at + 1].isdecimal()
        if not (numbered or word in SIGNS or word == "and" or (word == "n" and 0 < at < len(words) - 1)):
            kept.append(word)
    if len(kept) > 1 and "the" in (kept[0], kept[-1]):
        return kept[1:] if kept[0] == "the" else kept[:-1]
    return kept


def _without_legal(words: list[str]) -> list[str]:
    """Without legal forms at the end or before a last number, as long as a word is left."""
    end = len(words) - 1 if len(words) > 2 and words[-1].isdecimal() else len(words)
    left = end
    while form := next(
        (n for n in (4, 3, 2, 1) if n < left and " ".join(words[left - n : left]) in LEGAL), 0
    ):
        left -= form
    return words[:left] + words[end:]


def place_key(name: str, street: str, unit: str, city: str, postal_code: str) -> str:
    """What a place is compared by: 32 hexadecimal digits, the same for every way to write it.

    They begin the SHA-256 of its name's key, its address's key, and its ZIP code or, without one, its city.
    "" where name or address tell nothing.

    Args:
        name: of the place.
        street: as typed, maybe with the unit.
        unit: as typed, where it stands apart.
        city: as typed.
        postal_code: as typed; five digits of it count.
    """
    named, at = name_key(name), address_key(street, unit)
    if not (named and at):
        return ""
    code = POSTAL.match(postal_code)
    where = code[1] if code else "".join(short_words(words_of(plain(city))))
    return hashlib.sha256("\n".join((named, at, where)).encode(errors="replace")).hexdigest()[:32]
