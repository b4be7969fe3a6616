"""`manage.py import_areas FILE --kind beat --name-field BEAT_NUM --valid-from DATE`"""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from core.commands import DepartmentCommand
from partnerships.businesses.imports.areas import import_areas
from partnerships.businesses.imports.errors import ImportRefusedError, check_report
from partnerships.businesses.models import Area


def a_day(typed: str | date) -> date:
    """A date as the option takes it; `call_command` may give a date itself."""
    if isinstance(typed, date):
        return typed
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ArgumentTypeError(f"“{typed}” is not a date like 2012-01-31") from None


class Command(DepartmentCommand):
    """Read districts, beats or neighborhoods from GeoJSON, all of the file or nothing."""

    help = "Read districts, beats or neighborhoods from GeoJSON, all of the file or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the GeoJSON file")
        parser.add_argument("--kind", required=True, choices=Area.Kind.values)
        parser.add_argument("--name-field", required=True, help="the property with the number or name")
        parser.add_argument("--parent-field", default="", help="for beats: the property with the district")
        parser.add_argument(
            "--valid-from", required=True, type=a_day, help="the first day these borders count, as 2012-01-31"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--report", type=Path, help="write the report to this file as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            check_report(Path(options["report"]) if options["report"] else None)
            report = import_areas(
                Path(options["file"]),
                kind=options["kind"],
                name_field=options["name_field"],
                parent_field=options["parent_field"],
                valid_from=a_day(options["valid_from"]),
                actor=None,
                dry_run=options["dry_run"],
            )
        except ImportRefusedError as error:
            raise CommandError(str(error)) from None
        if options["report"]:
            try:
                Path(options["report"]).write_text(json.dumps(asdict(report), indent=2) + "\n")
            except OSError as error:
                raise CommandError(f"The report can't be written: {error.strerror}.") from None
        if options["verbosity"]:
            would = "Would be: " if report.dry_run else ""
            self.stdout.write(
                f"{would}{report.rows:,} areas: {report.created:,} created, {report.updated:,} updated, "
                f"{report.unchanged:,} unchanged, {report.redrawn:,} redrawn, {report.ended:,} ended. "
                f"{report.moved:,} businesses are in another area now."
            )
