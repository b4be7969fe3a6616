"""`make demo-reset`: throw the local data away, so that the next `make run` starts from nothing."""

import shutil
import sys
from pathlib import Path

from .errors import LocalError, explain
from .places import data_places, open_lock, try_lock


def main() -> int:
    """Remove what `make run` made under the data folder; refuse while something uses it."""
    places = data_places()
    try:
        if not places.root.exists():
            print(f"There is nothing in {places.root}.")
            return 0
        places.create()
        with (
            open_lock(places.run / "supervisor.lock") as run,
            open_lock(places.run / "postgres.users") as users,
        ):
            if not try_lock(run) or not try_lock(users):
                raise LocalError(
                    f"The data in {places.root} is in use. Stop `make run` and other commands first."
                )
            _remove(places.root)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    print("The local data is gone. `make run` starts from nothing and loads the demonstration.")
    return 0


def _remove(root: Path) -> None:
    from .account import server_account, server_home
    from .places import Places

    try:
        for folder in {
            server_home(Places(root), server_account()),
            root / "mail",
            root / "files",
            root / "static",
        }:
            if folder.exists():
                shutil.rmtree(folder)
    except OSError as error:
        raise explain(error, root) from error


if __name__ == "__main__":
    sys.exit(main())
