"""What of a place tells whether another one is the same, in a form that can be compared."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from partnerships.businesses.places import POSTAL, address_parts, name_key, name_words
from partnerships.businesses.street_words import COMPASS, SUFFIX, plain, short_words, words_of

# Words that say what a business does, not which one it is.
_TRADES = """
academy accounting adult agency air animal antiques apparel appliance appliances art arts associates auto
automotive bail bakery bank bar barber barbershop bbq beauty beer bike bikes bistro board body bookkeeping
books boutique braids brewery bridal build builders building burger burgers business butcher cab cafe
cafeteria camera candy car care carpet cars carry cash catering cell cellular center check chicken child
childcare chinese chiropractic church cigar cigars city clean cleaners cleaning clinic clothing club
coffee coin collection college company computer computers construction consulting convenience convenient
cookies cooking cosmetics counseling creamery creative credit cuisine currency cuts cycle dance daycare
deli dental dentist dentistry department design diner discount dispensary distillery distribution dog
dollar donut donuts dry drug drugs electric electrical electronics emporium enterprise enterprises
equipment events exchange express eye eyewear fabric factory family farm fashion fashions fast financial
fish fitness floor floral florist flowers food foods footwear foundation framing fresh fried frozen fruit
fuel fun furniture gallery games garage garden gas gelato general gifts glass goods gourmet grill grocer
grocers grocery group gym gyros hair hardware health healthcare heating herbs holdings home hookah
hospital hotel house ice import imports industries inn insurance interiors international jewelers jewelry
juice karate kitchen laboratory landscaping laundromat laundry law learning legal leather library lighting
liquor liquors loans locksmith lounge lumber mail mailbox maintenance management manufacturing market
marketing martial mart massage mattress meat meats medical medicine memorial men mens metal mexican mini
mobile montessori mortgage motel motor motors muffler music nail nails natural network newsstand notary
nursery nutrition office oil optical optics optometry organic outlet pantry paint painting paper parking
parlor parts party pastry pawn pet pets pharmacy phone photo photography physical pizza pizzeria place
plaza plumbing poultry preschool print printing produce products professional property pub real realty
records recycling rehab rental rentals repair repairs resale restaurant restaurants retail roofing
rotisserie rugs salon sandwiches school seafood security service services shoe shoes shop shoppe shops
signs smoke smoothies snacks soap social solutions soul spa spirits sport sports station storage store
stores studio studios subs supermarket supplies supply sushi tacos tailor tailors tan tanning tap tattoo
tavern tax taxi tea technologies technology theater therapy thrift tile tire tires tobacco tool tools
tours towing toys trading training transmission transportation travel treasures truck trucking tutoring
upholstery used vacuum vapor variety veterinary video wash watch water wax wear wellness wholesale window
windows wine wines wings wireless women womens wood wraps yoga youth zone carniceria cocina fruteria
lavanderia mariscos mercado panaderia peluqueria restaurante taqueria tienda
"""
TRADE = frozenset(_TRADES.split())
# Other ways to write a word of a name.
SAID = {
    "svc": "service", "svcs": "service", "serv": "service", "mkt": "market", "rest": "restaurant",
    "restr": "restaurant", "ctr": "center", "centre": "center", "cntr": "center", "intl":
    "international", "int": "international", "mfg": "manufacturing", "bros": "brothers", "bro":
    "brothers", "assoc": "associates", "assocs": "associates", "dept": "department", "elec": "electric",
    "equip": "equipment", "ent": "enterprise", "ents": "enterprise", "grp": "group", "hosp": "hospital",
    "ins": "insurance", "mgmt": "management", "natl": "national", "pharm": "pharmacy", "prof":
    "professional", "tech": "technology", "theatre": "theater", "univ": "university", "whse":
    "warehouse", "st": "saint", "mt": "mount", "ft": "fort", "dr": "doctor", "chgo": "chicago", "amer":
    "american", "constr": "construction", "distr": "distribution", "rx": "pharmacy", "groc": "grocery",
    "liq": "liquor", "auto": "automotive",
}  # fmt: skip
ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
COUNTED = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}
PHONE = re.compile(r"\D+")
# Where anybody has an address, or a page: they tell no business.
SHARED_SITES = frozenset(
    (
        "facebook.com", "instagram.com", "yelp.com", "google.com", "linktr.ee", "twitter.com", "x.com",
        "tiktok.com", "doordash.com", "grubhub.com", "ubereats.com", "square.site", "wixsite.com",
        "sites.google.com",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    Attributes:
        key: its letters and digits, see `places.name_key`.
        words: each with its weight: what a business does says less than how it is called.
        numbers: the number of a store of a chain.
    """

    key: str
    words: tuple[tuple[str, float], ...]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a place; what is not known is empty.

    Attributes:
        name: as customers know it.
        legal: of the organization.
        number: of the house.
        heading: of its street, such as "w".
        street: its street without heading and suffix.
        suffix: of its street, such as "ave".
        units: in the building.
        zip_code: five digits.
        city: in plain letters.
        phone: ten digits.
        email: on record.
        site: the domain of its website.
        position: latitude and longitude.
    """

    name: Name
    legal: Name | None
    number: str
    heading: str
    street: str
    suffix: str
    units: tuple[str, ...]
    zip_code: str
    city: str
    phone: str
    email: str
    site: str
    position: tuple[float, float] | None


# The columns that `traits_of` reads: of the place, and of its organization.
COLUMNS = (
    "name", "organization__legal_name", "organization__name", "street", "city", "postal_code", "phone",
    "email_on_record", "website", "latitude", "longitude",
)  # fmt: skip


def traits_of(row: Mapping[str, Any]) -> Traits:
    """Take a place apart.

    Args:
        row: what stands in `COLUMNS`; what is missing there is not known.
    """
    told = row.get
    name = named(told("name") or "")
    legal = named(told("organization__legal_name") or told("organization__name") or "")
    found = address_parts(told("street") or "")
    number, (heading, street, suffix), units = (
        (found[0], _street(found[1]), found[2]) if found else ("", _street(_road(told("street") or "")), ())
    )
    code = POSTAL.match(told("postal_code") or "")
    latitude, longitude = told("latitude"), told("longitude")
    return Traits(
        name=name,
        legal=legal if legal.key and legal.key != name.key else None,
        number=number,
        heading=heading,
        street=street,
        suffix=suffix,
        units=units,
        zip_code=code[1] if code else "",
        city="".join(words_of(plain(told("city") or ""))),
        phone=digits_of(told("phone") or ""),
        email=(told("email_on_record") or "").strip().lower(),
        site=_domain(told("website") or ""),
        position=None if latitude is None or longitude is None else (latitude, longitude),
    )


def named(text: str) -> Name:
    """Take a name apart."""
    words: list[tuple[str, float]] = []
    numbers: set[str] = set()
    listed = name_words(text)
    for at, word in enumerate(listed):
        last = at and at == len(listed) - 1
        number = (ROMAN.get(word) or COUNTED.get(word, "")) if last else ""
        if word.isdecimal():
            number = word.lstrip("0") or "0"
        if number:
            numbers.add(number)
        elif word not in ("&", "#"):
            said = SAID.get(word, word)
            words.append((said, 0.3 if said in TRADE or word in TRADE else 1.0))
    return Name(name_key(text), tuple(words), frozenset(numbers))


def digits_of(phone: str) -> str:
    """The ten digits of a number of this country; "" of any other text."""
    digits = PHONE.sub("", phone.lower().partition("x")[0])
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    return digits if len(digits) == 10 and len(set(digits)) > 2 else ""


def _road(street: str) -> str:
    return " ".join(short_words(words_of(plain(street))))


def _street(told: str) -> tuple[str, str, str]:
    """Heading, name and suffix of a street in short words."""
    words = told.split()
    heading = suffix = ""
    if len(words) > 1 and words[-1] in COMPASS:
        heading = words.pop()
    if len(words) > 1 and words[0] in COMPASS:
        heading = words.pop(0)
    if len(words) > 1 and words[-1] in SUFFIX:
        suffix = words.pop()
    return heading, " ".join(words), suffix


def _domain(website: str) -> str:
    try:
        host = (urlsplit(website).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return "" if host in SHARED_SITES else host


def all_words(names: Iterable[Name | None]) -> set[str]:
    """The words of names that tell a business, not only what it does; all of them where none does."""
    found = [pair for each in names if each for pair in each.words]
    return {word for word, weight in found if weight == 1} or {word for word, _weight in found}
