"""The parent of one embedded server: `python -m config.local.keeper NAME DATA_DIR`.

It starts the server, starts it again after a crash, and stops it as soon as nobody holds the "I use it"
lock. If the keeper itself is killed, the kernel asks the server to stop (Linux), and whoever needs it next
starts a new keeper.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import IO

from .addresses import free_port, is_free
from .errors import LocalError
from .places import Places, open_lock, try_lock, wait_lock, write_private
from .postgres import Postgres
from .processes import Known, die_with_parent, stop
from .valkey import Valkey, log_tail

SERVERS: dict[str, type[Postgres] | type[Valkey]] = {"postgres": Postgres, "valkey": Valkey}
TICK = 0.2
FIRST_START = 60.0
BACK_OFF = (0.1, 0.3, 1.0, 2.0, 5.0)
STEADY = 30.0
LOG_LIMIT = 5 * 1024 * 1024


class Keeper:
    """Keeps one server up while somebody uses it.

    Args:
        name: a key of `SERVERS`.
        places: the data folder.
    """

    def __init__(self, name: str, places: Places) -> None:
        self.name = name
        self.places = places
        self.log = places.log / f"{name}.log"
        self.state = places.run / f"{name}.json"
        self.ending = False
        self.child: subprocess.Popen[bytes] | None = None
        self.known: Known | None = None

    def run(self) -> None:
        """Start the server and stay until nobody needs it.

        Raises:
            LocalError: it can't be started.
        """
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with (
            open_lock(self.places.run / f"{self.name}.keeper") as mine,
            open_lock(self.places.run / f"{self.name}.users") as users,
        ):
            if not wait_lock(mine, 30):
                raise LocalError(f"Another process keeps {self.name} in {self.places.root} and does not end.")
            self.server = SERVERS[self.name](self.places)
            self._stop_leftover()
            self.server.prepare()
            self.port = self._choose_port()
            try:
                self._start()
                self._watch(users)
            finally:
                self._write_state(ready=False)
                self._stop()
                self.state.unlink(missing_ok=True)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True

    def _stop_leftover(self) -> None:
        self.server.sweep()
        with contextlib.suppress(OSError, ValueError, KeyError):
            old = json.loads(self.state.read_text())["server"]
            stop(Known(old["pid"], old["started"]), self.server.stop_signal)
        self.state.unlink(missing_ok=True)

    def _choose_port(self) -> int:
        """The port of last time when it is free, so that running clients find the server again."""
        path = self.places.run / f"{self.name}.port"
        with contextlib.suppress(OSError, ValueError):
            if is_free(port := int(path.read_text())):
                return port
        port = free_port()
        write_private(path, str(port))
        return port

    def _start(self) -> None:
        """Start and wait until it is ready.

        Raises:
            LocalError: it ended by itself, three times over, or never became ready.
        """
        since = self.log.stat().st_size if self.log.exists() else 0
        end = time.monotonic() + FIRST_START
        for attempt in range(6):
            self._spawn()
            assert self.child is not None and self.known is not None
            while self.child.poll() is None and time.monotonic() < end and not self.ending:
                if self.server.ready(self.known, self.port):
                    self._write_state(ready=True)
                    return
                time.sleep(0.02)
            if self.ending or time.monotonic() >= end:
                break
            time.sleep(BACK_OFF[min(attempt, len(BACK_OFF) - 1)])
        self._stop()
        raise LocalError(self.server.why_it_failed(log_tail(self.log, since)))

    def _spawn(self) -> None:
        with contextlib.suppress(OSError):
            if self.log.stat().st_size > LOG_LIMIT:
                self.log.replace(self.log.with_suffix(".log.1"))
        settings = self.server.standard_input(self.port)
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(  # type: ignore[call-overload]  # options depend on who we are
                self.server.command(self.port),
                stdin=subprocess.PIPE if settings else subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,
                preexec_fn=die_with_parent(self.server.stop_signal),
                **self.server.account.popen_options(),
            )
        assert self.child is not None
        if settings and self.child.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.child.stdin.write(settings)
                self.child.stdin.close()
        self.known = Known.of(self.child.pid)
        self._write_state(ready=False)

    def _watch(self, users: IO[str]) -> None:
        failures, since = 0, time.monotonic()
        while not self.ending:
            if try_lock(users):
                return  # nobody uses it; the lock is held until it is stopped
            assert self.child is not None and self.known is not None
            if self.child.poll() is not None:
                self._say(f"ended ({self.child.returncode}); it is started again")
                self._write_state(ready=False)
                failures = 0 if time.monotonic() - since > STEADY else failures + 1
                time.sleep(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
                self.server.settle(self.known)
                since = time.monotonic()
                try:
                    self._start()
                except LocalError as error:
                    self._say(str(error))
                else:
                    self._say("is ready again")
            time.sleep(TICK)

    def _say(self, text: str) -> None:
        with contextlib.suppress(OSError), self.log.open("a") as log:
            log.write(f"keeper: {self.name} {text}\n")

    def _stop(self) -> None:
        if self.child is None or self.known is None or self.child.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.child.send_signal(self.server.stop_signal)
        try:
            self.child.wait(15)
        except subprocess.TimeoutExpired:
            self.child.send_signal(signal.SIGQUIT)
            try:
                self.child.wait(5)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()

    def _write_state(self, *, ready: bool) -> None:
        me = Known.of(os.getpid())
        state = {
            "ready": ready,
            "port": self.port,
            "url": self.server.url(self.places, self.port),
            "keeper": {"pid": me.pid, "started": me.started},
            "server": {"pid": self.known.pid, "started": self.known.started} if self.known else None,
            "files": str(getattr(self.server, "home", "")),
        }
        # A full disk must not end the keeper: the state is renewed at the next change.
        with contextlib.suppress(LocalError):
            write_private(self.state, json.dumps(state))


def main() -> int:
    """Keep one server; exit code 1 with the reason in `run/NAME.error` when it can't be started."""
    name, places = sys.argv[1], Places(Path(sys.argv[2]))
    reason = places.run / f"{name}.error"
    try:
        reason.unlink(missing_ok=True)
        Keeper(name, places).run()
    except (LocalError, OSError) as error:
        with contextlib.suppress(LocalError):
            write_private(reason, str(error))
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
