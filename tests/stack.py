"""The whole product as processes, for browser and process tests: web, worker, beat, mail sink, database,
broker.

Use it through the session fixture `stack`. Its data stays for the whole session: a test makes what it needs
under names of its own, and never counts all rows of a table.
"""

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from config.local.addresses import free_port
from config.local.places import BASE_DIR
from config.local.processes import die_with_parent
from tests import databases

Found = TypeVar("Found")
POLL = 0.05


class Stack:
    """One running product with a database, a queue and a mail folder of its own.

    Args:
        name: a word that tells it from other stacks on the same servers, as `gw0`.
        folder: where logs, mails and the clock's offset go.
        demo: whether the demonstration's one-click sign-in is on.
    """

    STARTS: tuple[str, ...] = ("mail", "web", "worker", "beat")
    DEMONSTRATION = False  # whether its database begins with the demonstration

    def __init__(self, name: str, folder: Path, *, demo: bool = True) -> None:
        self.name = name
        self.folder = folder
        self.mail_folder = folder / "mail"
        self.clock = folder / "clock"
        self.port = free_port()
        self.sink_port = free_port()
        self.base_url = f"http://localhost:{self.port}"
        self.database_name = f"stack_{name}"
        server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        self.server_url = os.environ["DATABASE_URL"]
        self.database_url = f"{server}/{self.database_name}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.stack",
            "DATABASE_URL": self.database_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink_port}",
            "DATA_DIR": str(folder),
            "STACK_PREFIX": f"stack-{name}-{os.getpid()}:",
            "CLOCK_OFFSET_FILE": str(self.clock),
            "SITE_URL": self.base_url,
            "PORT": str(self.port),
            "WEB_LISTEN": f"127.0.0.1:{self.port}",
            "WEB_WORKERS": "2",
            "WEB_THREADS": "4",
            "DEMO": "1" if demo else "0",
            "PYTHONUNBUFFERED": "1",
        }
        # Else the worker believes to be a test process of its own.
        self.environment.pop("PYTEST_XDIST_WORKER", None)

    # -- its life
    # ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make the database and start every process; returns once the web answers."""
        for each in (self.mail_folder, self.folder / "run", self.folder / "log"):
            each.mkdir(parents=True, exist_ok=True)
        for old in self.mail_folder.glob("*.eml"):
            old.unlink()
        self.clock.write_text("0")
        databases.copy(self.server_url, self.database_name, demonstration=self.DEMONSTRATION)
        kept = databases.files() / "files"
        if self.DEMONSTRATION and kept.exists():
            shutil.copytree(kept, self.folder / "files", dirs_exist_ok=True)
        for name in self.STARTS:
            self.start_process(name)
        self.wait_until(self._answers, "the web server to answer", seconds=60)

    def stop(self) -> None:
        """End every process and drop the database."""
        self.wake()
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()
        with (
            contextlib.suppress(psycopg.Error),
            psycopg.connect(self.server_url, autocommit=True) as connection,
        ):
            databases.drop(connection, self.database_name)

    def start_process(self, name: str) -> None:
        """Start `web`, `worker`, `beat` or `mail`; again after `kill_process`."""
        celery = ["-m", "celery", "--app", "config", "--quiet"]
        commands = {
            "mail": ["-m", "config.local.sink", str(self.sink_port), str(self.mail_folder)],
            "web": ["-m", "gunicorn", "--config", "config/gunicorn.py"],
            "worker": [*celery, "worker", "--loglevel=INFO", "--without-gossip", "--without-mingle"],
            "beat": [*celery, "beat", "--loglevel=INFO", "--scheduler=celery.beat:Scheduler", "--pidfile="],
        }
        with self.log_path(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *commands[name]],
                cwd=BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    def kill_process(self, name: str, sign: int = signal.SIGKILL) -> None:
        """Kill one process with all its children, and wait until it is gone."""
        process = self.processes.pop(name)
        os.killpg(process.pid, sign)
        process.wait()

    def rest(self) -> None:
        """Let beat stand still, so that a product nobody asks anything takes no time from other tests."""
        self._signal_beat(signal.SIGSTOP)

    def wake(self) -> None:
        """Let beat go on."""
        self._signal_beat(signal.SIGCONT)

    def _signal_beat(self, sign: int) -> None:
        if "beat" in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.processes["beat"].pid, sign)

    # -- what tests ask it
    # -----------------------------------------------------------------------------------------

    def log_path(self, name: str) -> Path:
        """The log of one process."""
        return self.folder / "log" / f"{name}.log"

    def manage(self, *arguments: str) -> str:
        """Run a management command against this stack.

        Returns:
            What it printed.

        Raises:
            AssertionError: it failed; the message holds its output.
        """
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"manage.py {' '.join(arguments)}: {result.stdout}{result.stderr}"
        return result.stdout

    @contextlib.contextmanager
    def database(self) -> Iterator[None]:
        """Let the ORM of the test work in this stack's database, committed at once.

        Services and factories work inside the block as they do in the product; the test itself must not use
        the `db` fixture meanwhile.
        """
        from django.conf import settings
        from django.db import connection
        from pytest_django.plugin import blocking_manager_key

        blocker = self._config.stash[blocking_manager_key]
        test_name = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = self.database_name
        site_url, settings.SITE_URL = settings.SITE_URL, self.base_url
        try:
            with blocker.unblock():
                yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = test_name
            settings.SITE_URL = site_url

    _config: Any = None  # pytest's, set by the fixture

    def move_clock(self, by: timedelta) -> None:
        """Move the one clock of web, worker and beat.

        Args:
            by: added to what was moved before; negative moves back.
        """
        seconds = float(self.clock.read_text() or 0) + by.total_seconds()
        draft = self.clock.with_suffix(".new")
        draft.write_text(str(seconds))
        draft.replace(self.clock)

    def mails(self, to: str = "") -> list[EmailMessage]:
        """The mails that the sink received, oldest first.

        Args:
            to: only those to this address.
        """
        found = []
        for path in sorted(self.mail_folder.glob("*.eml")):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(message, EmailMessage)
            if not to or to.lower() in message["X-Envelope-To"].lower():
                found.append(message)
        return found

    def wait_for_mail(
        self, to: str, subject: str = "", *, seen: int = 0, seconds: float = 30
    ) -> EmailMessage:
        """Wait for a mail.

        Args:
            to: its recipient.
            subject: a part of its subject; any when empty.
            seen: how many fitting ones came before and do not count.
            seconds: how long to wait.

        Returns:
            The newest fitting one.
        """

        def look() -> EmailMessage | None:
            fitting = [each for each in self.mails(to) if subject.lower() in str(each["Subject"]).lower()]
            return fitting[-1] if len(fitting) > seen else None

        return self.wait_until(look, f"a mail to {to} about “{subject}”", seconds=seconds)

    def wait_until(self, look: Callable[[], Found | None], what: str, *, seconds: float = 30) -> Found:
        """Ask again and again until there is an answer.

        Args:
            look: returns something true once it is so.
            what: for the message when it never is.
            seconds: how long to ask.

        Raises:
            AssertionError: it was not so in time; the message holds the ends of the logs.
        """
        end = time.monotonic() + seconds
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > end:
                raise AssertionError(f"Waited {seconds} s for {what}.\n{self._log_ends()}")
            time.sleep(POLL)

    def _answers(self) -> bool:
        try:
            line = http.client.HTTPConnection("localhost", self.port, timeout=5)
            line.request("GET", "/health/live")
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False

    def _log_ends(self) -> str:
        ends = []
        for name in ("web", "worker", "beat", "mail"):
            path = self.log_path(name)
            if path.exists():
                ends.append(f"--- {name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-15:]))
        return "\n".join(ends)


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
