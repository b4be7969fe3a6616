"""The embedded PostgreSQL plans for memory and SSDs: with the defaults a search reads whole tables."""

import subprocess
import sys

from config.local.places import BASE_DIR
from tests.services.conftest import clean_environment

SHOW = """
import os, psycopg
from config.local.places import data_places
from config.local.services import hold
with hold(data_places()), psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(*(connection.execute(f"SHOW {name}").fetchone()[0] for name in ("random_page_cost", "jit")))
"""


def test_the_embedded_database_is_told_what_machines_are_today(data_dir):
    said = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=BASE_DIR,
        env=clean_environment(data_dir, EMBEDDED_FOR_TESTS="1"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["1.1", "off"]
