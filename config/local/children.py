"""Processes under supervision: started, read, started again when they end, stopped together."""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from .places import BASE_DIR
from .processes import Known, die_with_parent, stop

BACK_OFF = (0.2, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY = 60.0
PATIENCE = 25.0
ROOT_WARNING = "ignore:You're running the worker with superuser privileges"


@dataclass
class Child:
    """A process under supervision.

    Args:
        name: what its log lines begin with.
        command: what to run.
        keep: file descriptors it inherits.
        errors: where its standard error goes; with its output when not given.
    """

    name: str
    command: list[str]
    keep: tuple[int, ...] = ()
    errors: "IO[bytes] | None" = None
    process: "subprocess.Popen[bytes] | None" = None
    known: Known | None = None
    since: float = 0.0
    failures: int = 0
    restart_at: float = 0.0
    rest: bytes = field(default=b"", repr=False)

    @property
    def runs(self) -> bool:
        """It was started and has not ended."""
        return self.process is not None and self.process.poll() is None


class Children:
    """All of them, and their output.

    Args:
        pass_on: takes the name and a line of one of them.
        say: takes a line of our own on what happened to one.
    """

    def __init__(self, pass_on: Callable[[str, str], None], say: Callable[[str, str], None]) -> None:
        self._all: list[Child] = []
        self._pass_on, self._say = pass_on, say
        self._selector = selectors.DefaultSelector()

    def __iter__(self) -> Iterator[Child]:
        return iter(self._all)

    def __getitem__(self, name: str) -> Child:
        return next(each for each in self._all if each.name == name)

    @property
    def known(self) -> dict[str, Known]:
        """Those that were started, by name."""
        return {each.name: each.known for each in self._all if each.known}

    def add(self, child: Child) -> None:
        """Take one into care; the next look starts it."""
        self._all.append(child)

    def start(self, child: Child) -> None:
        """Start one, whether it is in our care or not."""
        warnings = os.environ.get("PYTHONWARNINGS", "")
        child.process = subprocess.Popen(
            child.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=child.errors or subprocess.STDOUT,
            cwd=BASE_DIR,
            env={
                **os.environ,
                "PYTHONUNBUFFERED": "1",
                "PYTHONWARNINGS": f"{warnings},{ROOT_WARNING}".lstrip(","),
            },
            pass_fds=child.keep,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        child.known = Known.of(child.process.pid)
        child.since = time.monotonic()
        child.rest = b""
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def look(self, seconds: float) -> bool:
        """Read what they say for so long, and start whoever is due.

        Returns:
            Whether one was started.
        """
        self.read(seconds)
        started, now = False, time.monotonic()
        for child in self._all:
            if child.process is not None and not child.runs:
                self._mourn(child, now)
            elif child.process is None and now >= child.restart_at:
                self.start(child)
                started = True
        return started

    def read(self, seconds: float) -> None:
        """Pass on what they say, waiting for it at most so long."""
        for key, _ in self._selector.select(seconds):
            self._read(key.data)

    def _read(self, child: Child) -> None:
        if child.process is None or child.process.stdout is None:
            return
        try:
            data = os.read(child.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            with contextlib.suppress(KeyError):
                self._selector.unregister(child.process.stdout)
        *lines, child.rest = (child.rest + data).split(b"\n")
        for line in lines:
            self._pass_on(child.name, line.decode(errors="replace").rstrip())

    def _mourn(self, child: Child, now: float) -> None:
        """One ended by itself: clear up after it and set the time of its restart."""
        assert child.process is not None and child.known is not None
        self._read(child)
        code = child.process.returncode
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.known.pid, signal.SIGKILL)  # what it left behind
        self.close(child)
        child.failures = 0 if now - child.since > STEADY else child.failures + 1
        pause = BACK_OFF[min(child.failures, len(BACK_OFF) - 1)]
        child.restart_at = now + pause
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        self._say("run", f"{child.name} ended ({how}); it starts again in {pause:g} s.")

    def close(self, child: Child) -> None:
        """Let go of one that has ended."""
        if child.process is not None and child.process.stdout is not None:
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(child.process.stdout)
            child.process.stdout.close()
        child.process = None

    def renew(self, keep: str) -> None:
        """Stop all but one; each starts again with the environment as it is now."""
        for child in self._all:
            if child.known and child.name != keep:
                stop(child.known, group=True)

    def stop(self, hurried: Callable[[], bool]) -> None:
        """Stop all at once, the whole group of each.

        Args:
            hurried: says that there is no more patience, as after a second Ctrl-C.
        """
        running = [each for each in self._all if each.process is not None]
        for child in running:
            with contextlib.suppress(ProcessLookupError):
                assert child.process is not None
                child.process.send_signal(signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        while any(each.runs for each in running) and time.monotonic() < end and not hurried():
            self.read(0.05)
        for child in running:
            assert child.known is not None
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.known.pid, signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
            self.close(child)
