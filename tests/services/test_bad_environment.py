"""What is wrong outside the product is told in one line that says what to do, with an exit code other than
0.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.local.addresses import free_port
from config.local.places import BASE_DIR
from tests.services.conftest import clean_environment

pytestmark = pytest.mark.xdist_group("product")


def start(data: Path, *command: str, **environment: str) -> str:
    """Run it, expect it to fail, and return its one line."""
    result = subprocess.run(
        [sys.executable, *(command or ("-m", "config.local"))],
        cwd=BASE_DIR,
        env=clean_environment(data, **{"PORT": str(free_port()), **environment}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = [line for line in result.stderr.splitlines() if line.strip()]
    assert result.returncode != 0
    assert "Traceback" not in result.stderr + result.stdout
    assert len(said) == 1, result.stderr
    return said[0]


@pytest.mark.parametrize(
    ("variable", "value", "advice"),
    [
        ("PORT", "abc", "PORT must be a number"),
        ("PORT", "70000", "PORT must be a number"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL must look like postgresql://"),
        ("DATABASE_URL", "postgresql://u:p@h:99x/d", "port or host can't be read"),
        ("DATABASE_URL", "postgresql://u:p@localhost:5432", "it names no database"),
        ("DATABASE_URL", "mysql://u:p@localhost/d", "begins with “mysql”"),
        ("REDIS_URL", "http://localhost", "REDIS_URL must look like redis://"),
        ("EMAIL_URL", "nowhere", "EMAIL_URL must look like smtp://"),
        ("BIND", "203.0.113.9", "is no address of this machine"),
    ],
)
def test_a_malformed_setting_is_named(data_dir: Path, variable: str, value: str, advice: str) -> None:
    assert advice in start(data_dir, **{variable: value})


def test_a_database_without_tables_is_named(data_dir: Path) -> None:
    borders = "partnerships/businesses/data/chicago_police_districts.geojson"
    options = ("--kind", "district", "--name-field", "DIST_NUM", "--valid-from", "2012-01-01")
    line = start(data_dir, "manage.py", "import_areas", borders, *options)
    assert "has no tables yet" in line
    assert "make run" in line


def test_a_dead_database_is_named_with_its_address(data_dir: Path) -> None:
    port = free_port()
    line = start(data_dir, DATABASE_URL=f"postgresql://u:p@127.0.0.1:{port}/d")
    assert f"The database at 127.0.0.1:{port} can't be reached" in line
    assert "DATABASE_URL" in line


def test_a_dead_broker_is_named_with_its_address(data_dir: Path) -> None:
    port = free_port()
    line = start(data_dir, REDIS_URL=f"redis://127.0.0.1:{port}/0")
    assert f"The broker at 127.0.0.1:{port} can't be reached" in line


def test_a_management_command_names_a_dead_database_too(data_dir: Path) -> None:
    port = free_port()
    line = start(
        data_dir,
        "manage.py",
        "migrate",
        DATABASE_URL=f"postgresql://u:secret@127.0.0.1:{port}/d",
        REDIS_URL="redis://127.0.0.1:1/0",
    )
    assert f"127.0.0.1:{port} can't be reached" in line
    assert "secret" not in line


def test_a_wrong_password_is_told_as_such(data_dir: Path) -> None:
    server = os.environ["DATABASE_URL"].rpartition("@")[2]
    line = start(
        data_dir,
        "manage.py",
        "migrate",
        DATABASE_URL=f"postgresql://partnerships:wrong@{server}",
        REDIS_URL=os.environ["REDIS_URL"],
    )
    assert "refuses the user or password" in line


def test_a_taken_port_is_named_with_another_choice(data_dir: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = start(data_dir, PORT=str(port))
    assert f"Port {port} is taken" in line
    assert f"PORT={port + 1} make run" in line


def test_a_file_in_the_place_of_the_data_folder_is_named(data_dir: Path) -> None:
    data_dir.write_text("not a folder")
    assert "is in the way" in start(data_dir)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_that_cannot_be_written_is_named(data_dir: Path) -> None:
    data_dir.mkdir()
    data_dir.chmod(0o500)
    assert "can't be written by this user" in start(data_dir)


@pytest.fixture
def small_disk(data_dir: Path) -> Iterator[Path]:
    """A disk of 20 MB, where the system lets us mount one."""
    data_dir.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() or not mount:
        pytest.skip("needs root to mount a small disk")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", str(data_dir)], check=False
    )
    if made.returncode:
        pytest.skip("this system lets nobody mount a disk")
    yield data_dir
    subprocess.run(["umount", str(data_dir)], check=False)


def test_a_nearly_full_disk_is_refused_before_anything_is_made(small_disk: Path) -> None:
    assert "Free some space" in start(small_disk / "var")
    assert not (small_disk / "var" / "postgres").exists()


def test_a_disk_that_fills_up_while_the_database_is_made_leaves_nothing_half_made(small_disk: Path) -> None:
    line = start(small_disk / "var", "manage.py", "migrate")
    assert "is full. Free some space" in line
    assert not (small_disk / "var" / "postgres" / "data").exists()


def test_a_disk_without_a_free_byte_is_told_as_full(small_disk: Path) -> None:
    with (small_disk / "filler").open("wb") as filler:
        try:
            while True:
                filler.write(b"x" * 65536)
                filler.flush()
        except OSError:
            pass
    assert "is full. Free some space" in start(small_disk / "var", "manage.py", "migrate")


def test_an_old_python_is_refused_with_the_version_it_should_be(tmp_path: Path) -> None:
    program = tmp_path / "old.py"
    program.write_text(
        "import runpy, sys\n"
        "sys.version_info = (3, 9, 1, 'final', 0)\n"
        f"sys.argv = ['bootstrap.py']\n"
        f"runpy.run_path({str(BASE_DIR / 'config/bootstrap.py')!r}, run_name='__main__')\n"
    )
    result = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("Python 3.11 or newer is needed, and this is 3.9")
    assert len(result.stderr.splitlines()) == 1
