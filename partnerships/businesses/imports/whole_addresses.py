"""A whole address in one cell, taken apart: street, city, state and ZIP code.

The end is read by rules, from the ZIP code back to the city; `usaddress` is asked where the street ends in a
line without commas. Nothing here raises.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from django.core.exceptions import ValidationError

from core import postal
from core.names import tidy
from partnerships.businesses import street_words, streets

LONGEST = 2_000  # characters of a cell that are looked at
# States whose ZIP codes begin with 0, which spreadsheets drop; those of the islands begin with two.
ONE_ZERO = frozenset(("CT", "MA", "ME", "NH", "NJ", "RI", "VT"))
TWO_ZEROS = frozenset(("PR", "VI"))
# How ZIP codes begin by state: the Ct of "12 Elm Ct 60601" is not Connecticut.
FIRST_DIGITS = """
AK:995-999 AL:350-369 AR:716-729 AZ:850-865 CA:900-961 CO:800-816 CT:060-069 DC:200-205 DE:197-199
FL:320-349 GA:300-319,398-399 GU:969-969 HI:967-968 IA:500-528 ID:832-838 IL:600-629 IN:460-479 KS:660-679
KY:400-427 LA:700-714 MA:010-027 MD:206-219 ME:039-049 MI:480-499 MN:550-567 MO:630-658 MS:386-397
MT:590-599 NC:270-289 ND:580-588 NE:680-693 NH:030-038 NJ:070-089 NM:870-884 NV:889-898 NY:005-005,100-149
OH:430-459 OK:730-749 OR:970-979 PA:150-196 PR:006-007,009-009 RI:028-029 SC:290-299 SD:570-577 TN:370-385
TX:733-733,750-799,885-885 UT:840-847 VA:201-201,220-246 VI:008-008 VT:050-059 WA:980-994 WI:530-549
WV:247-268 WY:820-831
"""
# Ways to write a state that are not its name nor its letters.
ALSO = {
    "ala": "AL", "ariz": "AZ", "ark": "AR", "calif": "CA", "cal": "CA", "colo": "CO", "conn": "CT",
    "del": "DE", "fla": "FL", "ill": "IL", "ills": "IL", "ind": "IN", "kan": "KS", "kans": "KS",
    "mass": "MA", "mich": "MI", "minn": "MN", "miss": "MS", "mont": "MT", "neb": "NE", "nebr": "NE",
    "nev": "NV", "okla": "OK", "ore": "OR", "oreg": "OR", "penn": "PA", "penna": "PA", "tenn": "TN",
    "tex": "TX", "wash": "WA", "wis": "WI", "wisc": "WI", "wyo": "WY", "british columbia": "BC",
    "nova scotia": "NS", "new brunswick": "NB", "québec": "QC", "prince edward island": "PE",
    "northwest territories": "NT", "newfoundland": "NL", "us virgin islands": "VI", "virgin islands": "VI",
}  # fmt: skip
CITIES_TOO = frozenset(("new york", "washington"))
# Before the name of a state they make the name of a city: Port Washington.
BEFORE_CITIES = frozenset(
    ("port", "fort", "mount", "new", "lake", "north", "south", "east", "west", "old", "ft", "mt")
)
# Letters of states that end a street as well: court, mount, key, floor, northeast, alley, lane, prairie, way.
STREETS_TOO = frozenset(("CT", "MT", "KY", "FL", "NE", "AL", "LA", "PR", "WY"))

AROUND = " ,;-–—"
COUNTRY = re.compile(
    r"(?:^|(?<=[\s,]))(?:U\.?\s?S\.?\s?A\.?|United States(?: of America)?)\W*$"
    r"|(?:^|(?<=,)|(?<=,\s)|(?<=\d\s)|(?<=\d[A-Z]\d\s))(?:U\.?S\.?|Canada)\W*$",
    re.IGNORECASE,
)
PLACED = re.compile(r"\(\s*-?\d+\.\d+\s*,\s*-?\d+\.\d+\s*\)\s*$")
NUMBERED = re.compile(r"[^,]*\d[^,]*$")
GLUED = re.compile(r"(?<=[\s,])([A-Z]{2})(\d{5}(?:-?\d{4})?)$")
NUMBERED_THINGS = frozenset(("no", "hwy", "highway", "box", "route", "rte", "rd", "road"))
LINES = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")
CODE = re.compile(r"(?:^|(?<=[\s,.]))(\d{3,9})(?:[\s-]+(\d{4})|-|\.0+)?\W*$", re.ASCII)
CANADIAN = re.compile(r"(?:^|(?<=[\s,]))([A-Z]\d[A-Z])[\s-]?(\d[A-Z]\d)\W*$", re.IGNORECASE | re.ASCII)


class CityLine(NamedTuple):
    """The last line of an address; what it does not tell is empty."""

    city: str
    state: str
    postal_code: str


class Address(NamedTuple):
    """An address; what it does not tell is empty."""

    street: str
    city: str
    state: str
    postal_code: str


def zip_of(text: str, state: str = "") -> str:
    """A ZIP code as spreadsheets leave it: "60657.0" is "60657", "606571234" is "60657-1234".

    Args:
        text: of the cell.
        state: of the address, in any spelling. Where ZIP codes of the state begin with zeros, they are put
            back: "2138" of Massachusetts is "02138".
    """
    typed = tidy(text[:LONGEST])
    if found := CANADIAN.fullmatch(typed):
        return f"{found[1]} {found[2]}".upper()
    found = re.fullmatch(r"\W*(\d{3,9})(?:\.0+|\s*[-–]\s*(\d{4})?|\s+(\d{4}))?\W*", typed, re.ASCII)
    if found is None:
        return ""
    digits, more = found[1], found[2] or found[3] or ""
    if len(digits) > 5:
        digits, more = digits[:-4], more or digits[-4:]
    code = _state(state)
    if code in TWO_ZEROS or (code in ONE_ZERO and len(digits) == 4):
        digits = digits.zfill(5)
    if len(digits) != 5 or digits == "00000":
        return ""
    return digits if more in ("", "0000") else f"{digits}-{more}"


def city_line(text: str) -> CityLine:
    """City, state and ZIP code of one line: "Springfield, IL 62701-1234", "Springfield Illinois".

    Args:
        text: of the cell. The state may be a name or letters, without a comma before it, or missing.
    """
    rest, state, code, how = _end(_line(text))
    if how == "name" and not (_fits(state, code) or rest.lower() not in BEFORE_CITIES):
        rest, state = _end(_line(text), states=False)[0], ""
    parts = [each.strip(" .;") for each in rest.split(",") if re.search(r"[^\W\d_]", each)]
    parts = [each for each in parts if not each.lower().endswith(" county")] or parts
    return CityLine(parts[-1] if parts else "", state, code)


def address(text: str) -> Address:
    """A whole address taken apart: "12 W Elm St Unit 4, Springfield, Indiana, 46000".

    The street stays as typed, with its unit; lines of it are joined by commas. What is nothing but a name is
    taken for the street.

    Args:
        text: of the cell, in one line or several.
    """
    line = _line(PLACED.sub("", text[:LONGEST]))
    if not re.search(r"[^\W_]", line):
        return Address("", "", "", "")
    rest, state, code, how = _end(line)
    if state and how != "comma" and not _is_state(line, rest, state, code):
        rest, state = _end(line, states=False)[0], ""
    elif state == "NE" and not code and NUMBERED.match(rest) and _labels(rest)[-1:] != ["PlaceName"]:
        rest, state = line, ""  # northeast: 12 Elm St, NE
    street, city = _street_and_city(rest, f"{',' * (how == 'comma')} {state} {code}".rstrip())
    return Address(street.strip(AROUND), city.strip(AROUND + "."), state, code)


def _street_and_city(rest: str, behind: str) -> tuple[str, str]:
    """The street and the city of what stands before the state.

    Args:
        rest: of the address.
        behind: the state and the ZIP code, with the comma before them.
    """
    before, comma, last = rest.rpartition(",")
    last = last.strip(" .;")
    if comma and last and not re.search(r"\d", last) and not _is_unit(last) and not _is_street(last):
        if last.lower().endswith(" county") and "," in before:
            return _street_and_city(before, behind)
        return before, last
    words = last.split()
    unit, more = " ".join(words[:2]), " ".join(words[2:])
    if comma and more and _is_unit(unit) and not re.search(r"\d", more):
        return f"{before}, {unit}", more  # 12 Elm St, Suite 4 Springfield
    if not re.search(r"\d", rest) and not comma:
        return ("", last) if behind and last and not _is_street(last) else (rest, "")
    tokens = streets.labeled(rest + behind)
    tokens = tokens[: len(tokens) - len(behind.strip(",").split())]
    first = len(tokens)
    while first and tokens[first - 1][1] == "PlaceName":
        first -= 1
    if not 0 < first < len(tokens):
        return rest, ""
    at = 0
    for token, _label in tokens[:first]:
        found = rest.find(token, at)
        if found < 0:
            return rest, ""
        at = found + len(token)
    city = rest[at:].strip(AROUND + ".")
    is_none = re.search(r"\d", city) or _is_unit(city) or city.lower() in street_words.STRONG
    return (rest, "") if is_none else (rest[:at], city)


def _is_unit(text: str) -> bool:
    return streets.names_unit(street_words.words_of(street_words.plain(text)))


def _is_street(text: str) -> bool:
    """Whether a text without a number is a street: its last word is Street or the like, or two cross."""
    words = street_words.short_words(street_words.words_of(street_words.plain(text)))
    while len(words) > 2 and words[-1] in street_words.COMPASS:
        words.pop()
    last = words[-1] if words else ""
    return "&" in text or last in street_words.COMPASS or (len(words) > 1 and last in street_words.STRONG)


def _is_state(line: str, rest: str, state: str, code: str) -> bool:
    """Whether what no comma stands before is a state, and not the end of a street's or a city's name."""
    if code and _fits(state, code):
        return True
    if not re.search(r"\d", rest) and "," not in rest:
        return bool(rest) and (state not in STREETS_TOO or (line.endswith(state) and not rest.isupper()))
    _before, comma, last = rest.rpartition(",")
    if comma and last.strip() and not re.search(r"\d", last) and not _is_unit(last):
        return last.strip().lower() not in BEFORE_CITIES
    labels = [label for label in _labels(line) if label != "ZipCode"]
    return (not code or state not in STREETS_TOO) and labels[-1:] == ["StateName"]


def _labels(line: str) -> list[str]:
    return [label for _word, label in streets.labeled(line)]


def _fits(state: str, code: str) -> bool:
    """Whether a ZIP code is one of the state's."""
    return any(first <= code[:3] <= last for first, last in _first_digits().get(state, ()))


@cache
def _first_digits() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for state, told in (each.split(":") for each in FIRST_DIGITS.split()):
        found[state] = [(each[:3], each[-3:]) for each in told.split(",")]
    return found


def _line(text: str) -> str:
    """The text on one line, without the country."""
    line = tidy(LINES.sub(", ", text[:LONGEST]).replace(" ,", ","))
    line = re.sub(r",(?:\s*,)+", ",", line).strip(" ,;")
    return GLUED.sub(r"\1 \2", COUNTRY.sub("", line).strip(" ,;"))


def _end(line: str, *, states: bool = True) -> tuple[str, str, str, str]:
    """What stands before state and ZIP code, the state, the ZIP code, and how the state is told.

    It is told behind a "comma", as a "code" or as a "name" of letters.
    """
    if found := CANADIAN.search(line):
        rest = line[: found.start()].rstrip(" ,")
        before, state, _how = _state_at_end(rest) if states else (rest, "", "")
        return before, state, f"{found[1]} {found[2]}".upper(), "comma"
    found = CODE.search(line)
    rest = line[: found.start()].rstrip(" ,.") if found else line
    if found and _is_unit_word(rest):
        found, rest = None, line  # Unit 10001
    before, state, how = _state_at_end(rest) if states else (rest, "", "")
    code = zip_of(found[0].strip(" ,"), state) if found else ""
    if found and not code:  # another number: of a house, a road, a unit
        before, state, how = _state_at_end(line) if states else (line, "", "")
    return before, state, code, how


def _is_unit_word(text: str) -> bool:
    """Whether a number behind this text is no ZIP code: of a unit, a road or a box."""
    last = street_words.plain(text).rsplit(" ", 1)[-1].strip(" .,")
    return street_words.UNITS.get(last, "fl") != "fl" or last in NUMBERED_THINGS


def _state_at_end(text: str) -> tuple[str, str, str]:
    """What stands before the state at the end of a text, the state, and how it is told."""
    head, comma, last = text.rpartition(",")
    words = last.split()
    for many in range(min(4, len(words)), 0, -1):
        typed = " ".join(words[-many:])
        state = _state(typed)
        if not state or re.search(r"\d", typed):
            continue
        alone = many == len(words)
        if alone and typed.lower() in CITIES_TOO and (not comma or NUMBERED.match(head)):
            return text, "", ""
        how = "comma" if alone else "code" if len(re.sub(r"\W", "", typed)) == 2 else "name"
        rest = head if alone else f"{head}{comma} {' '.join(words[:-many])}"
        return rest.strip(" ,;"), state, how
    return text, "", ""


@lru_cache(maxsize=5_000)
def _state(text: str) -> str:
    """The two letters of a state; "" of what is none."""
    typed = text.strip(" .,;")
    also = ALSO.get(typed.lower().replace(".", ""))
    if also:
        return also
    try:
        return postal.state_code(typed)
    except ValidationError:
        return ""
