"""Print the rows that the rooms' matrix.csv lack, with the answers the product gives now.

Read each before keeping it.

.venv/bin/python -m tests.access.suggest            # the missing rows
.venv/bin/python -m tests.access.suggest --all      # all rows
.venv/bin/python -m tests.access.suggest --write    # writes the files anew: read the diff
"""

import csv
import os
import sys
from typing import Any


def main(arguments: list[str]) -> int:
    """Make a test database, ask every URL, print or write the rows."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django
    import pytest  # noqa: F401  (where it is loaded, the test settings start the servers)

    django.setup()
    from django.db import connection, transaction
    from django.test.utils import setup_test_environment

    from tests.access import matrix
    from tests.access.offered import room_of, write
    from tests.access.world import ROLES, build

    setup_test_environment()
    everything = bool({"--all", "--write"} & set(arguments))
    known = matrix.expected()
    real = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=True)
    rows: list[dict[str, Any]] = []
    try:
        with transaction.atomic():
            world = build()
            for name, pattern in sorted(matrix.names().items()):
                if not everything and all((name, method) in known for method in matrix.METHODS):
                    continue
                try:
                    found = list(matrix.answers(world, name, pattern, full=True))
                except LookupError as missing:
                    print(missing, file=sys.stderr)
                    continue
                for method in matrix.METHODS:
                    words = {role: word for m, role, word, _answer in found if m == method}
                    rows.append({"url": name, "method": method, **words})
            transaction.set_rollback(True)
    finally:
        connection.creation.destroy_test_db(real, verbosity=0, keepdb=True)
    columns = ["url", "method", *ROLES]
    views = {name: pattern.callback for name, pattern in matrix.names().items()}
    if "--write" in arguments:
        write(matrix.FILE, columns, rows, views)
        return 0
    table = csv.DictWriter(sys.stdout, fieldnames=columns, lineterminator="\n")
    if everything:
        table.writeheader()
    where = ""
    for row in sorted(rows, key=lambda row: room_of(row["url"], views[row["url"]])):
        if where != (where := room_of(row["url"], views[row["url"]])):
            print(f"# tests/{where}/{matrix.FILE}", file=sys.stderr)
        table.writerow(row)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
