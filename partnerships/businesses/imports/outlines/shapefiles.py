"""A shapefile in a zip: .shp and .dbf, what .prj says of its coordinates, and .cpg of its letters."""

import codecs
import io
import re
import struct
import warnings
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from partnerships.businesses.imports.errors import ImportRefusedError
from partnerships.businesses.imports.text import OLD_WINDOWS

from .layers import NO_OUTLINE, NO_POLYGON, Feature, Layer, polygons_of, properties_of
from .zips import Unpacked

FORMAT = "Shapefile"
POLYGONS = (5, 15, 25)  # plain, with heights, with measures
# What the .dbf says of its letters where there is no .cpg: the "language driver" in byte 29.
DRIVERS = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x57: "cp1252", 0x58: "cp1252", 0x59: "cp1252"}
LONGEST_SYSTEM = 20_000  # characters of a .prj


def read(unpacked: Unpacked, name: str) -> Layer:
    """Read the shapefile of a zip.

    Args:
        unpacked: the zip.
        name: what people call it.

    Raises:
        ImportRefusedError: a part is missing or damaged, or the zip holds several layers.
    """
    layers = unpacked.with_ending(".shp")
    if len(layers) > 1:
        named = ", ".join(PurePosixPath(each).name for each in layers[:6])
        raise ImportRefusedError(
            _("%(file)s holds several layers: %(layers)s. Zip the files of one of them alone.")
            % {"file": name, "layers": named}
        )
    (drawn,) = layers
    table = unpacked.beside(drawn, ".dbf")
    if table is None:
        raise ImportRefusedError(
            _(
                "%(file)s has no .dbf beside the .shp, and so no numbers or names of its areas. "
                "Zip .shp, .shx, .dbf and .prj together."
            )
            % {"file": name}
        )
    shp, dbf = unpacked.read(drawn), unpacked.read(table)
    prj, cpg = unpacked.beside(drawn, ".prj"), unpacked.beside(drawn, ".cpg")
    said = unpacked.read(cpg)[:100].decode("ascii", "ignore") if cpg else ""
    features, encoding = _features(shp, dbf, said, name)
    system = unpacked.read(prj)[:LONGEST_SYSTEM].decode("utf-8-sig", "replace").strip() if prj else ""
    return Layer(FORMAT, features, system, encoding)


def encodings(said: str, dbf: bytes) -> list[str]:
    """What the texts may be written in, the likeliest first.

    Args:
        said: the content of the .cpg.
        dbf: the table, whose head may say it, too.
    """
    number = re.sub(r"\D", "", said)
    wanted = [said.strip(), f"cp{number}" if number else "", _of_iso(number)]
    wanted += ["utf-8", DRIVERS.get(dbf[29] if len(dbf) > 29 else 0, ""), OLD_WINDOWS]
    known = []
    for each in wanted:
        try:
            if each:
                known.append(codecs.lookup(each).name)
        except (LookupError, ValueError):
            continue
    return list(dict.fromkeys(known))


def _of_iso(number: str) -> str:
    """ "88591", as some write ISO 8859-1."""
    return f"iso8859-{number[4:]}" if number.startswith("8859") and len(number) > 4 else ""


def _features(shp: bytes, dbf: bytes, said: str, name: str) -> tuple[list[Feature], str]:
    for encoding in encodings(said, dbf):
        try:
            return list(_read(shp, dbf, encoding, name)), encoding
        except UnicodeError:
            continue
    return list(_read(shp, dbf, OLD_WINDOWS, name, lost="replace")), OLD_WINDOWS


def _read(shp: bytes, dbf: bytes, encoding: str, name: str, lost: str = "strict") -> Iterator[Feature]:
    import shapefile  # a tenth of a second that no page needs

    shapefile.VERBOSE = False  # it tells of odd rings in the log
    files = {"shp": io.BytesIO(shp), "dbf": io.BytesIO(dbf)}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = shapefile.Reader(**files, encoding=encoding, encodingErrors=lost)
            drawn = list(reader.iterShapes())
            rows = [reader.record(at) for at in range(reader.numRecords or 0)]
    except (shapefile.ShapefileException, UnicodeError) as error:
        if "decode" in str(error):
            raise UnicodeError from None
        raise _damaged(name) from None
    # A damaged file sends the reader anywhere.
    except (struct.error, ValueError, TypeError, IndexError, KeyError, EOFError, OSError, MemoryError):
        raise _damaged(name) from None
    except (AttributeError, ArithmeticError, AssertionError, RuntimeError):
        raise _damaged(name) from None
    if len(drawn) != len(rows):
        raise _damaged(name)
    for place, (outline, row) in enumerate(zip(drawn, rows, strict=True), start=1):
        if row is not None:  # else it was deleted
            yield _feature(outline, row.as_dict(date_strings=True), place, name)


def _feature(drawn: Any, told: dict[str, Any], place: int, name: str) -> Feature:
    properties = properties_of(told)
    kind = getattr(drawn, "shapeType", 0)
    if kind not in POLYGONS:
        return Feature(place, properties, None, NO_POLYGON if kind else NO_OUTLINE)
    try:
        found: BaseGeometry | None = polygons_of(shape(drawn.__geo_interface__))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError):
        raise _damaged(name) from None
    except Exception as error:
        if type(error).__module__ != "shapefile":
            raise
        raise _damaged(name) from None
    return Feature(place, properties, found, "" if found is not None else NO_OUTLINE)


def _damaged(name: str) -> ImportRefusedError:
    return ImportRefusedError(
        _("The shapefile in %(file)s is damaged or not whole. Download it again.") % {"file": name}
    )
