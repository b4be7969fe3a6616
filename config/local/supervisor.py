"""The supervisor behind `make run`: everything up, everything watched, everything down again."""

import contextlib
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from .addresses import check_environment, check_reachable, free_port, is_free, without_password
from .children import Child, Children
from .door import listen, port_of_environment
from .errors import LocalError
from .places import Places, data_places, open_lock, try_lock, write_private
from .processes import Known, stop
from .record import Record
from .services import VARIABLES, Hold, hold
from .terminal import Terminal

TICK = 0.25
READY_WITHIN = 90.0


class Supervisor:
    """Runs web, worker, beat and sink over the database and the broker.

    Args:
        places: the data folder.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.terminal = Terminal(places.log)
        self.say = self.terminal.say
        self.children = Children(self.terminal.pass_on, self.say)
        self.record = Record(places)
        self.holds: list[Hold] = []
        self.signals = 0
        self.port = port_of_environment()
        self.bind = os.environ.get("BIND", "127.0.0.1")

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
                raise LocalError(self.record.already())
            self.terminal.open()
            with listen(self.bind, self.port, patience=10 if self._stop_leftovers() else 0) as web:
                check_reachable("DATABASE_URL", 5432, "The database")
                check_reachable("REDIS_URL", 6379, "The broker")
                with hold(self.places) as self.holds:
                    try:
                        self._serve(web)
                    finally:
                        asked = self.signals
                        self.children.stop(hurried=lambda: self.signals > asked)
                self._wait_for_servers()
            self.record.remove()
        return 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def _stop_leftovers(self) -> bool:
        """End what a killed supervisor left behind; whether there was one."""
        left = self.record.leftovers()
        for name, (known, group) in left.items():
            if known.alive or group:
                self.say("run", f"Stopping the {name} process that a killed run left behind.")
                stop(known, group=group, patience=10)
        self.record.remove()
        return bool(left)

    def _serve(self, web: socket.socket) -> None:
        for one in self.holds:
            self.terminal.follow(one.name)
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
        self._wait_until_ready()
        if not self.signals:
            self._announce()
        while not self.signals:
            self._tick()
        self.say("run", "Stopping.")

    def _prepare(self) -> None:
        """Migrate, load the demonstration, collect static files.

        Raises:
            LocalError: one of them failed.
        """
        trace = self.places.log / "prepare.log"
        last = ""
        with trace.open("wb") as log:
            child = Child("prepare", [sys.executable, "-m", "config.local.prepare"], errors=log)
            self.children.start(child)
            assert child.process is not None and child.process.stdout is not None
            os.set_blocking(child.process.stdout.fileno(), True)
            for line in child.process.stdout:
                last = line.decode(errors="replace").rstrip()
                if last and not last.startswith("error:"):
                    self.say("prepare", last)
                if self.signals:
                    stop(Known.of(child.process.pid), group=True, patience=5)
            failed = child.process.wait()
            self.children.close(child)
        if failed and not self.signals:
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
            sink = [python, "-m", "config.local.sink", str(port), str(self.places.mail)]
            self.children.add(Child("mail", sink))
        plain = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        gunicorn = [python, "-m", "gunicorn", "--config", "config/gunicorn.py"]
        self.children.add(Child("web", gunicorn, keep=(web.fileno(),)))
        self.children.add(Child("worker", [*celery, "worker", *level, *plain]))
        # The schedule lives in memory: what it starts looks itself for what is due, and no file can be
        # damaged.
        schedule = ["--scheduler", "celery.beat:Scheduler", "--pidfile="]
        self.children.add(Child("beat", [*celery, "beat", *level, *schedule]))

    def _sink_port(self) -> int:
        path = self.places.run / "sink.port"
        with contextlib.suppress(OSError, ValueError):
            if is_free(port := int(path.read_text())):
                return port
        port = free_port()
        write_private(path, str(port))
        return port

    def _tick(self) -> None:
        if self.children.look(TICK):
            self.record.write(self.address, self.children.known)
        self._watch_servers()
        self.terminal.look_at_servers()

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
                os.environ[VARIABLES[one.name]] = url
                self.children.renew(keep="mail")

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
        messages = f"Its messages are above and in {self.places.log / 'run.log'}."
        while not self.signals:
            self._tick()
            web = self.children["web"]
            if web.process is None:
                if web.failures > 3:
                    raise LocalError(f"The web server does not start. {messages}")
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
                    f"The web server did not answer within {READY_WITHIN:.0f} seconds. {messages}"
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
        if not self.terminal.verbose:
            lines.append(
                f"Only warnings follow; everything is in {self.places.log / 'run.log'} (or VERBOSE=1)."
            )
        lines.append("Stop it with Ctrl-C.")
        for line in lines:
            self.say("", line)

    def _wait_for_servers(self) -> None:
        for one in self.holds:
            if not one.wait_stopped(15):
                self.say("run", f"Another command still uses {one.name}; it stops when that command ends.")
                return
        self.say("run", "Everything has stopped.")


def main() -> int:
    """Run the product; one line and exit code 1 when something outside it is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    try:
        return Supervisor(data_places()).run()
    except LocalError as error:
        print(error, file=sys.stderr, flush=True)
        return 1
