"""The note on who runs: a second start is refused by it, and one after a killed run clears up by it."""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from .errors import LocalError
from .places import Places, write_private
from .processes import Known, group_members


class Record:
    """`run/supervisor.json`.

    Args:
        places: the data folder.
    """

    def __init__(self, places: Places) -> None:
        self.root = places.root
        self.path: Path = places.run / "supervisor.json"

    def write(self, address: str, children: Mapping[str, Known]) -> None:
        """Note who runs now. On a full disk the product goes on; only this note is late."""
        me = Known.of(os.getpid())
        named = {name: {"pid": each.pid, "started": each.started} for name, each in children.items()}
        note = {"pid": me.pid, "started": me.started, "address": address, "children": named}
        with contextlib.suppress(LocalError):
            write_private(self.path, json.dumps(note))

    def leftovers(self) -> dict[str, tuple[Known, bool]]:
        """What a killed supervisor left behind, by name, with whether its group is ours to stop."""
        try:
            children = json.loads(self.path.read_text())["children"]
            old = {name: Known(**each) for name, each in children.items()}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return {name: (known, _is_ours(known)) for name, known in old.items()}

    def remove(self) -> None:
        """Nobody runs any more."""
        self.path.unlink(missing_ok=True)

    def already(self) -> str:
        """Why a second start is refused."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            found = json.loads(self.path.read_text())
            return (
                f"The product already runs with the data in {self.root}: {found['address']} "
                f"(stop it with Ctrl-C in its terminal, or `kill {found['pid']}`). "
                f"For a second one set DATA_DIR and PORT."
            )
        return f"The product is already being started with the data in {self.root}."


def _is_ours(known: Known) -> bool:
    """Whether the group of a process still holds programs of ours: its number may be another's by now."""
    commands = [command for _pid, command in group_members(known.pid)]
    return any(name in command for command in commands for name in ("gunicorn", "celery", "config.local"))
