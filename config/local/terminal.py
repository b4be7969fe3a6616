"""What the terminal of `make run` shows, and what `log/run.log` keeps.

The log keeps every line of every process. The terminal shows what a person has to know, so that the address
and the accounts stay in sight: our own words, warnings and errors. `VERBOSE=1` shows everything.
"""

import contextlib
import os
import re
from pathlib import Path
from typing import IO

LOG_LIMIT = 5 * 1024 * 1024
# As logging of Django, Celery and gunicorn begins a line; what follows without it belongs to the line before.
LEVEL = re.compile(r"(?:\[?\d{4}-\d\d-\d\d[^A-Za-z]*)?(DEBUG|INFO|WARNING|ERROR|CRITICAL)\b")
QUIET = frozenset({"DEBUG", "INFO"})
LOUD = ("keeper:", "FATAL", "PANIC", "No space left")  # in a server's log, beyond the everyday


class Terminal:
    """Lines of all processes, each with its origin.

    Args:
        folder: where `run.log` is kept, beside the logs of the servers.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.verbose = os.environ.get("VERBOSE", "").lower() not in {"", "0", "false", "no", "off"}
        self._file: IO[str] | None = None
        self._quiet: dict[str, bool] = {}  # whether the last line of a process was one for the log only
        self._seen: dict[Path, int] = {}

    def open(self) -> None:
        """Begin to keep the lines."""
        path = self.folder / "run.log"
        with contextlib.suppress(OSError):
            if path.exists() and path.stat().st_size > LOG_LIMIT:
                path.replace(path.with_suffix(".log.1"))
            self._file = path.open("a", buffering=1)

    def say(self, name: str, text: str) -> None:
        """Say a line of our own, and keep it."""
        self._write(name, text, shown=True)

    def pass_on(self, name: str, text: str) -> None:
        """Keep a line of a process, and show it if it is one to be seen."""
        if found := LEVEL.match(text):
            self._quiet[name] = found[1] in QUIET
        self._write(name, text, shown=self.verbose or not self._quiet.get(name, False))

    def follow(self, server: str) -> None:
        """Watch the log of a server from here on."""
        path = self.folder / f"{server}.log"
        self._seen[path] = path.stat().st_size

    def look_at_servers(self) -> None:
        """Show what the servers' logs say beyond the everyday."""
        for path, seen in self._seen.items():
            with contextlib.suppress(OSError):
                size = path.stat().st_size
                start = seen if size >= seen else 0
                if size == start:
                    continue
                with path.open("rb") as file:
                    file.seek(start)
                    data = file.read(size - start)
                self._seen[path] = size
                for line in data.decode(errors="replace").splitlines():
                    if any(word in line for word in LOUD):
                        self.say(path.stem, line)

    def _write(self, name: str, text: str, *, shown: bool) -> None:
        """A closed terminal or a full disk is no reason to end."""
        line = f"{name:<8} | {text}" if name else text
        if shown:
            with contextlib.suppress(OSError, ValueError):
                print(line, flush=True)
        if self._file is not None:
            with contextlib.suppress(OSError, ValueError):
                self._file.write(line + "\n")
