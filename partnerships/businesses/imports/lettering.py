"""Names that a file has in capitals, as people write them."""

import re

# Written as they stand, also inside a word: COOLING,LLC.
ALWAYS = frozenset(
    (
        "LLC", "LLP", "PLLC", "USA",
    )
)  # fmt: skip
# Written as they stand when they are a word. Short words without a vowel follow by rule.
KEPT = frozenset(
    (
        "LLC", "LLP", "LP", "PC", "PLLC", "USA", "US", "IL", "IN", "WI", "NW", "NE", "SW", "SE",
        "N", "S", "E", "W", "II", "III", "IV", "VI", "VII", "VIII", "IX", "XL", "ATM", "BBQ",
        "CVS", "KFC", "BP", "UPS", "SRO", "HVAC", "YMCA", "IBM", "NAPA", "AT&T", "H&R", "A&W", "IHOP", "DBA",
    )
)  # fmt: skip
SPELLED = {"INC": "Inc", "CORP": "Corp", "LTD": "Ltd", "CO": "Co"}
SMALL = frozenset(
    (
        "of", "and", "the", "for", "in", "on", "at", "by", "to", "a", "an", "de", "del", "la",
        "las", "los", "el", "y",
    )
)  # fmt: skip
ABBREVIATED = frozenset(
    (
        "ST", "RD", "DR", "LN", "CT", "PL", "HWY", "BLVD", "PKWY", "SQ", "MT", "FT", "PT", "MR",
        "MRS", "JR", "SR", "CTR", "BLDG", "FL",
    )
)  # fmt: skip
WORD = re.compile(r"[^\s]+")
VOWEL = re.compile(r"[AEIOUY]")
PART = re.compile(r"[A-Z]+(?:['’][A-Z]+)*")


def as_written(text: str) -> str:
    """Recase a text that is all in capitals; any other stays as it is.

    "BOND DRUG COMPANY OF ILLINOIS, LLC" becomes "Bond Drug Company of Illinois, LLC",
    "1157 E 95TH ST" becomes "1157 E 95th St".
    """
    if text != text.upper() or not any(each.isalpha() for each in text):
        return text
    first = True

    def word(match: re.Match[str]) -> str:
        nonlocal first
        found = _word(match.group(), first)
        first = False
        return found

    return WORD.sub(word, text)


def _word(word: str, first: bool) -> str:
    bare = word.strip('.,;:()"#')
    if bare in KEPT:
        return word
    if bare in SPELLED:
        return word.replace(bare, SPELLED[bare])
    if not first and bare.lower() in SMALL:
        return word.lower()
    if (
        "." in bare
        and re.fullmatch(r"(?:[A-Z]\.?)+", bare)
        and len(bare.replace(".", "")) * 2 - 1 <= len(bare)
    ):
        return word  # L.L.C., U.S.A.
    if bare.isalpha() and len(bare) <= 4 and bare not in ABBREVIATED and not VOWEL.search(bare):
        return word  # an abbreviation
    if re.fullmatch(r"\d+(ST|ND|RD|TH)", bare):
        return word.lower()
    return PART.sub(_capitalized, word)


def _capitalized(match: re.Match[str]) -> str:
    part = match.group()
    if part in ALWAYS or part in SPELLED:
        return SPELLED.get(part, part)
    before = match.string[match.start() - 1] if match.start() else ""
    if before.isdigit():
        return part.lower() if part in {"ST", "ND", "RD", "TH"} else part
    pieces = re.split(r"(['’])", part)
    # O'Hare has a capital behind the apostrophe, Sammy's has none.
    out = [_with_mac(pieces[0].capitalize())]
    for i in range(1, len(pieces), 2):
        out += [pieces[i], pieces[i + 1].capitalize() if len(pieces[i + 1]) > 2 else pieces[i + 1].lower()]
    return "".join(out)


def _with_mac(word: str) -> str:
    """McDonald, not Mcdonald."""
    return f"Mc{word[2:].capitalize()}" if len(word) > 4 and word.startswith("Mc") else word
