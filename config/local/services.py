"""How a process gets the embedded servers: it holds a shared lock, and a keeper runs the server meanwhile."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import IO, Any

from .errors import LocalError
from .places import BASE_DIR, Places, locked, open_lock, try_lock, wait_lock
from .processes import Known

VARIABLES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
PATIENCE = 150.0


class Hold:
    """The right to use one embedded server, until `release()` or the end of the process.

    Args:
        name: `postgres` or `valkey`.
        places: the data folder.

    Raises:
        LocalError: the server can't be started.
    """

    def __init__(self, name: str, places: Places) -> None:
        self.name = name
        self.places = places
        self._users: IO[str] = open_lock(places.run / f"{name}.users")
        if not wait_lock(self._users, 40, shared=True):
            self._users.close()
            raise LocalError(
                f"The {name} server of {places.root} is being stopped, and that does not end. Try again."
            )
        try:
            self.url: str = self.ensure()["url"]
        except BaseException:
            self._users.close()
            raise

    def ensure(self) -> dict[str, Any]:
        """Have a keeper and wait until its server is ready.

        Returns:
            The keeper's state: `url`, `port`, `server` and `files`.

        Raises:
            LocalError: the server can't be started; the reason says what to do.
        """
        sorry = f"Another command has been starting {self.name} for {PATIENCE:.0f} s. Stop it and try again."
        with locked(self.places.run / f"{self.name}.start", PATIENCE, sorry):
            keeper = None if self.keeper_alive() else self._spawn()
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                state = self.state()
                if state and state["ready"] and Known(**state["keeper"]).alive:
                    return state
                if keeper is not None and keeper.poll() is not None:
                    raise LocalError(self._reason())
                if keeper is None and not self.keeper_alive():
                    keeper = self._spawn()
                time.sleep(0.03)
        raise LocalError(
            f"The {self.name} server did not become ready. Its log is {self.places.log / self.name}.log."
        )

    def keeper_alive(self) -> bool:
        """Whether a keeper runs: it holds its own lock as long as it lives."""
        with open_lock(self.places.run / f"{self.name}.keeper") as file:
            return not try_lock(file)

    def state(self) -> dict[str, Any]:
        """What the keeper wrote last; empty when there is nothing."""
        return read_state(self.name, self.places)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        for leftover in ("json", "error"):
            (self.places.run / f"{self.name}.{leftover}").unlink(missing_ok=True)
        with (self.places.log / f"{self.name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "config.local.keeper", self.name, str(self.places.root)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=BASE_DIR,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                start_new_session=True,
            )

    def _reason(self) -> str:
        try:
            return (self.places.run / f"{self.name}.error").read_text()
        except OSError:
            return f"The {self.name} server did not start. Its log is {self.places.log / self.name}.log."

    def release(self) -> None:
        """Say that this process needs the server no longer."""
        self._users.close()

    def wait_stopped(self, seconds: float) -> bool:
        """After `release()`: wait until the server has stopped; `False` when others still use it."""
        end, keeper = time.monotonic() + seconds, self.state().get("keeper")
        # The lock goes a moment before the process that held it.
        while self.keeper_alive() or (keeper is not None and Known(**keeper).alive):
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True


def read_state(name: str, places: Places) -> dict[str, Any]:
    """The state of a keeper, empty when there is none or it is unreadable."""
    with contextlib.suppress(OSError, ValueError):
        found: dict[str, Any] = json.loads((places.run / f"{name}.json").read_text())
        return found
    return {}


@contextlib.contextmanager
def hold(places: Places) -> Iterator[list[Hold]]:
    """Use whatever servers the environment does not name, and name them in the environment meanwhile.

    Args:
        places: the data folder.

    Yields:
        The servers held.

    Raises:
        LocalError: one of them can't be started.
    """
    wanted = [name for name, variable in VARIABLES.items() if not os.environ.get(variable)]
    held: list[Hold] = []
    try:
        if wanted:
            places.create()
        for name in wanted:
            one = Hold(name, places)
            held.append(one)
            os.environ[VARIABLES[name]] = one.url
        yield held
    finally:
        for one in held:
            os.environ.pop(VARIABLES[one.name], None)
            one.release()


def fill_environment() -> None:
    """Name the servers that run already, for settings read by a program that holds none (a shell of Celery,
    say).
    """
    from .places import data_places

    places = data_places()
    for name, variable in VARIABLES.items():
        if not os.environ.get(variable) and (url := read_state(name, places).get("url")):
            os.environ[variable] = url
    if not os.environ.get("EMAIL_URL"):
        with contextlib.suppress(OSError, ValueError):
            os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{int((places.run / 'sink.port').read_text())}"
