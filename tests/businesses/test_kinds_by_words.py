"""Everyday words find the kind of business: each on our own list stands under a code there is."""

import pytest

from partnerships.businesses import kinds
from partnerships.businesses.industries import proposed

# What people type, and the code that is to come first.
FIRST = {
    "nail salon": "812113",
    "Nail Salons": "812113",
    "nails": "812113",
    "nial salon": "812113",
    "uñas": "812113",
    "salon de unas": "812113",
    "barber": "812111",
    "barbershop": "812111",
    "barbería": "812111",
    "hair salon": "812112",
    "estética": "812112",
    "tattoo": "812199",
    "tatoo parlor": "812199",
    "massage": "812199",
    "bodega": "445131",
    "corner store": "445131",
    "convenience store": "445131",
    "grocery": "445110",
    "supermercado": "445110",
    "butcher": "445240",
    "carnicerías": "445240",
    "liquor store": "445320",
    "bakery": "311811",
    "panadería": "311811",
    "tortilleria": "311830",
    "gym": "713940",
    "yoga studio": "713940",
    "bowling alley": "713950",
    "coffee shop": "722515",
    "coffeeshop": "722515",
    "café": "722515",
    "ice cream": "722515",
    "taqueria": "722513",
    "taquería": "722513",
    "pizza": "722513",
    "restaurant": "722511",
    "restaraunt": "722511",
    "food truck": "722330",
    "foodtruck": "722330",
    "lonchera": "722330",
    "bar": "722410",
    "bars": "722410",
    "catering": "722320",
    "vape shop": "459991",
    "smoke shop": "459991",
    "cannabis dispensary": "459999",
    "dispensery": "459999",
    "pawn shop": "522299",
    "casa de empeño": "522299",
    "check cashing": "522390",
    "laundromat": "812310",
    "laundrymat": "812310",
    "lavandería": "812310",
    "dry cleaners": "812320",
    "day care": "624410",
    "daycare": "624410",
    "guardería": "624410",
    "tire shop": "441340",
    "llantera": "441340",
    "auto repair": "811111",
    "taller mecánico": "811111",
    "mechanic": "811111",
    "body shop": "811121",
    "car wash": "811192",
    "gas station": "457110",
    "gasolinera": "457110",
    "used cars": "441120",
    "pharmacy": "456110",
    "phramacy": "456110",
    "hardware store": "444140",
    "ferretería": "444140",
    "florist": "459310",
    "bookstore": "459210",
    "jewlery store": "458310",
    "thrift store": "459510",
    "church": "813110",
    "iglesia": "813110",
    "mosque": "813110",
    "nonprofit": "813410",
    "non-profit": "813410",
    "chamber of commerce": "813910",
    "food pantry": "624210",
    "landlord": "531110",
    "real estate agent": "531210",
    "self storage": "531130",
    "hotel": "721110",
    "dentist": "621210",
    "veternarian": "541940",
    "lawyer": "541110",
    "abogado": "541110",
    "tax preparer": "541213",
    "plumber": "238220",
    "plomero": "238220",
    "electrician": "238210",
    "roofing": "238160",
    "landscapping": "561730",
    "security guard": "561612",
    "locksmith": "561622",
    "banquet hall": "531120",
    "print shop": "323111",
    "812113": "812113",
    "722511": "722511",
}
# Words for several kinds: among the first five, with whatever else they mean.
AMONG = {
    "hair": {"812112", "812111", "456120"},
    "cleaning": {"561720", "812320"},
    "car": {"811111", "441110"},
    "school": {"611110"},
    "food": {"722511", "445110"},
    "insurance": {"524210"},
    "pet": {"459910", "812910"},
    "barb": {"812111"},
    "nai": {"812113"},
    "laund": {"812310"},
}


def codes(text, most=5):
    return [each.code for each in kinds.find(text, most)]


def test_each_code_of_the_everyday_words_exists_and_no_words_stand_twice():
    words = kinds.everyday()
    known = kinds.titles()
    assert [code for code in words if code not in known or len(code) != 6] == []
    every = [" ".join(kinds.folded(each)) for some in words.values() for each in some]
    assert sorted({each for each in every if every.count(each) > 1}) == []
    assert len(every) > 2000


@pytest.mark.parametrize(("typed", "code"), FIRST.items())
def test_what_people_type_finds_its_kind_first(typed, code):
    assert codes(typed)[:1] == [code]


@pytest.mark.parametrize(("typed", "wanted"), AMONG.items())
def test_words_for_several_kinds_find_each_of_them(typed, wanted):
    assert wanted <= set(codes(typed))


def test_every_everyday_word_finds_its_code_among_the_first_five():
    missed = [
        (word, code) for code, words in kinds.everyday().items() for word in words if code not in codes(word)
    ]
    assert missed == []


@pytest.mark.parametrize("typed", ["", " ", "x", "!!", "zzzzqq", "🙂", "000000", "999"])
def test_what_means_nothing_finds_nothing(typed):
    assert kinds.find(typed) == []


def test_a_long_text_takes_no_longer_than_its_first_words():
    assert codes("nail salon " + "x" * 100_000) == codes("nail salon " + "x" * 89)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("nail salon", "812113"),
        ("Offices of Dentists", "621210"),  # a group of one kind has the same title: the finer code says both
        ("Personal Care Services", "8121"),
        ("8121", "8121"),
        ("812113", "812113"),
        ("hair", None),
        ("nial salon", None),  # mistyped: asked about
        ("31-33", None),
        ("zzzz", None),
        ("", None),
    ],
)
def test_only_a_name_or_a_code_is_taken_without_asking(typed, code):
    found = kinds.only_one(typed)
    assert (found and found.code) == code


def test_a_kind_belongs_to_its_group():
    assert kinds.group_of("812113") == kinds.Kind("8121", "Personal Care Services")
    assert kinds.group_of("8121").code == "8121"
    assert kinds.group_of("81") is None
    found = kinds.groups(kinds.find("barber", 8))
    assert [each.code for each in found][:1] == ["8121"]
    assert len({each.code for each in found}) == len(found)


@pytest.mark.parametrize(
    ("words", "code", "least"),
    [
        ("TAVERN", "722410", 0.9),
        ("Nail Salon", "812113", 0.9),
        ("Beauty Salon License", "812112", 0.7),
        ("PAWNBROKER", "522299", 0.9),
        ("Tobacco Dealer", "459991", 0.9),
        ("Children's Services Facility", "624410", 0.9),
        ("Motor Vehicle Repair: Engine/Body", "811111", 0.9),
        ("Panadería", "311811", 0.9),
    ],
)
def test_a_citys_own_words_propose_a_kind(words, code, least):
    found = proposed(words)
    assert found is not None
    assert found.code == code
    assert found.score >= least


def test_words_that_say_nothing_or_several_things_propose_none_or_are_unsure():
    for words in ("Limited Business License", "Regulated Business License", "", "Itinerant Merchant"):
        assert proposed(words) is None, words
    unsure = proposed("Retail Food Establishment")  # a restaurant as often as a grocery
    assert unsure is None or unsure.score < 0.8
