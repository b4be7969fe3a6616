"""A database server and a broker of a test's own, to be stopped, frozen and started again."""

import contextlib
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import environ
from django.db import connection

from config.local.places import Places
from config.local.services import Hold
from tests.stack import Stack


def children_of(parent: int) -> list[int]:
    """The processes that one has started, by their numbers."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            if each.read_text().rsplit(")", 1)[1].split()[1] == str(parent):
                found.append(int(each.parent.name))
    return found


class Servers:
    """A database server and a broker of our own, to be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        places = Places(folder)
        places.create()
        self.holds = {name: Hold(name, places) for name in ("postgres", "valkey")}

    def url(self, name: str) -> str:
        return str(self.holds[name].url)

    def stop(self, name: str) -> None:
        """End the server; its keeper is held, so that it can't start it again at once."""
        state = self.holds[name].state()
        os.kill(state["keeper"]["pid"], signal.SIGSTOP)
        os.kill(state["server"]["pid"], signal.SIGINT if name == "postgres" else signal.SIGTERM)
        end = time.monotonic() + 20
        while self._listens(state["port"]):
            assert time.monotonic() < end, f"{name} does not stop"
            time.sleep(0.02)

    def start(self, name: str) -> None:
        """Let the keeper go on, which starts the server again."""
        os.kill(self.holds[name].state()["keeper"]["pid"], signal.SIGCONT)

    @contextlib.contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """Stop every process of the server where it stands; the kernel takes connections and bytes for it."""
        server = self.holds[name].state()["server"]["pid"]
        os.kill(server, signal.SIGSTOP)
        stopped = [server, *children_of(server)]
        for each in stopped[1:]:
            os.kill(each, signal.SIGSTOP)
        try:
            yield
        finally:
            for each in reversed(stopped):
                os.kill(each, signal.SIGCONT)

    @staticmethod
    def _listens(port: int) -> bool:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        return False

    def release(self) -> None:
        for name, one in self.holds.items():
            with contextlib.suppress(ProcessLookupError, KeyError):
                self.start(name)
            one.release()
            one.wait_stopped(20)


@contextlib.contextmanager
def own_servers() -> Iterator[Servers]:
    """Servers in a folder that goes with them."""
    folder = Path(tempfile.mkdtemp(prefix="partnerships-"))
    folder.chmod(0o755)  # the database runs as an unprivileged user when root tests
    try:
        servers = Servers(folder / "var")
        try:
            yield servers
        finally:
            servers.release()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class OwnStack(Stack):
    """The product on such servers. Mix it in before another kind of stack."""

    def use(self, servers: Servers) -> None:
        """Have database and broker of these, before the start."""
        self.server_url = servers.url("postgres")
        self.database_url = f"{self.server_url.rpartition('/')[0]}/{self.database_name}"
        self.environment |= {"DATABASE_URL": self.database_url, "REDIS_URL": servers.url("valkey")}

    @contextlib.contextmanager
    def database(self) -> Iterator[None]:
        """As of any stack, on the other server."""
        ours = environ.Env.db_url_config(self.database_url)
        names = ("HOST", "PORT", "USER", "PASSWORD")
        before = {name: connection.settings_dict[name] for name in names}
        connection.close()
        connection.settings_dict |= {name: ours[name] for name in names}
        try:
            with super().database():
                yield
        finally:
            connection.settings_dict |= before
