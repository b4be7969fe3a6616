"""Migrated once, copied often: the database that every test database and every stack begins as."""

import hashlib
import os
import subprocess
import sys

import psycopg
from psycopg import sql

from config.local.places import BASE_DIR

ROOMS = ("core", "accounts", "partnerships", "events", "config")


def template(server: str) -> str:
    """The name of the migrated database to copy, made by whoever asks first.

    It is named after the rooms' code, for migrations and the steps behind them call it: changed code makes a
    new template.

    Args:
        server: the URL of any database of the server.

    Raises:
        AssertionError: the migrations fail; the message holds their output.
    """
    name = f"template_{_fingerprint()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('the template of test databases'))")
        if not _exists(connection, name):
            _make(connection, name, server)
    return name


def copy(server: str, name: str) -> None:
    """Make a database anew as a copy of the template.

    Args:
        server: the URL of any database of the server.
        name: of the database; one that is there is dropped.
    """
    source = template(server)
    with psycopg.connect(server, autocommit=True) as connection:
        drop(connection, name)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
        )


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
    result = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=BASE_DIR,
        env={
            **{key: value for key, value in os.environ.items() if key != "PYTEST_XDIST_WORKER"},
            "DJANGO_SETTINGS_MODULE": "config.settings.stack",
            "DATABASE_URL": f"{server.rpartition('/')[0]}/{draft}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, f"manage.py migrate: {result.stdout}{result.stderr}"
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
    )


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((BASE_DIR / room).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
