"""Zips that people send: of what is in them only what is needed is read, and never written to a disk."""

import io
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from partnerships.businesses.imports.errors import ImportRefusedError

MOST_UNPACKED = 150 * 1024 * 1024  # bytes, of all that is read from one zip
MOST_ENTRIES = 2_000
END = b"PK\x05\x06"  # of a zip: how many entries it has
END_OF_LARGE = b"PK\x06\x07"


class Unpacked:
    """The files in a zip, by name.

    Args:
        content: the zip.
        name: what people call it.

    Raises:
        ImportRefusedError: it is damaged, or holds far too many files.
    """

    def __init__(self, content: bytes, name: str) -> None:
        self._name, self._left = name, MOST_UNPACKED
        _count(content, name)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, UnicodeError):
            raise self._damaged() from None
        # Folders say nothing, and what a Mac puts beside each file is no file of the layer.
        self._infos = {
            each.filename: each
            for each in infos
            if not each.is_dir()
            and "__MACOSX" not in each.filename
            and not PurePosixPath(each.filename).name.startswith("._")
        }

    def with_ending(self, *endings: str) -> list[str]:
        """The names of the files with one of these endings, in small letters."""
        return sorted(each for each in self._infos if each.lower().endswith(endings))

    def beside(self, name: str, ending: str) -> str | None:
        """The file of the same name with another ending, whatever its letters."""
        wanted = (name.rpartition(".")[0] + ending).lower()
        return next((each for each in self._infos if each.lower() == wanted), None)

    def read(self, name: str) -> bytes:
        """The content of a file.

        Raises:
            ImportRefusedError: it is damaged, locked by a password, or grows too large.
        """
        info = self._infos[name]
        if info.flag_bits & 0x1:
            raise ImportRefusedError(
                _("%(file)s is locked by a password. Make a zip without one.") % {"file": self._name}
            )
        try:
            with self._zip.open(info) as file:
                found = file.read(self._left + 1)  # what it says of its size is not believed
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
            raise self._damaged() from None
        except (ValueError, struct.error, UnicodeError):
            raise self._damaged() from None
        if len(found) > self._left:
            raise ImportRefusedError(
                _("Unpacked, %(file)s is larger than %(most)s MB. Take a simpler drawing of the same areas.")
                % {"file": self._name, "most": MOST_UNPACKED // 1024 // 1024}
            )
        self._left -= len(found)
        return found

    def _damaged(self) -> ImportRefusedError:
        return ImportRefusedError(
            _("%(file)s is a damaged zip. Make or download it again.") % {"file": self._name}
        )


def _count(content: bytes, name: str) -> None:
    """Refuse a zip of very many files before its list is read: the list itself would fill the memory."""
    at = content.rfind(END, max(len(content) - 65_557, 0))
    if at < 0 or len(content) < at + 22:
        return  # no whole zip; who opens it says so
    (entries,) = struct.unpack_from("<H", content, at + 10)
    if entries > MOST_ENTRIES or content[max(at - 20, 0) : at].startswith(END_OF_LARGE):
        raise ImportRefusedError(
            _("%(file)s holds too many files. Zip only the files of one layer.") % {"file": name}
        )
