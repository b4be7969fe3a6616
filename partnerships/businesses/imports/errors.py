"""Why a file was not read."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import words

NOT_TEXT = gettext_noop("The line is not %(encoding)s text: byte %(byte)s at %(place)s.")


@dataclass(frozen=True)
class Reason:
    """A sentence to be translated, and what it is filled with."""

    text: str
    values: Mapping[str, str | int] = field(default_factory=dict)


class ImportRefusedError(Exception):
    """The whole file is refused; nothing was changed. The message is one line that says what to do."""


def unreadable(name: str, error: OSError) -> ImportRefusedError:
    """The refusal of a file that the system does not give.

    Args:
        name: what people call the file.
        error: what the system says.
    """
    said = error.strerror or str(error)
    return ImportRefusedError(_("%(file)s can't be read: %(error)s.") % {"file": name, "error": said})


def sentence(error: Mapping[str, Any]) -> str:
    """Why a row was left out, in the language of whoever reads it now.

    Args:
        error: of a report: `reason`, a sentence to be translated, and `values`, what fills it. One of
            an older report has no values, and its sentence is told as it was written.
    """
    filled = {
        name: words.number(value) if isinstance(value, int) else value
        for name, value in (error.get("values") or {}).items()
    }
    return _(error["reason"]) % filled if filled else _(error["reason"])


def hint_of(result: Mapping[str, Any]) -> str:
    """How to save a file so that all of it can be read; "" when every line is text in the right encoding.

    Args:
        result: a report.
    """
    found = next((each for each in result.get("errors", ()) if each["reason"] == NOT_TEXT), None)
    if found is None:
        return ""
    return _(
        "Some lines are not %(encoding)s text, as when letters with accents were saved another way. "
        "In Excel, choose “File”, then “Save As”, then “CSV UTF-8 (Comma delimited)”, "
        "and upload the file again."
    ) % {"encoding": found["values"]["encoding"].upper()}


def check_report(path: Path | None) -> None:
    """Find out before an import whether its report can be written.

    Args:
        path: where the report will go; `None` when none is asked for.

    Raises:
        ImportRefusedError: it can't be written there.
    """
    if path is None:
        return
    folder = path.parent
    if path.is_dir() or not folder.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise ImportRefusedError(
            _("The report can't be written to %(path)s. Name a file in a folder that you may write to.")
            % {"path": path}
        )
