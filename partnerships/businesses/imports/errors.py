"""Why a file was not read."""

import os
from pathlib import Path


class ImportRefusedError(Exception):
    """The whole file is refused; nothing was changed. The message is one line that says what to do."""


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
            f"The report can't be written to {path}. Name a file in a folder that you may write to."
        )
