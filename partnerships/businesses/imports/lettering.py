"""Names that a file has in capitals, as people write them: in every script that knows capitals.

Cases are Unicode's: a letter is made small by `str.lower` and large by `str.title`, so that Ǆ becomes ǅ, a
word ends in ς, and Georgian, which starts no word with a capital, stays small. What no rule can tell is left:
accents that the capitals dropped, brands with a spelling of their own. See
docs/decisions/0084-names-in-capitals.md; tests/businesses/names_in_capitals.csv is the table to add to.
"""

import re
import unicodedata
from functools import lru_cache

# Written as they stand, also inside a word: COOLING,LLC.
ALWAYS = frozenset(("LLC", "LLP", "PLLC", "USA"))
# Written as they stand when they are a word. Short words without a vowel and Roman numerals follow by rule.
KEPT = frozenset(
    (
        "LLC", "LLP", "LP", "PC", "PLLC", "USA", "NW", "NE", "SW", "SE", "XL", "ATM", "UPS", "USPS", "SRO",
        "HVAC", "YMCA", "YWCA", "IBM", "NAPA", "AT&T", "IHOP", "DBA", "ABC", "AMC", "ADT", "AC", "DIY",
        "VIP", "BYOB", "EZ", "UK", "UAE", "NY", "NYC", "NYPD", "TGI", "TGIF", "CPA", "SUV", "SARL", "ООО",
        "ОАО", "ЗАО", "ПАО", "ИП", "ТОВ", "ΑΕ", "ΕΠΕ", "ΟΕ", "ΕΕ", "ΙΚΕ",
    )
)  # fmt: skip
# Neither small nor large.
SPELLED = {
    "INC": "Inc", "CORP": "Corp", "LTD": "Ltd", "CO": "Co", "GMBH": "GmbH", "PHD": "PhD", "DEKALB": "DeKalb",
    "DUPAGE": "DuPage", "DEPAUL": "DePaul",
}  # fmt: skip
# Small between other words.
SMALL = frozenset(
    (
        "OF", "AND", "THE", "FOR", "IN", "ON", "AT", "BY", "TO", "A", "AN", "OR", "AS", "WITH", "FROM",
        "DE", "DEL", "Y", "EN", "POR", "DELLA", "DEI", "DU", "DES", "ET", "À", "AUX", "UND", "VON", "ZUM",
        "ZUR", "DER", "И", "НА", "В", "С", "ДЛЯ", "ПО", "ТА", "ΚΑΙ", "ΤΗΣ", "ΤΟΥ", "ΤΩΝ", "ΣΤΟ", "ΣΤΗΝ",
    )
)  # fmt: skip
# Small behind "de" alone: "Mercado de la Villa", but "Taqueria La Villa" and "East Los Angeles".
ARTICLES = frozenset(("LA", "LAS", "LOS", "EL", "LE", "LES"))
OF = frozenset(("DE", "EN", "POR", "CON", "PARA", "Y", "A"))
# Without a vowel, and words all the same.
ABBREVIATED = frozenset(
    (
        "ST", "RD", "DR", "LN", "CT", "PL", "HWY", "BLVD", "PKWY", "SQ", "MT", "FT", "PT", "MR", "MRS",
        "MS.", "JR", "SR", "CTR", "BLDG", "FL", "FLR", "MFG", "SVC", "SVCS", "MGMT", "MKT", "TWP", "BRR",
        "SHH", "STS",
    )
)  # fmt: skip
# Codes of states, which are capitals behind a comma: "Gary, IN". Elsewhere "in" and "or" are words.
STATES = frozenset(
    (
        "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA",
        "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM",
        "NY", "NC", "ND", "OH", "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA",
        "WA", "WV", "WI", "WY",
    )
)  # fmt: skip
WORDS_TOO = frozenset(("AL", "CO", "DE", "HI", "ID", "IN", "LA", "MA", "ME", "OH", "OK", "OR", "PA"))
# A name with one of these before an apostrophe begins anew behind it: O'Hare, D'Angelo, L'Éclair.
BEFORE_APOSTROPHE = frozenset(("O", "D", "L", "N", "J", "DELL", "DALL", "SANT"))
# "Toys R Us": elsewhere it is the country.
BEFORE_US = frozenset(("R", "ARE", "JUST", "LIKE", "WITH", "FOR", "TO", "BY", "AMONG", "BETWEEN"))
BEHIND_NUMBER = frozenset(("ST", "ND", "RD", "TH", "ER", "ÈME", "EME"))
CONSONANTS = frozenset("BCDFGHJKLMNPQRSTVWXZºБВГДЖЗЙКЛМНПРСТФХЦЧШЩЪЬБΒΓΔΖΘΚΛΜΝΞΠΡΣΤΦΧΨ")
AROUND = ".,;:()[]{}\"“”«»„#!?'’"
OPENING = "([{\"“«„'‘"
APOSTROPHES = "'’ʼ"
MARKS = "\u0300-\u036f"
LETTER = rf"[^\W\d_][{MARKS}]*"
PART = re.compile(rf"(?:{LETTER})+(?:['’](?:{LETTER})+)*")
DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")
ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
DECADE = re.compile(r"(?:^|\D)(?:\d\d)?\d0$")
ZIP = re.compile(r"\d{5}\b")
SIMPLE = re.compile("[a-z]")
GEORGIAN = re.compile("[\u10d0-\u10ff]")


def as_written(text: str) -> str:
    """Recase a text that is all in capitals; any other stays as it is.

    "BOND DRUG COMPANY OF ILLINOIS, LLC" becomes "Bond Drug Company of Illinois, LLC",
    "1157 E 95TH ST" becomes "1157 E 95th St", "CAFÉ OLÉ" becomes "Café Olé".
    """
    if SIMPLE.search(text) or not _shouted(text):
        return text
    words = text.split(" ")
    last = len(words) - 1
    opening = True
    written = []
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        after = words[place + 1] if place < last else ""
        written.append(_among(word, before, after, opening) or _word(word))
        opening = (word[-1] in ":-–—/|(" or word == "DBA") if word else opening
    return " ".join(written)


def _shouted(text: str) -> bool:
    """Whether a text without a small a to z is in capitals.

    Some files come through a program that knew the letters A to Z alone: "CAFé" is meant as capitals.
    Georgian and ª, º have no capitals that anyone writes.
    """
    small = [each for each in text if each.islower() and each.upper() != each and not GEORGIAN.match(each)]
    if not small:
        return text != text.lower()
    return all(each < "\u0250" for each in small) and sum("A" <= each <= "Z" for each in text) > 1


def _among(word: str, before: str, after: str, opening: bool) -> str:
    """A word whose letters depend on its neighbors; "" for any other."""
    bare = word.strip(AROUND)
    if bare in STATES and _is_state(bare, word, before, after):
        return word
    if bare == "US" and before in BEFORE_US:
        return word.replace(bare, "Us")
    if bare == "PO" and after.startswith("BOX"):
        return word
    if bare == "N" and word[0] in APOSTROPHES:
        return word.lower()
    small = bare in SMALL or (bare in ARTICLES and before in OF)
    if not small or opening or word[0] in OPENING or not after or word[-1] in ',;:.)!?"”»':
        return ""
    if len(bare) == 1 and {before, after} & {"&", "+"}:
        return ""  # A & A
    return word.lower()


def _is_state(code: str, word: str, before: str, after: str) -> bool:
    """Whether two letters are a state's code: "Gary, IN", "Rowan (IL)", "Rowan of IL"."""
    if code == "CO" and not ZIP.match(after):
        return False
    if before.endswith(","):
        return not after or bool(ZIP.match(after)) or word[-1] in ",)"
    return word == f"({code})" or (before == "OF" and code not in WORDS_TOO)


@lru_cache(maxsize=20_000)
def _word(word: str) -> str:
    bare = word.strip(AROUND)
    if bare in KEPT or bare == "US":
        return word
    if bare in SPELLED:
        return word.replace(bare, SPELLED[bare])
    if len(bare) > 1 and (ROMAN.fullmatch(bare) or len(set(bare)) == 1):
        return word  # XIV, AAA
    if DOTTED.fullmatch(bare):
        return word  # L.L.C., U.S.A.
    if "&" in bare and all(len(each) < 3 for each in bare.split("&")):
        return word  # H&R, BB&T
    if _abbreviation(bare) and word not in ABBREVIATED:
        return word
    return PART.sub(_part, word)


def _abbreviation(bare: str) -> bool:
    """Whether it has up to four letters and no vowel. Letters with accents stand in words."""
    return 1 <= len(bare) <= 4 and bare not in ABBREVIATED and all(each in CONSONANTS for each in bare)


def _part(match: re.Match[str]) -> str:
    part, at = match.group(), match.start()
    before, behind = match.string[:at], match.string[match.end() :]
    if part in ALWAYS or part in SPELLED:
        return SPELLED.get(part, part)
    if before[-1:].isdigit():
        if part in BEHIND_NUMBER or (part == "S" and DECADE.search(before)):
            return part.lower()
        if len(part) < 4 or _abbreviation(part):
            return part
    if len(before) > 1 and before[-1] in APOSTROPHES and len(part) < 3:
        return part.lower()  # J.J.'s
    if before.endswith("-") and behind.startswith("-") and part in SMALL and part != "A":
        return part.lower()  # Coffee-to-Go, but Cash-A-Check
    pieces = re.split("(['’])", part)
    # O'Hare has a capital behind the apostrophe, Sammy's and Y'all have none.
    written = [_capitalized(pieces[0])]
    for place in range(2, len(pieces), 2):
        long = 2 if pieces[place - 2] in BEFORE_APOSTROPHE else 3  # most of 's, 'll, y'all
        anew = len(pieces[place]) > long
        written += [
            pieces[place - 1],
            _capitalized(pieces[place]) if anew else _lower(pieces[place]),
        ]
    return "".join(written)


def _capitalized(word: str) -> str:
    small = _lower(word)
    if word.startswith("IJ") and len(word) > 3:
        return f"IJ{small[2:]}"  # one letter in Dutch
    if len(word) > 4 and word.startswith("MC"):
        return f"Mc{_capitalized(word[2:])}"  # McDonald
    first = word[0] if word[0] in "İIẞ" else word[0].lower().title()
    return first + small[1:]


def _lower(word: str) -> str:
    """A word with İ or Ğ is Turkish, and its I is without a dot."""
    if "İ" in word or "Ğ" in word:
        word = word.replace("I", "ı").replace("İ", "i")
    return unicodedata.normalize("NFC", word.lower())
