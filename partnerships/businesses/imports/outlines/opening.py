"""Which kind of file it is, told by its content, and its one layer of areas."""

from pathlib import Path

from django.utils.translation import gettext as _

from partnerships.businesses.imports.errors import ImportRefusedError, unreadable

from . import geojson, kml, shapefiles
from .layers import Layer, checked
from .zips import Unpacked

LARGEST = 50 * 1024 * 1024  # bytes; the outlines of a city's beats take a twentieth of it
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
PART_OF_SHAPEFILE = b"\x00\x00\x27\x0a"


def read_layer(path: Path, name: str) -> Layer:
    """Read a file of areas.

    Args:
        path: the file.
        name: what people call it.

    Raises:
        ImportRefusedError: it is none, in one line that says what to do.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ImportRefusedError(
                _("%(file)s is larger than %(most)s MB. Take a simpler drawing of the same areas.")
                % {"file": name, "most": LARGEST // 1024 // 1024}
            )
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(name, error) from None
    return checked(_layer(content, name), name)


def ending_of(start: bytes) -> str:
    """How a file of areas ends, by its first bytes: ".zip", ".kml" or ".geojson".

    Args:
        start: a few hundred of its bytes.

    Raises:
        ImportRefusedError: it begins as none of these; the message says what may be sent.
    """
    if start.startswith((ZIP, EMPTY_ZIP)):
        return ".zip"
    if start.startswith(PART_OF_SHAPEFILE):
        raise ImportRefusedError(
            _("This is one part of a shapefile. Zip .shp, .shx, .dbf and .prj together, and send the zip.")
        )
    plain = _plain(start)
    if plain.startswith(b"<"):
        return ".kml"
    if plain.startswith((b"{", b"[")):
        return ".geojson"
    raise ImportRefusedError(
        _("This is not a file of areas. Send GeoJSON, a shapefile in a zip, KML or KMZ.")
    )


def _plain(content: bytes) -> bytes:
    """The first letters, whatever stands before them and however wide they are."""
    return content[:400].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")


def _layer(content: bytes, name: str) -> Layer:
    if content.startswith((ZIP, EMPTY_ZIP)):
        return _of_zip(content, name)
    if content.startswith(PART_OF_SHAPEFILE):
        raise ImportRefusedError(
            _(
                "%(file)s is one part of a shapefile. "
                "Zip .shp, .shx, .dbf and .prj together, and take the zip."
            )
            % {"file": name}
        )
    if _plain(content).startswith(b"<"):
        return kml.read(content, name)
    return geojson.read(content, name)


def _of_zip(content: bytes, name: str) -> Layer:
    unpacked = Unpacked(content, name)
    if unpacked.with_ending(".shp"):
        return shapefiles.read(unpacked, name)
    documents = unpacked.with_ending(".kml")
    if documents:
        # The first at the top is the document; others are parts that it links to.
        inside = min(documents, key=lambda each: (each.count("/"), each.lower() != "doc.kml", each))
        return kml.read(unpacked.read(inside), name)
    drawn = unpacked.with_ending(".geojson", ".json")
    if len(drawn) == 1:
        return geojson.read(unpacked.read(drawn[0]), name)
    raise ImportRefusedError(
        _(
            "%(file)s holds no areas that can be read. Zip a shapefile (.shp, .shx, .dbf and .prj), "
            "a KML file or a GeoJSON file."
        )
        % {"file": name}
    )
