"""Processes that are known by number and start time, so that a reused number is never taken for ours."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Known:
    """A process, recognizable later.

    Args:
        pid: its number.
        started: when it started, as the system tells it; empty when it could not be read.
    """

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "Known":
        """Remember a process that runs now."""
        return cls(pid, start_time(pid))

    @property
    def alive(self) -> bool:
        """Whether this very process still runs (a zombie does not)."""
        return bool(self.started) and start_time(self.pid) == self.started


def start_time(pid: int) -> str:
    """When a process started, in a form only good for comparison; empty when there is none.

    Args:
        pid: its number.
    """
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            return ""
        return "" if fields[0] in "ZX" else fields[19]
    result = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    line = result.stdout.strip()
    return "" if not line or line.startswith("Z") else line.split(maxsplit=1)[1]


def command_of(pid: int) -> str:
    """The command line of a process, or an empty string."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return (
                Path(f"/proc/{pid}/cmdline")
                .read_bytes()
                .replace(b"\0", b" ")
                .decode(errors="replace")
                .strip()
            )
        return ""
    return subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()


def stop(known: Known, first: int = signal.SIGTERM, *, group: bool = False, patience: float = 10.0) -> None:
    """Ask a process to end, then insist.

    Args:
        known: which one; nothing happens when it is gone.
        first: the polite signal.
        group: send to its whole process group.
        patience: seconds before SIGKILL.
    """
    deliver: Callable[[int, int], None] = os.killpg if group else os.kill
    if known.alive:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(known.pid, first)
    if not wait_gone(known, patience):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            deliver(known.pid, signal.SIGKILL)
        wait_gone(known, 5)
    if group:
        # What the leader left behind, such as web workers of a killed master.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(known.pid, signal.SIGKILL)
        end = time.monotonic() + 5
        while group_members(known.pid) and time.monotonic() < end:
            time.sleep(0.02)


def wait_gone(known: Known, seconds: float) -> bool:
    """Wait until a process has ended; `False` when it still runs after `seconds`."""
    end = time.monotonic() + seconds
    while known.alive:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def die_with_parent(sign: int) -> Callable[[], None]:
    """A `preexec_fn` that has the kernel send `sign` to the child when its parent ends, even by SIGKILL.

    Only Linux can do it; elsewhere the next start stops what was left. `subprocess` changes the user before
    it calls this, which matters: changing the user afterwards would clear the wish.

    Args:
        sign: the signal to deliver.
    """
    parent = os.getpid()

    def wish() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, sign, 0, 0, 0)
            if os.getppid() != parent:  # it ended before the wish was made
                os.kill(os.getpid(), sign)

    return wish


def group_members(group: int) -> list[tuple[int, str]]:
    """The processes of a process group.

    Args:
        group: its number.

    Returns:
        Number and command line of each; empty where the system does not tell.
    """
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            fields = each.read_text().rsplit(")", 1)[1].split()
            if int(fields[2]) == group and fields[0] not in "ZX":
                pid = int(each.parent.name)
                found.append((pid, command_of(pid)))
    return found
