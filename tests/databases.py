"""Migrated once, copied often: the database that every test database and every stack begins as."""

import hashlib
import os
import subprocess
import sys
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


def template(server: str, *, demonstration: bool = False) -> str:
    """The name of the migrated database to copy, made by whoever asks first.

    It is named after the rooms' code, for migrations and the steps behind them call it: changed code makes a
    new template. One that holds the demonstration is made anew each day, since the demonstration is about
    today.

    Args:
        server: the URL of any database of the server.
        demonstration: whether the demonstration is in it.

    Raises:
        AssertionError: the migrations fail; the message holds their output.
    """
    name = f"template_{_fingerprint()}"
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
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
        )


def files() -> Path:
    """Where the demonstration keeps its files, beside its template: `files()/files`."""
    return Path(os.environ["DATA_DIR"]) / "demonstration"


def drop(connection: psycopg.Connection, name: str) -> None:
    """Drop a database if it is there, whoever is connected."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def _make(connection: psycopg.Connection, name: str, server: str) -> None:
    stale = connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^template_'")
    for (old,) in stale.fetchall():
        drop(connection, old)
    draft = f"{name}_draft"
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    _manage(server, draft, "migrate", "--verbosity=0")
    _settle(connection, draft, name)


def _play(connection: psycopg.Connection, name: str, server: str) -> None:
    bare, _, _day = name.partition("_demo_")
    if not _exists(connection, bare):
        _make(connection, bare, server)
    draft = f"{name}_draft"
    drop(connection, draft)
    connection.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(draft), sql.Identifier(bare))
    )
    _manage(server, draft, "seed_demo", DEMO="1", DATA_DIR=str(files()))
    _settle(connection, draft, name)


def _settle(connection: psycopg.Connection, draft: str, name: str) -> None:
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
    )


def _manage(server: str, database: str, *arguments: str, **more: str) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", *arguments],
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
    assert result.returncode == 0, f"manage.py {arguments[0]}: {result.stdout}{result.stderr}"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for room in FOLDERS:
        for path in sorted((BASE_DIR / room).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(
                    str(path.relative_to(BASE_DIR)).encode()
                )  # a migration may change its name only
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
