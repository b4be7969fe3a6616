"""How to read a city's license file: a preset is data, one TOML file per city, or a mapping of your own."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from . import fields
from .errors import ImportRefusedError

PRESETS = Path(__file__).resolve().parent.parent / "data" / "presets"


@dataclass(frozen=True)
class Preset:
    """How to read one kind of file.

    Args:
        key: the preset's name; stored as the source of what it reads, so that a second file finds it again.
        label: what people call it.
        columns: name of a field of `fields.FIELDS` → column head of theirs.
        encoding: of the file, when it is text; found out where it is not told.
        date_format: as of `strptime`.
        recase: write names that are all in capitals in mixed case.
        withheld: cell texts that mean "not told".
        activities: part of an activity → NAICS code, in the order to try.
        licenses: kind of license → NAICS code, where the activity says nothing.
    """

    key: str
    label: str
    columns: dict[str, str]
    encoding: str = ""
    date_format: str = "%Y-%m-%d"
    recase: bool = False
    withheld: frozenset[str] = frozenset()
    activities: dict[str, str] = field(default_factory=dict)
    licenses: dict[str, str] = field(default_factory=dict)


def known_presets() -> list[str]:
    """The names of the presets that ship with the product."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def load_preset(key: str) -> Preset:
    """Read a preset by name.

    Raises:
        ImportRefusedError: there is none of that name.
    """
    if key not in known_presets():
        known = ", ".join(known_presets())
        raise ImportRefusedError(
            _("There is no preset “%(name)s”. Choose one of: %(known)s; or give --mapping FILE.")
            % {"name": key, "known": known}
        )
    return _read(PRESETS / f"{key}.toml", key)


def load_mapping(path: Path) -> Preset:
    """Read a mapping file of your own; its name without the ending becomes the source.

    Raises:
        ImportRefusedError: it can't be read, or says something unknown.
    """
    return _read(path, path.stem[:60])


def _read(path: Path, key: str) -> Preset:
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImportRefusedError(
            _("%(file)s can't be read: %(error)s.") % {"file": path, "error": error.strerror}
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportRefusedError(
            _("%(file)s is not a mapping in TOML: %(error)s.") % {"file": path, "error": error}
        ) from None
    columns = found.get("columns")
    if not isinstance(columns, dict):
        raise ImportRefusedError(_("%(file)s has no table [columns].") % {"file": path})
    if unknown := sorted(set(columns) - {each.name for each in fields.FIELDS}):
        raise ImportRefusedError(
            _("%(file)s names what is not known here: %(names)s.")
            % {"file": path, "names": ", ".join(unknown)}
        )
    if missing := [name for name in fields.NEEDED if name not in columns]:
        raise ImportRefusedError(
            _("%(file)s does not say which column holds: %(names)s.")
            % {"file": path, "names": ", ".join(missing)}
        )
    if "name" not in columns and "legal_name" not in columns:
        raise ImportRefusedError(_("%(file)s does not say which column holds the name.") % {"file": path})
    encoding = str(found.get("encoding", ""))
    if "encoding" in found and not _readable(encoding):
        raise ImportRefusedError(
            _("%(file)s names the encoding “%(encoding)s”, which can't be read here. Save the file as UTF-8.")
            % {"file": path, "encoding": encoding}
        )
    return Preset(
        key=key,
        label=str(found.get("label", key)),
        columns={name: str(head) for name, head in columns.items()},
        encoding=encoding,
        date_format=str(found.get("date_format", "%Y-%m-%d")),
        recase=bool(found.get("recase", False)),
        withheld=frozenset(str(each) for each in found.get("withheld", [])),
        activities={str(part): str(code) for part, code in found.get("activities", {}).items()},
        licenses={str(kind): str(code) for kind, code in found.get("licenses", {}).items()},
    )


def _readable(encoding: str) -> bool:
    """Whether there is a text encoding of this name."""
    try:
        "".encode(encoding)
    except (LookupError, UnicodeError):
        return False
    return bool(encoding.strip())
