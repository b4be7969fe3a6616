"""Words in one spelling: plain letters, and the words of an address in the short forms of the Postal Service.

The short forms are those of USPS Publication 28. A plural is another word: Park Avenue is not Parks Avenue.
"""

import re
import unicodedata
from collections.abc import Iterable

SUFFIXES = """
aly alley allee ally;anx annex anex annx;arc arcade;ave avenue av aven avenu avn avnue;bch beach;bg burg;
blf bluff bluf;blvd boulevard boul boulv blv;bnd bend;br branch brnch;brg bridge brdge;brk brook;
btm bottom bottm;byp bypass bypa byps;byu bayou bayoo;cir circle circ circl crcl crcle;clb club;clf cliff;
clfs cliffs;cmn common;cmns commons;cor corner;cors corners;cp camp cmp;cpe cape;cres crescent crsent crsnt;
crk creek;crse course;crst crest;cswy causeway causwa;ct court crt;
ctr center centre cen cent centr cnter cntr;cts courts;curv curve;cv cove;cvs coves;cyn canyon canyn cnyn;
dl dale;dm dam;dr drive driv drv;dv divide dvd;est estate;ests estates;expy expressway expr expw;
ext extension extn;fall;falls fls;fld field;flds fields;flt flat;flts flats;frd ford;frg forge forg;
frk fork;frks forks;frst forest;fry ferry frry;ft fort frt;fwy freeway freewy frway frwy;
gdn garden gardn grden grdn;gdns gardens grdns;gln glen;gtwy gateway gatewy gatway gtway;grn green;
grv grove grov;hbr harbor harb harbr hrbor;hl hill;hls hills;holw hollow hllw;hts heights ht hgts;
hvn haven havn;hwy highway highwy hiway hiwy hway;inlt inlet;is island islnd;isle;iss islands islnds;
jct junction jction jctn junctn juncton;knl knoll knol;knls knolls;ky key;kys keys;land;lck lock;
ldg lodge ldge lodg;lf loaf;lgt light;lk lake;lks lakes;ln lane;lndg landing lndng;loop;mall;mdw meadow;
mdws meadows medows;mews;ml mill;mls mills;mnr manor;msn mission missn mssn;mt mount mnt;
mtn mountain mntain mntn;mtns mountains mntns;mtwy motorway;nck neck;opas overpass;orch orchard orchrd;
oval ovl;park prk;pass;path;pike;pkwy parkway parkwy pkway pky;pl place;pln plain;plns plains;
plz plaza plza;pne pine;pnes pines;pr prairie prr;prt port;psge passage;pt point;pts points;radl radial;
ramp;rd road;rdg ridge rdge;rdgs ridges;rds roads;riv river rivr rvr;rnch ranch;row;rpds rapids;rst rest;
rte route rt;rue;run;shls shoals;shr shore shoar;shrs shores;skwy skyway;smt summit sumit sumitt;
spg spring spng sprng;spgs springs spngs sprngs;spur;sq square sqr sqre squ;st street str strt saint;
sta station statn stn;strm stream streme;ter terrace terr;tpke turnpike trnpk turnpk tpk;trak track trk;
trce trace;trfy trafficway;trl trail;trlr trailer;trwy throughway;tunl tunnel;un union;upas underpass;
via viaduct vdct viadct;vis vista vist vst vsta;vl ville;vlg village vill villag villg;vly valley vally;
vw view;vws views;walk;wall;way wy;wl well;wls wells;xing crossing crssng;xrd crossroad
"""
# Words of names with a short form of their own.
ALIKE = {"doctor": "dr", "junior": "jr", "senior": "sr", "general": "gen", "sainte": "ste"}
DIRECTIONS = {
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw",
    "southeast": "se", "southwest": "sw", "no": "n", "so": "s",
}  # fmt: skip
COMPASS = frozenset(("n", "s", "e", "w", "ne", "nw", "se", "sw"))
# Behind one of these a street's name is over.
STRONG = frozenset(
    (
        "st", "ave", "blvd", "rd", "dr", "ln", "ct", "hwy", "pkwy", "pl", "ter", "cir", "way", "trl", "pike",
        "tpke", "expy", "fwy", "plz", "sq",
    )
)  # fmt: skip
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth",
)  # fmt: skip
TENS = ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet")
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# What a unit is called: its number counts alone. A floor is told apart, and so is a building.
UNITS = {
    called: kind
    for kind, words in {
        "#": "# apartment apartments apt apts suite suites ste stes unit units room rooms rm rms office ofc "
        "space spc store shop stall bay lot number num nr",
        "fl": "floor floors flr fl level lvl",
        "bldg": "building bldg bld",
        "twr": "tower twr",
        "term": "terminal term",
        "conc": "concourse conc",
        "wing": "wing",
        "gate": "gate gates",
        "hngr": "hangar hngr",
        "dept": "department dept",
        "slip": "slip",
        "pier": "pier",
        "kiosk": "kiosk",
        "booth": "booth",
    }.items()
    for called in words.split()
}
PARTS = frozenset(("bldg", "twr", "wing", "term", "conc"))
ALONE = {
    called: kind
    for kind, words in {
        "bsmt": "basement bsmt", "rear": "rear", "frnt": "front frnt storefront", "lbby": "lobby lbby",
        "lowr": "lower lowr", "uppr": "upper uppr", "ph": "penthouse ph", "ll": "ll", "grnd": "ground grnd",
        "mezz": "mezzanine mezz",
    }.items()
    for called in words.split()
}  # fmt: skip
# "STE100", "FL2", "Bldg-C"
GLUED = re.compile(
    rf"\b(?:({'|'.join(each for each in (*UNITS, *ALONE) if each.isalpha())})-(\w[\w-]*)"
    r"|(apt|ste|suite|unit|rm|fl|flr|bldg|ph)(\d[\w-]*))(?![\w-])"
)

MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\ufeff"
    "'`\u00b4\u02b9-\u02bf\u2018-\u201b\u2032\u055a\ua78c]"
)
LETTERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŋ": "ng", "ı": "i",
    "ς": "σ", "\u2044": "/", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-",
    "\u2212": "-",
}  # fmt: skip
SIGNS = str.maketrans(LETTERS)
FRACTION = re.compile("([\u00bc-\u00be\u2150-\u215e])")
DOTTED = re.compile(r"(?<![^\W_])([^\W_])\.(?=[^\W_](?![^\W_]))")
WORD = re.compile(r"[^\W_]+(?:[-/][^\W_]+)*|[#&]")
ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")


def plain(text: str) -> str:
    """Small letters without accents and apostrophes, as `core_fold` of the database does; other signs stay.

    Letters that no ASCII letter stands for, as of Greek, stay: else two names would become one.
    """
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    apart = unicodedata.normalize("NFKD", FRACTION.sub(r" \1", text).casefold())
    return unicodedata.normalize("NFC", MARKS.sub("", apart).casefold().translate(SIGNS))


def words_of(text: str) -> list[str]:
    """The words of a plain text; "l.l.c." is one, so is "4-b"; `#` and `&` stand alone, "ste100" is two."""
    words = WORD.findall(DOTTED.sub(r"\1", text) if "." in text else text)
    if not GLUED.search(text):
        return words
    found: list[str] = []
    for word in words:
        glued = GLUED.fullmatch(word)
        found += [glued[1] or glued[3], glued[2] or glued[4]] if glued else [word]
    return found


def _table() -> dict[str, str]:
    rows = [row.split() for row in SUFFIXES.replace("\n", "").split(";")]
    short = {each: row[0] for row in rows for each in row}
    ordinals = {word: _ordinal(at) for at, word in enumerate(ORDINALS, 1)}
    ordinals |= {f"{ten}ieth": _ordinal(at * 10) for at, ten in enumerate(TENS, 2)}
    return short | ALIKE | DIRECTIONS | ordinals


def _ordinal(number: int) -> str:
    teen = number // 10 % 10 == 1
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


SHORT = _table()
SUFFIX = frozenset(row.split()[0] for row in SUFFIXES.replace("\n", "").split(";"))
TEN = {f"{ten}y": at for at, ten in enumerate(TENS, 2)}
ONES = {word: at for at, word in enumerate(ORDINALS[:9], 1)}


def short_words(words: Iterable[str]) -> list[str]:
    """Words in their short forms: "north" is "n", "avenue" is "ave", "first" is "1st", "saint" is "st"."""
    found: list[str] = []
    parts = [part for word in words for part in (word.replace("/", "-").split("-") if word != "&" else [])]
    for at, word in enumerate(parts):
        if word in ONES and at and parts[at - 1] in TEN:  # forty-second
            found[-1] = _ordinal(TEN[parts[at - 1]] * 10 + ONES[word])
            continue
        if word[0].isdigit() and (told := ORDINAL.fullmatch(word)):
            word = _ordinal(int(told[1][-9:]))
        found.append(SHORT.get(word, word))
    for at in range(len(found) - 2, -1, -1):  # "n w" is "nw", but not of "N West St"
        pair = found[at] + found[at + 1]
        whole = at == 0 and all(each in SUFFIX for each in found[2:]) and len(found) > 2
        if pair in COMPASS and len(pair) == 2 and not whole:
            found[at : at + 2] = [pair]
    for at in range(1, len(found)):  # "42 St" is "42nd St"
        number = found[at - 1]
        counted = number.isdecimal() and number.isascii() and (at == 1 or found[at - 2] in COMPASS)
        if counted and found[at] in STRONG - {"hwy"}:
            found[at - 1] = _ordinal(int(number[-9:]))
    return found
