"""The supervisor behind `make run`: everything up, everything watched, everything down again."""

import contextlib
import errno
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from .addresses import check_environment, check_reachable, free_port, is_free, without_password
from .errors import LocalError
from .places import BASE_DIR, Places, data_places, open_lock, try_lock, write_private
from .processes import Known, die_with_parent, group_members, stop
from .services import Hold, hold

TICK = 0.25
BACK_OFF = (0.2, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY = 60.0
PATIENCE = 25.0
READY_WITHIN = 90.0
LOG_LIMIT = 5 * 1024 * 1024
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


class Supervisor:
    """Runs web, worker, beat and sink over the database and the broker.

    Args:
        places: the data folder.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.children: list[Child] = []
        self.holds: list[Hold] = []
        self.signals = 0
        self.selector = selectors.DefaultSelector()
        self.record = places.run / "supervisor.json"
        self.log: IO[str] | None = None
        self.tails: dict[Path, int] = {}
        self.leftovers = False
        self.port = _port()
        self.bind = os.environ.get("BIND", "127.0.0.1")

    # -- the whole life
    # ------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Start, serve until told to stop, stop.

        Returns:
            The exit code.

        Raises:
            LocalError: something outside the product prevents the start.
        """
        check_environment()
        self.places.create()
        self.places.check_space()
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, self._on_signal)
        with open_lock(self.places.run / "supervisor.lock") as mine:
            if not try_lock(mine):
                raise LocalError(self._already())
            self._open_log()
            self._stop_leftovers()
            with self._listen() as web:
                check_reachable("DATABASE_URL", 5432, "The database")
                check_reachable("REDIS_URL", 6379, "The broker")
                with hold(self.places) as self.holds:
                    try:
                        self._serve(web)
                    finally:
                        self._stop_children()
                self._wait_for_servers()
            self.record.unlink(missing_ok=True)
        return 0

    def _serve(self, web: socket.socket) -> None:
        for one in self.holds:
            self.tails[self.places.log / f"{one.name}.log"] = (
                (self.places.log / f"{one.name}.log").stat().st_size
            )
            files = one.state().get("files", "")
            if files and not Path(files).is_relative_to(self.places.root):
                self.say(
                    "run",
                    f"The database's files are in {files}, since its user can't enter {self.places.root}.",
                )
        self._prepare()
        if self.signals:
            return
        self._define(web)
        for child in self.children:
            self._spawn(child)
        self._wait_until_ready()
        if not self.signals:
            self._announce()
        while not self.signals:
            self._tick()
        self.say("run", "Stopping.")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    # -- before
    # ----------------------------------------------------------------------------------------------------

    def _already(self) -> str:
        with contextlib.suppress(OSError, ValueError, KeyError):
            found = json.loads(self.record.read_text())
            return (
                f"The product already runs with the data in {self.places.root}: {found['address']} "
                f"(stop it with Ctrl-C in its terminal, or `kill {found['pid']}`). "
                f"For a second one set DATA_DIR and PORT."
            )
        return f"The product is already being started with the data in {self.places.root}."

    def _open_log(self) -> None:
        path = self.places.log / "run.log"
        with contextlib.suppress(OSError):
            if path.exists() and path.stat().st_size > LOG_LIMIT:
                path.replace(path.with_suffix(".log.1"))
            self.log = path.open("a", buffering=1)

    def _stop_leftovers(self) -> None:
        """End what a killed supervisor left behind."""
        try:
            found = json.loads(self.record.read_text())
            old = {name: Known(**each) for name, each in found["children"].items()}
        except (OSError, ValueError, KeyError, TypeError):
            return
        self.leftovers = bool(old)
        for name, known in old.items():
            members = [pid for pid, command in group_members(known.pid) if _is_ours(command)]
            if known.alive or members:
                self.say("run", f"Stopping the {name} process that a killed run left behind.")
                stop(known, group=bool(members), patience=10)
        self.record.unlink(missing_ok=True)

    def _listen(self) -> socket.socket:
        """The web's socket, kept here so that a restarted web server loses no connection."""
        family = socket.AF_INET6 if ":" in self.bind else socket.AF_INET
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # A killed run's web workers notice the death of their parent within a second or two.
        patience = time.monotonic() + (10 if self.leftovers else 0)
        try:
            while True:
                try:
                    listener.bind((self.bind, self.port))
                    break
                except OSError as error:
                    if error.errno != errno.EADDRINUSE or time.monotonic() > patience:
                        raise
                    time.sleep(0.1)
            listener.listen(1024)
        except OSError as error:
            listener.close()
            if error.errno == errno.EADDRINUSE:
                raise LocalError(
                    f"Port {self.port} is taken by another program. Stop it, or choose another port: "
                    f"PORT={self.port + 1} make run"
                ) from None
            if error.errno == errno.EACCES:
                raise LocalError(
                    f"Port {self.port} needs root. Choose one above 1023: PORT=8000 make run"
                ) from None
            raise LocalError(
                f"BIND={self.bind} is no address of this machine. Set BIND=127.0.0.1 or 0.0.0.0."
            ) from None
        return listener

    def _prepare(self) -> None:
        """Migrate, load the demonstration, collect static files.

        Raises:
            LocalError: one of them failed.
        """
        trace = self.places.log / "prepare.log"
        last = ""
        with trace.open("wb") as log:
            child = Child("prepare", [sys.executable, "-m", "config.local.prepare"], errors=log)
            self._spawn(child)
            assert child.process is not None and child.process.stdout is not None
            self.selector.unregister(child.process.stdout)
            os.set_blocking(child.process.stdout.fileno(), True)
            for line in child.process.stdout:
                last = line.decode(errors="replace").rstrip()
                if last and not last.startswith("error:"):
                    self.say("prepare", last)
                if self.signals:
                    stop(Known.of(child.process.pid), group=True, patience=5)
        if child.process.wait() and not self.signals:
            reason = last.removeprefix("error:").strip() if last.startswith("error:") else "it ended early"
            raise LocalError(f"The start failed: {reason} (details: {trace})")

    def _define(self, web: socket.socket) -> None:
        python = sys.executable
        celery = [python, "-m", "celery", "--app", "config", "--quiet"]
        level = ["--loglevel", os.environ.get("LOG_LEVEL", "INFO")]
        os.set_inheritable(web.fileno(), True)
        os.environ["WEB_LISTEN"] = f"fd://{web.fileno()}"
        if not os.environ.get("EMAIL_URL"):
            port = self._sink_port()
            os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
            self.children.append(
                Child("mail", [python, "-m", "config.local.sink", str(port), str(self.places.mail)])
            )
        plain = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self.children += [
            Child("web", [python, "-m", "gunicorn", "--config", "config/gunicorn.py"], keep=(web.fileno(),)),
            Child("worker", [*celery, "worker", *level, *plain]),
            # The schedule lives in memory: what it starts looks itself for what is due, and no file can be
            # damaged.
            Child("beat", [*celery, "beat", *level, "--scheduler", "celery.beat:Scheduler", "--pidfile="]),
        ]

    def _sink_port(self) -> int:
        path = self.places.run / "sink.port"
        with contextlib.suppress(OSError, ValueError):
            if is_free(port := int(path.read_text())):
                return port
        port = free_port()
        write_private(path, str(port))
        return port

    # -- while
    # ---------------------------------------------------------------------------------------------------

    def _spawn(self, child: Child) -> None:
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
        self.selector.register(child.process.stdout, selectors.EVENT_READ, child)
        self._write_record()

    def _write_record(self) -> None:
        me = Known.of(os.getpid())
        children = {
            each.name: {"pid": each.known.pid, "started": each.known.started}
            for each in self.children
            if each.known
        }
        with contextlib.suppress(LocalError):  # on a full disk the product goes on; only this note is late
            write_private(
                self.record,
                json.dumps(
                    {"pid": me.pid, "started": me.started, "address": self.address, "children": children}
                ),
            )

    def _tick(self) -> None:
        for key, _ in self.selector.select(TICK):
            self._read(key.data)
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._mourn(child, now)
            elif child.process is None and now >= child.restart_at:
                self._spawn(child)
        self._watch_servers()
        self._follow_logs()

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
                self.selector.unregister(child.process.stdout)
        *lines, child.rest = (child.rest + data).split(b"\n")
        for line in lines:
            self.say(child.name, line.decode(errors="replace").rstrip())

    def _mourn(self, child: Child, now: float) -> None:
        """One ended by itself: clear up after it and set the time of its restart."""
        assert child.process is not None and child.known is not None
        self._read(child)
        code = child.process.returncode
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.known.pid, signal.SIGKILL)  # what it left behind
        self._close(child)
        child.failures = 0 if now - child.since > STEADY else child.failures + 1
        pause = BACK_OFF[min(child.failures, len(BACK_OFF) - 1)]
        child.restart_at = now + pause
        self.say("run", f"{child.name} ended ({_how(code)}); it starts again in {pause:g} s.")

    def _close(self, child: Child) -> None:
        if child.process is not None and child.process.stdout is not None:
            with contextlib.suppress(KeyError, ValueError):
                self.selector.unregister(child.process.stdout)
            child.process.stdout.close()
        child.process = None

    def _watch_servers(self) -> None:
        """A keeper that was killed took its server along: have a new one."""
        for one in self.holds:
            if one.keeper_alive():
                continue
            self.say("run", f"The keeper of {one.name} ended; it starts again.")
            try:
                url = one.ensure()["url"]
            except LocalError as error:
                self.say("run", str(error))
                time.sleep(1)
                continue
            if url != one.url:  # another program took its port meanwhile
                one.url = url
                os.environ[{"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}[one.name]] = url
                for child in self.children:
                    if child.known and child.name != "mail":
                        stop(child.known, group=True)

    def _follow_logs(self) -> None:
        """Show what the servers' logs say beyond the everyday."""
        for path, seen in self.tails.items():
            with contextlib.suppress(OSError):
                size = path.stat().st_size
                start = seen if size >= seen else 0
                if size == start:
                    continue
                with path.open("rb") as file:
                    file.seek(start)
                    data = file.read(size - start)
                self.tails[path] = size
                for line in data.decode(errors="replace").splitlines():
                    if any(word in line for word in ("keeper:", "FATAL", "PANIC", "No space left")):
                        self.say(path.stem, line)

    def _wait_until_ready(self) -> None:
        """Tick until the web answers.

        Raises:
            LocalError: it does not within 90 seconds.
        """
        end = time.monotonic() + READY_WITHIN
        host = self.bind if self.bind not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104  (compared, not bound)
        request = urllib.request.Request(
            f"http://{f'[{host}]' if ':' in host else host}:{self.port}/health/live",
            headers={"Host": "localhost"},
        )
        while not self.signals:
            self._tick()
            web = next(each for each in self.children if each.name == "web")
            if web.process is None:
                if web.failures > 3:
                    raise LocalError(
                        f"The web server does not start. Its messages are above and in "
                        f"{self.places.log / 'run.log'}."
                    )
                continue
            try:
                with urllib.request.urlopen(request, timeout=1):  # noqa: S310  (our own loopback address)
                    return
            except urllib.error.HTTPError:
                return  # it answers; what is wrong stands in its log
            except OSError:
                pass
            if time.monotonic() > end:
                raise LocalError(
                    f"The web server did not answer within {READY_WITHIN:.0f} seconds. "
                    f"Its messages are above and in {self.places.log / 'run.log'}."
                )

    @property
    def address(self) -> str:
        """Where a browser finds the product. `localhost`, because passkeys are refused on 127.0.0.1."""
        return f"http://localhost:{self.port}/"

    def _announce(self) -> None:
        demonstration = os.environ.get("DEMO", "1").lower() not in {"0", "false", "no", "off"}
        lines = [f"Ready: {self.address}"]
        if demonstration:
            lines.append(
                f"Demonstration accounts: owner, officer, supervisor, admin — one click each at "
                f"{self.address}accounts/login/"
            )
        lines.append(
            f"Outgoing mail: {self.address}desk/mail/ (as supervisor all of it, as officer that of their "
            f"businesses) or {self.address}admin/mail/outgoingmail/ (as admin)"
        )
        if os.environ.get("DATABASE_URL") and not any(each.name == "postgres" for each in self.holds):
            lines.append(f"Database: {without_password(os.environ['DATABASE_URL'])}")
        lines.append("Stop it with Ctrl-C.")
        for line in lines:
            self.say("", line)

    # -- after
    # ---------------------------------------------------------------------------------------------------

    def _stop_children(self) -> None:
        """All at once, the whole group of each; a second Ctrl-C makes it quick."""
        running = [each for each in self.children if each.process is not None]
        for child in running:
            with contextlib.suppress(ProcessLookupError):
                assert child.process is not None
                child.process.send_signal(signal.SIGTERM)
        asked = self.signals
        end = time.monotonic() + PATIENCE
        while any(each.process is not None and each.process.poll() is None for each in running):
            for key, _ in self.selector.select(0.05):
                self._read(key.data)
            if time.monotonic() > end or self.signals > asked:
                break
        for child in running:
            assert child.known is not None
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.known.pid, signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
            self._close(child)

    def _wait_for_servers(self) -> None:
        for one in self.holds:
            if not one.wait_stopped(15):
                self.say("run", f"Another command still uses {one.name}; it stops when that command ends.")
                return
        self.say("run", "Everything has stopped.")

    def say(self, name: str, text: str) -> None:
        """Print a line with its origin, and keep it in `log/run.log`. A closed terminal or a full disk is
        no reason to end.
        """
        line = f"{name:<8} | {text}" if name else text
        with contextlib.suppress(OSError, ValueError):
            print(line, flush=True)
        if self.log is not None:
            with contextlib.suppress(OSError, ValueError):
                self.log.write(line + "\n")


def _is_ours(command: str) -> bool:
    return any(each in command for each in ("gunicorn", "celery", "config.local"))


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _port() -> int:
    text = os.environ.get("PORT", "") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise LocalError(
            f"PORT must be a number from 1 to 65535, not “{text}”. For example: PORT=8001 make run"
        )
    return int(text)


def main() -> int:
    """Run the product; one line and exit code 1 when something outside it is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    try:
        return Supervisor(data_places()).run()
    except LocalError as error:
        print(error, file=sys.stderr, flush=True)
        return 1
