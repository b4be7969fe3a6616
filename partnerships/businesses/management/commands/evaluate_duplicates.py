"""`manage.py evaluate_duplicates`"""

import json
from argparse import ArgumentParser
from typing import Any

from core.commands import DepartmentCommand
from partnerships.businesses.duplicates.evaluation import Figures, evaluate
from partnerships.businesses.duplicates.labeled import SETS, pairs
from partnerships.businesses.duplicates.scoring import THRESHOLD


class Command(DepartmentCommand):
    """Measure how well duplicates are told from neighbors, on labeled pairs of invented places."""

    help = "Measure how well duplicates are told from neighbors, on 500 labeled pairs of invented places."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--set", choices=sorted(SETS), default="held-out", help="which names; held-out by default"
        )
        parser.add_argument("--seed", default="", help="make other pairs of the same names")
        parser.add_argument(
            "--threshold", type=int, default=THRESHOLD, help=f"of 100; {THRESHOLD} by default"
        )
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = evaluate(pairs(options["set"], options["seed"]), options["threshold"])
        if options["json"]:
            told = {"set": options["set"], "seed": options["seed"] or SETS[options["set"]][0]}
            self.stdout.write(json.dumps({**told, **found.as_json()}, indent=2))
        else:
            self._tell(found)

    def _tell(self, found: Figures) -> None:
        self.stdout.write(
            f"{found.pairs} pairs, half of them one place. From {found.threshold} of 100 on: "
            f"precision {found.precision:.3f}, recall {found.recall:.3f}. "
            f"{found.missed} missed, {found.wrong} wrongly taken for one."
        )
        for kind, count in found.wrong_by_kind.items():
            self.stdout.write(f"  {kind}: {count}")
        for one, other, score in found.examples[:10]:
            self.stdout.write(f"  {score:3} {one} / {other}")
