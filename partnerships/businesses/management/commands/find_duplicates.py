"""`manage.py find_duplicates`"""

import json
from argparse import ArgumentParser
from time import monotonic
from typing import Any

from core import words
from core.commands import DepartmentCommand
from core.progress import bar
from partnerships.businesses.duplicates.scan import find_duplicates


class Command(DepartmentCommand):
    """Look through the registry for places that stand in it twice, and keep the pairs for the desk."""

    help = "Look through the registry for places that stand in it twice, and keep the pairs for the desk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        started = monotonic()
        with bar(self.stderr, 0 if options["json"] else options["verbosity"]) as progress:
            found = find_duplicates(actor=None, progress=progress)
        seconds = monotonic() - started
        if options["json"]:
            self.stdout.write(json.dumps({**found.as_json(), "seconds": round(seconds, 1)}, indent=2))
            return
        self.stdout.write(
            f"{words.number(found.pairs)} pairs that may be one among {words.number(found.places)} places "
            f"of business: {words.number(found.new)} new, {words.number(found.gone)} no longer alike. "
            f"{words.number(found.compared)} pairs compared, {words.number(found.crowded)} blocks "
            f"too crowded. {seconds:.1f} s."
        )
