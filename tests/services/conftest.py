"""The product as `make run` starts it, in a data folder of its own."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.local.addresses import free_port
from config.local.places import BASE_DIR, Places
from config.local.processes import Known
from config.local.services import read_state

NEEDED = {"mail", "web", "worker", "beat"}


def clean_environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a developer's shell, without what the tests have set."""
    environment = {**os.environ, "DATA_DIR": str(data), "DEMO": "0", **more}
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER"):
        if name not in more:
            environment.pop(name, None)
    return environment


def wait_until(look: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """Ask again and again until there is an answer."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"Waited {seconds} s for {what}."
        time.sleep(0.05)
    return found


class Product:
    """One `make run`."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.places = Places(data)
        self.port = free_port()
        self.output = data.parent / f"{data.name}.out"
        self.environment = clean_environment(data, PORT=str(self.port), EMBEDDED_FOR_TESTS="1")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.local"],
                cwd=BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        wait_until(self._said_ready, "the word Ready", 120)
        wait_until(self.whole, "all processes")

    def _said_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.output.read_text()
        return f"Ready: http://localhost:{self.port}/" in self.output.read_text()

    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.data / "run" / "supervisor.json").read_text())
        return found

    def server(self, name: str, part: str = "server") -> Known:
        return Known(**read_state(name, self.places)[part])

    def port_of(self, name: str) -> int:
        return int(read_state(name, self.places)["port"])

    def child(self, name: str) -> Known:
        return Known(**self.record()["children"][name])

    def below(self, name: str) -> list[int]:
        """The children of a child, such as the workers of the web server."""
        parent = str(self.child(name).pid)
        found = []
        for each in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError, IndexError):
                if each.read_text().rsplit(")", 1)[1].split()[1] == parent:
                    found.append(int(each.parent.name))
        return found

    def answers(self) -> int:
        """The status of a page that reads the database."""
        try:
            line = http.client.HTTPConnection("localhost", self.port, timeout=10)
            line.request("GET", "/health/ready")
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0

    def whole(self) -> bool:
        """Whether everything runs and answers."""
        try:
            children = self.record()["children"]
            up = set(children) == NEEDED and all(Known(**each).alive for each in children.values())
            servers = all(
                read_state(name, self.places)["ready"]
                and self.server(name).alive
                and self.server(name, "keeper").alive
                for name in ("postgres", "valkey")
            )
        except (OSError, ValueError, KeyError):
            return False
        return up and servers and self.answers() == 200

    def everything(self) -> list[Known]:
        """Every process of it that has a name."""
        found = [Known(**each) for each in self.record()["children"].values()]
        return found + [
            self.server(name, part) for name in ("postgres", "valkey") for part in ("server", "keeper")
        ]

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter: the database runs as an unprivileged one when root tests."""
    folder = Path(tempfile.mkdtemp(prefix="partnerships-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_dir(open_folder: Path) -> Path:
    """A data folder that does not exist yet."""
    return Path(tempfile.mkdtemp(dir=open_folder)) / "var" if os.geteuid() else _open(open_folder) / "var"


def _open(folder: Path) -> Path:
    made = Path(tempfile.mkdtemp(dir=folder))
    made.chmod(0o755)
    return made


@pytest.fixture(scope="session")
def product(open_folder: Path) -> Iterator[Product]:
    """A running product, shared by the tests that kill its parts."""
    one = Product(_open(open_folder) / "var")
    one.start()
    yield one
    one.stop()
