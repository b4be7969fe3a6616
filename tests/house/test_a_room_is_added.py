"""A room is added by its folder and one line in `ROOMS`: then it is found wherever rooms are shown."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config.local.places import BASE_DIR
from tests import databases

ROOM = Path(__file__).with_name("tools")
# What whoever adds the room writes outside of its folder: its line, and its place in the bar.
WIRING = """
from config import rooms

rooms.ROOMS.insert(1, "tools")
rooms.NAVIGATION.append(("desk", "Tools", "desk:loans", "core.use_desk"))
from config.settings.test import *
"""


def by_role(*answers: int) -> dict[str, int]:
    """What an address answers to each role."""
    return dict(zip(("visitor", "owner", "officer", "supervisor", "viewer", "admin"), answers, strict=True))


@pytest.fixture
def house(tmp_path):
    """A folder with the room and the settings of a house that has it, and a database of its own."""
    shutil.copytree(ROOM, tmp_path / "tools")
    (tmp_path / "house_with_tools.py").write_text(WIRING)
    server = os.environ["DATABASE_URL"]
    name = f"house_{os.getpid()}"
    databases.copy(server, name)
    yield {
        **os.environ,
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{BASE_DIR}",
        "DJANGO_SETTINGS_MODULE": "house_with_tools",
        "DATABASE_URL": f"{server.rpartition('/')[0]}/{name}",
    }
    with psycopg.connect(server, autocommit=True) as connection:
        databases.drop(connection, name)


def test_a_room_is_found_wherever_the_house_shows_its_rooms(house):
    probe = subprocess.run(
        [sys.executable, "-m", "tests.house.tools_probe"],
        cwd=BASE_DIR, env=house, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert probe.returncode == 0, probe.stdout + probe.stderr
    assert json.loads(probe.stdout.splitlines()[-1]) == {
        "faults": [],
        "added": 302,
        "navigation": True,
        "list": True,
        "file": True,
        "detail": True,
        "detail of a stranger": 404,
        "form of a viewer": 403,
        "admin": True,
        "admin page": True,
        "matrix": {
            "desk:loans": ["core.use_desk"],
            "desk:loan": ["core.use_desk"],
            "desk:loan_add": ["tools.lend_tool"],
        },
        "roles": {
            "desk:loans": by_role(302, 403, 200, 200, 200, 403),
            "desk:loan": by_role(302, 403, 200, 200, 404, 403),
            "desk:loan_add": by_role(302, 403, 200, 200, 403, 403),
            "admin:tools_loan_changelist": by_role(302, 403, 403, 403, 403, 200),
        },
        "catalog": ["tools/due", "tools/lent"],
        "mail": 1,
        "source": True,
        "reminded": 1,
        "export": "Ladder",
        "story": True,
        "demonstration": ["1 tools"],
        "refused": True,
        "status": "back",
        "held by the database": True,
    }
