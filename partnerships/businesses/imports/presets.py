"""How to read a city's license file: a preset is data, one TOML file per city, or a mapping of your own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from . import fields
from .days import SERIAL
from .errors import ImportRefusedError
from .heads import plain

PRESETS = Path(__file__).resolve().parent.parent / "data" / "presets"


AN_EXAMPLE = date(2026, 5, 31)  # how a file writes dates, shown by one
OPEN, CLOSED, NOT_YET = "open", "closed", "not_yet"  # what the state of a license says of its business
STATES = (OPEN, CLOSED, NOT_YET)
HOME, AWAY = "home_based", "out_of_town"
MARKS = (HOME, AWAY)


@dataclass(frozen=True)
class Preset:
    """How to read one kind of file.

    Args:
        key: the preset's name; stored as the source of what it reads, so that a second file finds it again.
        label: what people call it.
        columns: name of a field of `fields.FIELDS` → column head of theirs; several heads, with " + " between
            them, are read as one text.
        encoding: of the file, when it is text; found out where it is not told.
        date_format: as of `strptime`.
        recase: write names that are all in capitals in mixed case.
        number_stays: whether a license keeps its number for as long as the place has it.
        withheld: cell texts that mean "not told".
        statuses: state of a license → one of `STATES`; others are open.
        towns: what the city is called in addresses; a place elsewhere is out of town. None: nobody asks.
        leaves_out: of `MARKS`, rows of such places are left out.
        categories: the city's own kind of business → NAICS code.
        activities: part of an activity → NAICS code, in the order to try.
        licenses: kind of license → NAICS code, where the activity says nothing.
    """

    key: str
    label: str
    columns: dict[str, str]
    encoding: str = ""
    date_format: str = "%Y-%m-%d"
    recase: bool = False
    number_stays: bool = False
    withheld: frozenset[str] = frozenset()
    statuses: dict[str, str] = field(default_factory=dict)
    towns: frozenset[str] = frozenset()
    leaves_out: frozenset[str] = frozenset()
    categories: dict[str, str] = field(default_factory=dict)
    activities: dict[str, str] = field(default_factory=dict)
    licenses: dict[str, str] = field(default_factory=dict)

    @property
    def is_of_positions(self) -> bool:
        """A file of addresses and positions, without names: it places what is here already."""
        return _is_of_positions(self.columns)


def example(date_format: str) -> str:
    """May 31, 2026, as a file writes it."""
    return "46173" if date_format == SERIAL else AN_EXAMPLE.strftime(date_format)


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
    return preset_of(found, key, str(path))


def preset_of(found: Mapping[str, Any], key: str, name: str) -> Preset:
    """Make a preset of what a mapping says.

    Args:
        found: as a mapping in TOML says it.
        key: the source of what it reads.
        name: what people call the mapping, for a sentence.

    Raises:
        ImportRefusedError: it lacks something, or says something unknown.
    """
    columns = found.get("columns")
    if not isinstance(columns, dict):
        raise ImportRefusedError(_("%(file)s has no table [columns].") % {"file": name})
    if unknown := sorted(set(columns) - {each.name for each in fields.FIELDS}):
        raise ImportRefusedError(
            _("%(file)s names what is not known here: %(names)s.")
            % {"file": name, "names": ", ".join(unknown)}
        )
    if not set(columns) & set(fields.NAMED) and not _is_of_positions(columns):
        raise ImportRefusedError(_("%(file)s does not say which column holds the name.") % {"file": name})
    if not set(columns) & set(fields.TELLING):
        raise ImportRefusedError(
            _(
                "%(file)s does not say how a place is told from others. "
                "Say which column holds its number, or its street address."
            )
            % {"file": name}
        )
    encoding = str(found.get("encoding", ""))
    if "encoding" in found and not _readable(encoding):
        raise ImportRefusedError(
            _("%(file)s names the encoding “%(encoding)s”, which can't be read here. Save the file as UTF-8.")
            % {"file": name, "encoding": encoding}
        )
    statuses = _texts(found, "statuses")
    if wrong := sorted(set(statuses.values()) - set(STATES)):
        raise ImportRefusedError(
            _("%(file)s says “%(wrong)s” of a license. Say one of: %(known)s.")
            % {"file": name, "wrong": wrong[0], "known": ", ".join(STATES)}
        )
    leaves_out = frozenset(str(each) for each in found.get("leaves_out", []))
    if unknown := sorted(leaves_out - set(MARKS)):
        raise ImportRefusedError(
            _("%(file)s leaves out “%(wrong)s”, which is not known here. Say one of: %(known)s.")
            % {"file": name, "wrong": unknown[0], "known": ", ".join(MARKS)}
        )
    return Preset(
        key=key,
        label=str(found.get("label", key)),
        columns={field: str(head) for field, head in columns.items()},
        encoding=encoding,
        date_format=str(found.get("date_format", "%Y-%m-%d")),
        recase=bool(found.get("recase", False)),
        number_stays=bool(found.get("number_stays", False)),
        withheld=frozenset(str(each) for each in found.get("withheld", [])),
        statuses=statuses,
        towns=frozenset(plain(str(each)) for each in found.get("towns", [])),
        leaves_out=leaves_out,
        categories=_texts(found, "categories"),
        activities=_texts(found, "activities"),
        licenses=_texts(found, "licenses"),
    )


def _is_of_positions(columns: Mapping[str, str]) -> bool:
    """Whether a file tells where addresses are, and no names of businesses."""
    has = columns.keys()
    named = not has.isdisjoint(fields.NAMED)
    return not named and bool({"street", "address"} & has) and bool({"position", "latitude"} & has)


def _texts(found: Mapping[str, Any], table: str) -> dict[str, str]:
    return {str(key): str(value) for key, value in found.get(table, {}).items()}


def _readable(encoding: str) -> bool:
    """Whether there is a text encoding of this name."""
    try:
        "".encode(encoding)
    except (LookupError, UnicodeError):
        return False
    return bool(encoding.strip())
