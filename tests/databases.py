"""Migrated once, copied often: the database that every test database and every stack begins as."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql

from config.local.places import BASE_DIR
from config.rooms import ROOMS

FILES = (
    Path(os.environ.get("DATA_DIR", BASE_DIR / "var")) / "demonstration"
)  # what it keeps beside the database
FOLDERS = sorted({"config", "core", *(room.partition(".")[0] for room in ROOMS)})
IMPORTED = re.compile(rf"^(?:from|import) ((?:{'|'.join(FOLDERS)})[\w.]*)", re.MULTILINE)
# Without the steps behind the migrations, which would leave rows of older code.
MIGRATE_ALONE = """
import django
from django.core import management
from django.core.management.commands import migrate

django.setup()
migrate.emit_post_migrate_signal = lambda *_given, **_more: None
management.call_command("migrate", verbosity=0)
"""


def template(server: str, *, demonstration: bool = False) -> str:
    """The name of the migrated database to copy, made by whoever asks first.

    It is named after the rooms' code, which the steps behind the migrations call: changed code makes a new
    template, out of a database that holds what the migrations made and lives as long as they stay the same.
    One that holds the demonstration is made anew each day, since the demonstration is about today.

    Args:
        server: the URL of any database of the server.
        demonstration: whether the demonstration is in it.

    Raises:
        AssertionError: the migrations fail; the message holds their output.
    """
    name = f"template_{_fingerprint(_code())}"
    if demonstration:
        name += f"_demo_{date.today():%y%m%d}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('the template of test databases'))")
        if not _exists(connection, name):
            if demonstration:
                _play(connection, name, server)
            else:
                _make(connection, name, server)
    return name


def copy(server: str, name: str, *, demonstration: bool = False) -> None:
    """Make a database anew as a copy of the template.

    Args:
        server: the URL of any database of the server.
        name: of the database; one that is there is dropped.
        demonstration: whether it holds the demonstration.
    """
    source = template(server, demonstration=demonstration)
    with psycopg.connect(server, autocommit=True) as connection:
        drop(connection, name)
        _copy(connection, source, name)


def files() -> Path:
    """Where the demonstration keeps its files, beside its template: `files()/files`."""
    return Path(os.environ["DATA_DIR"]) / "demonstration"


def drop(connection: psycopg.Connection, name: str) -> None:
    """Drop a database if it is there, whoever is connected."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def _make(connection: psycopg.Connection, name: str, server: str) -> None:
    schema = f"schema_{_fingerprint(_migrations())}"
    if not _exists(connection, schema):
        _drop_older(connection, "schema")
        draft = f"{schema}_draft"
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
        _run(server, draft, "-c", MIGRATE_ALONE)
        _settle(connection, draft, schema)
    _drop_older(connection, "template")
    draft = f"{name}_draft"
    _copy(connection, schema, draft)
    _run(server, draft, "manage.py", "migrate", "--verbosity=0")
    _settle(connection, draft, name)


def _drop_older(connection: psycopg.Connection, kind: str) -> None:
    stale = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{kind}_"])
    for (old,) in stale.fetchall():
        drop(connection, old)


def _copy(connection: psycopg.Connection, source: str, name: str) -> None:
    connection.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
    )


def _play(connection: psycopg.Connection, name: str, server: str) -> None:
    bare, _, _day = name.partition("_demo_")
    if not _exists(connection, bare):
        _make(connection, bare, server)
    draft = f"{name}_draft"
    drop(connection, draft)
    _copy(connection, bare, draft)
    _run(server, draft, "manage.py", "seed_demo", DEMO="1", DATA_DIR=str(files()))
    _settle(connection, draft, name)


def _settle(connection: psycopg.Connection, draft: str, name: str) -> None:
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
    )


def _run(server: str, database: str, *arguments: str, **more: str) -> None:
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env={
            **{key: value for key, value in os.environ.items() if key != "PYTEST_XDIST_WORKER"},
            "DJANGO_SETTINGS_MODULE": "config.settings.stack",
            "DATABASE_URL": f"{server.rpartition('/')[0]}/{database}",
            **more,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, f"{' '.join(arguments)}: {result.stdout}{result.stderr}"


def _code() -> Iterator[Path]:
    """Every file of the rooms."""
    for room in FOLDERS:
        yield from (path for path in (BASE_DIR / room).rglob("*") if path.suffix != ".pyc")


def _migrations() -> Iterator[Path]:
    """The migrations, and the modules of the rooms that they import."""
    for path in _code():
        if path.parent.name == "migrations" and path.suffix == ".py":
            yield path
            for module in IMPORTED.findall(path.read_text()):
                yield BASE_DIR / f"{module.replace('.', '/')}.py"


def _fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for path in files if path.is_file()}):
        digest.update(str(path.relative_to(BASE_DIR)).encode())  # a migration may change its name only
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
