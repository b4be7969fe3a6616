"""The words of which labeled pairs are made: invented names on invented streets, in two pools.

The points of `scoring` were looked at with the first pool; no word of the second is in it, so that the second
tells how the scorer does on names that nobody looked at.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pool:
    """Names and streets of one kind.

    Attributes:
        surnames: of owners; some have accents.
        marks: invented words that a business is called by.
        pairs: two words that stand together.
        streets: without heading and suffix.
        towns: city and the first three digits of its ZIP codes.
        chains: names of chains.
    """

    surnames: tuple[str, ...]
    marks: tuple[str, ...]
    pairs: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]
    chains: tuple[str, ...]


def _split(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.replace("\n", " ").split(",") if each.strip())


FIRST = Pool(
    surnames=_split(
        """Abreu, Núñez, Okafor, Lindqvist, Petrosyan, Marchetti, Kowalczyk, Ferreira, Dvořák, Haddad,
        Nakamura, Villaseñor, Brannigan, Oyelaran, Castañeda, Vukovic, Thibault, Quiñones, Rasmussen,
        Bellamy, Gutiérrez, Chaudhry, Moreau, Zielinski"""
    ),
    marks=_split(
        """Saltbox, Lanternfish, Copperleaf, Tidewell, Marrowbone, Juniper, Halyard, Foxglove, Brightwater,
        Thistledown, Ironbark, Pemberly, Sundrop, Wickerby, Larkspur, Cinderhall, Mapleton, Greywing"""
    ),
    pairs=_split(
        """Corner Bean, Blue Kettle, Golden Crane, Silver Maple, Three Herons, Lucky Clover, Red Wagon,
        Old Anchor, Green Lantern, White Birch, Little Fox, Twin Harbor"""
    ),
    streets=_split(
        """Alder, Bancroft, Calloway, Delmar, Eastlake, Fairmount, Gresham, Hollis, Ivory, Juniper Ridge,
        Kimball, Larrabee, Montrose, Norwood, Orchard, 14th, 22nd, 31st"""
    ),
    towns=(("Riverton", "606"), ("Maple Fork", "601"), ("Elm Prairie", "604")),
    chains=_split(
        "Northbank Grocers, Quickstop Fuel, Pronto Pollo, Bluebird Donuts, Sharp Cuts, Dollar Harbor"
    ),
)
HELD_OUT = Pool(
    surnames=_split(
        """Aguirre, Peña, Adeyemi, Söderberg, Hovhannisyan, Bonfiglio, Wróblewski, Carvalho, Novotný, Khoury,
        Tanabe, Ibáñez, Gallagher, Balogun, Muñiz, Jovanović, Lefèvre, Rentería, Mikkelsen, Ashworth, Álvarez,
        Siddiqui, Beaulieu, Stachowiak"""
    ),
    marks=_split(
        """Wrenfield, Oxbow, Starling, Pinecrest, Hearthstone, Moonraker, Driftwood, Cloverdale, Ravenna,
        Gingersnap, Bellweather, Tumbleweed, Ashgrove, Seabrook, Millrace, Sandpiper, Fernhollow, Kestrel"""
    ),
    pairs=_split(
        """Rolling Pin, Happy Otter, Jade Garden, Copper Pot, Four Winds, Paper Crane, Iron Gate, Sweet Basil,
        Black Walnut, Morning Glory, Stone Bridge, Full Moon"""
    ),
    streets=_split(
        """Atwater, Bellmore, Chester, Dunmore, Edgemont, Farragut, Glenview, Harwood, Ingleside, Lake Shore,
        Keystone, Lombard, Merrimac, Oakdale, Pearson, 9th, 43rd, 55th"""
    ),
    towns=(("Ashport", "488"), ("Cedar Bluff", "490"), ("Holloway", "493")),
    chains=_split("Harvest Lane Foods, Zip Petrol, Casa Burrito, Crumb & Co, Snip City, Penny Wharf"),
)
# What a business does, and a word for another business of the same owner.
TRADES = _split(
    """Bakery, Cafe, Auto Repair, Dental, Pharmacy, Hardware, Nails, Hair Salon, Barber Shop, Laundromat,
    Cleaners, Liquors, Grill, Taqueria, Pizza, Florist, Books, Bikes, Insurance Agency, Tax Service, Travel,
    Pet Clinic, Day Care, Music School, Furniture, Optical, Shoe Repair, Printing, Tailor, Fish Market"""
)
LEGAL_FORMS = _split("LLC, Inc, Corp, L.L.C., Incorporated, Co, Company, Corporation, Ltd")
HOLDING = _split("Holdings, Enterprises, Management, Ventures, Partners, Group")
SUFFIXES = (
    ("Street", "St"), ("Avenue", "Ave"), ("Boulevard", "Blvd"), ("Road", "Rd"), ("Court", "Ct"),
    ("Drive", "Dr"),
)  # fmt: skip
HEADINGS = (("North", "N"), ("South", "S"), ("East", "E"), ("West", "W"), ("", ""))
UNIT_WORDS = _split("Suite, Ste, Unit, #, Apt")
