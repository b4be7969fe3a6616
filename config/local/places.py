"""The folders under `DATA_DIR`, their locks and their secrets."""

import contextlib
import fcntl
import os
import secrets as random_source
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .errors import LocalError, explain

BASE_DIR = Path(__file__).resolve().parent.parent.parent
NEEDED_BYTES = 300 * 1024 * 1024


@dataclass(frozen=True)
class Places:
    """Where the product keeps what it writes.

    Args:
        root: the data folder, absolute.
    """

    root: Path

    @property
    def run(self) -> Path:
        """Locks, process records and states; worthless once everything has stopped."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        """Logs of the embedded servers."""
        return self.root / "log"

    @property
    def mail(self) -> Path:
        """What the mail sink received."""
        return self.root / "mail"

    def create(self) -> None:
        """Make the folders.

        Raises:
            LocalError: the folder can't be made or written, or its disk is full.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            for each in (self.run, self.log, self.mail, self.root / "secrets"):
                each.mkdir(mode=0o700, exist_ok=True)
            probe = self.run / f"probe-{os.getpid()}"
            probe.write_bytes(b"x" * 65536)
            probe.unlink()
        except OSError as error:
            raise explain(error, self.root) from error

    def check_space(self, needed: int = NEEDED_BYTES) -> None:
        """Refuse to start on a nearly full disk.

        Args:
            needed: bytes that must be free.

        Raises:
            LocalError: fewer are free.
        """
        free = shutil.disk_usage(self.root).free
        if free < needed:
            raise LocalError(
                f"Only {free // 2**20} MB are free on the disk that holds {self.root}; "
                f"{needed // 2**20} MB are needed. "
                f"Free some space there, or set DATA_DIR to another disk."
            )

    def secret(self, name: str) -> str:
        """A generated password, made on first use and kept in a file that only its owner may read.

        Args:
            name: file name under `secrets/`.

        Returns:
            43 URL-safe characters.
        """
        path = self.root / "secrets" / name
        with contextlib.suppress(FileNotFoundError):
            if found := path.read_text().strip():
                return found
        write_private(path, random_source.token_urlsafe(32))
        return path.read_text().strip()


def data_places() -> Places:
    """The places of this environment: `DATA_DIR`, or `var/` beside the code."""
    return Places(Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").expanduser().resolve())


def write_private(path: Path, text: str) -> None:
    """Replace a file at once (no reader ever sees half of it), readable by its owner only.

    Args:
        path: the file.
        text: its new content.

    Raises:
        LocalError: the disk is full or the folder can't be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise explain(error, path) from error


def open_lock(path: Path) -> IO[str]:
    """Open a lock file. The kernel frees its lock when the holder ends, however it ends.

    Args:
        path: the file, created when missing.
    """
    try:
        return path.open("a")
    except OSError as error:
        raise explain(error, path) from error


def try_lock(file: IO[str], *, shared: bool = False) -> bool:
    """Take a lock without waiting; `False` when another process holds it."""
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_lock(file: IO[str], seconds: float, *, shared: bool = False) -> bool:
    """Take a lock, waiting at most `seconds`; `False` when it was not to be had."""
    end = time.monotonic() + seconds
    while not try_lock(file, shared=shared):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@contextlib.contextmanager
def locked(path: Path, seconds: float, sorry: str) -> Iterator[None]:
    """Hold an exclusive lock for the length of a block.

    Args:
        path: the lock file.
        seconds: how long to wait for it.
        sorry: what to say when it was not to be had.

    Raises:
        LocalError: another process kept the lock all that time.
    """
    with open_lock(path) as file:
        if not wait_lock(file, seconds):
            raise LocalError(sorry)
        yield
