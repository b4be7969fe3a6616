"""What the bench runs on: a PostgreSQL, a broker and a relay of its own, and the product's worker."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from config.local.addresses import free_port
from config.local.places import BASE_DIR, Places
from config.local.processes import die_with_parent
from config.local.services import Hold

DATABASE = "bench"


@dataclass
class Bench:
    """What a row may use. Django is set up, the database migrated and otherwise empty.

    Args:
        sizes: numbers of records to measure at, from `BENCH_SIZES`.
        relay_port: where the relay listens on the loopback.
        log: where processes write.
    """

    sizes: list[int]
    relay_port: int
    log: Path
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def sql(self, statement: str) -> list[tuple]:
        """Run one statement through Django's connection; returns its rows, if any."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @contextlib.contextmanager
    def worker(self) -> Iterator[None]:
        """The product's worker, as `make run` starts it but for beat: hints alone make it work."""
        command = ["-m", "celery", "--app", "config", "--quiet", "worker", "--loglevel=WARNING"]
        process = start([*command, "--without-gossip", "--without-mingle"], self.log)
        try:
            yield
        finally:
            stop(process)


def start(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    """Start a Python process with its output in a file; it ends with us."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process and what it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def bench(sizes: list[int], folder: Path) -> Iterator[Bench]:
    """Everything up, with an empty database; everything down again.

    Args:
        sizes: see `Bench`.
        folder: where the servers keep their data.
    """
    places = Places(folder.resolve())
    places.create()
    holds = [Hold(name, places) for name in ("postgres", "valkey")]
    port = free_port()
    log = places.log / "bench.log"
    relay = None
    try:
        database = _fresh_database(holds[0].url)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings.stack",
            "DATABASE_URL": database,
            "REDIS_URL": holds[1].url,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "DATA_DIR": str(folder),
            "STACK_PREFIX": f"bench-{os.getpid()}:",
            "DEMO": "0",
            "LOG_LEVEL": "WARNING",
        }
        relay = start(["-m", "tests.bench.relay", str(port)], log)
        _wait_for(port)
        _set_up_django()
        yield Bench(sizes=sizes, relay_port=port, log=log)
    finally:
        if relay is not None:
            stop(relay)
        for each in holds:
            each.release()


def _fresh_database(url: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        name = sql.Identifier(DATABASE)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    return f"{url.rpartition('/')[0]}/{DATABASE}"


def _set_up_django() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
