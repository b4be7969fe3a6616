"""Commands share the embedded servers: never two on one data folder, none left at the end."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.local.places import BASE_DIR, Places
from config.local.processes import Known, start_time
from config.local.services import read_state
from tests.services.conftest import clean_environment, wait_until

pytestmark = pytest.mark.xdist_group("product")

# Uses the servers until its input ends, and prints which database server it got.
USER = """
import os, psycopg, sys
from config.local.places import data_places
from config.local.services import hold, read_state
with hold(data_places()):
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("SELECT 1")
    print(read_state("postgres", data_places())["server"]["pid"], flush=True)
    sys.stdin.read()
"""


def begin(data: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", USER],
        cwd=BASE_DIR,
        env=clean_environment(data, EMBEDDED_FOR_TESTS="1"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def server_of(user: "subprocess.Popen[str]") -> int:
    assert user.stdout is not None
    return int(user.stdout.readline())


def end(user: "subprocess.Popen[str]") -> None:
    user.communicate(timeout=30)
    assert user.returncode == 0


def test_commands_started_at_once_share_one_server_and_the_last_one_stops_it(data_dir: Path) -> None:
    users = [begin(data_dir) for _ in range(5)]
    servers = {server_of(each) for each in users}
    assert len(servers) == 1
    server = Known.of(servers.pop())
    for each in users[:-1]:
        end(each)
    assert server.alive
    end(users[-1])
    wait_until(lambda: not server.alive, "the server to stop")
    wait_until(lambda: not read_state("postgres", Places(data_dir)), "the state to go")


def test_a_killed_command_leaves_no_server(data_dir: Path) -> None:
    user = begin(data_dir)
    server = Known.of(server_of(user))
    user.kill()
    user.wait()
    wait_until(lambda: not server.alive, "the server to stop")


def test_a_command_that_comes_while_the_server_stops_gets_a_new_one(data_dir: Path) -> None:
    for _ in range(5):
        user = begin(data_dir)
        server_of(user)
        end(user)


def test_a_pid_file_whose_number_went_to_another_program_does_not_hinder_the_database(data_dir: Path) -> None:
    user = begin(data_dir)
    server = Known.of(server_of(user))
    home = Path(read_state("postgres", Places(data_dir))["files"])
    stale = (home / "data/postmaster.pid").read_text().splitlines()
    end(user)
    wait_until(lambda: not server.alive, "the server to stop")
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        (home / "data/postmaster.pid").write_text("\n".join([str(bystander.pid), *stale[1:]]) + "\n")
        user = begin(data_dir)
        server_of(user)
        end(user)
        assert start_time(bystander.pid)
    finally:
        bystander.kill()
        bystander.wait()


def test_a_start_killed_while_it_made_the_database_does_not_hinder_the_next(data_dir: Path) -> None:
    places = Places(data_dir)
    places.create()
    half = data_dir / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    user = begin(data_dir)
    server_of(user)
    end(user)
    assert not half.exists()


def test_passwords_are_readable_by_their_owner_only(data_dir: Path) -> None:
    user = begin(data_dir)
    server_of(user)
    secrets = sorted((data_dir / "secrets").iterdir())
    assert [each.name for each in secrets] == ["postgres", "postgres-superuser", "valkey"]
    for each in [*secrets, data_dir / "run" / "postgres.json", data_dir / "run" / "valkey.json"]:
        assert each.stat().st_mode & 0o077 == 0, each
    end(user)


def test_a_management_command_starts_the_servers_and_stops_them(data_dir: Path) -> None:
    code = "from django.db import connection; connection.ensure_connection(); print('connected')"
    result = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code],
        cwd=BASE_DIR,
        env=clean_environment(data_dir, EMBEDDED_FOR_TESTS="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "connected" in result.stdout, result.stderr
    wait_until(lambda: not read_state("postgres", Places(data_dir)), "the server to stop")


def test_a_command_that_needs_no_database_starts_none(data_dir: Path) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "help"],
        cwd=BASE_DIR,
        env=clean_environment(data_dir),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert not (data_dir / "postgres").exists()
