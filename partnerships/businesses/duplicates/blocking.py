"""Which places are compared at all: those that share a key.

Of 100,000 places there are five billion pairs. Two that are one share a house and a street, a phone, an
address of mail, or a name in one ZIP code or at one point; each of these is a key, and a block holds the
places of one key. A block that is large, as a mall's or a franchise's, is not compared: its places meet by
the finer keys, which add a word of the name.
"""

import hashlib
from collections.abc import Iterator

from .traits import Traits, all_words

LARGEST = 60  # places of a block
LETTERS = 4  # of a word; what follows is misspelled more often


def keys_of(place: Traits) -> set[int]:
    """The keys of a place, as numbers of 63 bits."""
    return {_number(each) for each in _keys(place)}


def _number(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(errors="replace"), digest_size=8).digest()) >> 1


def _keys(place: Traits) -> Iterator[str]:
    words = {word[:LETTERS] for word in all_words((place.name, place.legal))}
    names = {each.key for each in (place.name, place.legal) if each and each.key}
    where = place.zip_code or place.city
    if place.number and place.street:
        house = place.number.partition("-")[0]
        street = place.street.split()[0][:LETTERS]
        yield f"at {house} {street} {where}"
        for word in words:
            yield f"in {house} {street} {word}"  # a mall; and where one has no ZIP code
    if place.number:
        for name in names:
            yield f"house {place.number} {name[:8]}"  # the street is misspelled
    if place.phone:
        yield f"phone {place.phone}"
        for word in words:
            yield f"phone {place.phone} {word}"
    if place.email:
        yield f"email {place.email}"
    for name in names:
        yield f"name {name} {where}"
    if place.position:
        latitude, longitude = place.position
        for word in words:
            yield f"near {latitude:.3f} {longitude:.3f} {word}"
