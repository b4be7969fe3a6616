"""`python -m tests.bench [--json FILE] [NAME…]`: measure, print the table, write the same as JSON."""

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from config.local.errors import LocalError
from config.local.places import BASE_DIR

from .measure import ROUNDS, Row, table
from .rows import ROWS
from .servers import bench

SIZES = "10000,100000"


def main() -> int:
    """Run the rows; 0 unless the servers can't be started."""
    names = [each.__name__ for each in ROWS]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these of: {', '.join(names)}")
    parser.add_argument("--json", type=Path, default=BASE_DIR / "var" / "bench.json", metavar="FILE")
    wanted = parser.parse_args()
    if unknown := set(wanted.names) - set(names):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    sizes = [int(each) for each in os.environ.get("BENCH_SIZES", SIZES).split(",")]
    folder = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var" / "bench")
    found: list[Row] = []
    try:
        with bench(sizes, folder) as one:
            for each in ROWS:
                if not wanted.names or each.__name__ in wanted.names:
                    print(f"{each.__name__} …", file=sys.stderr, flush=True)
                    found += each(one)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    print(table(found))
    wanted.json.parent.mkdir(parents=True, exist_ok=True)
    wanted.json.write_text(
        json.dumps(
            {
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {sys.version.split()[0]}",
                "rounds": ROUNDS,
                "rows": [each.as_json() for each in found],
            },
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )
    print(f"\nThe same as JSON: {wanted.json}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
