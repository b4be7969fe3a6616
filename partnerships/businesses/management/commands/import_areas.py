"""`manage.py import_areas FILE --kind beat --name-field BEAT_NUM --valid-from DATE`"""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from core.commands import DepartmentCommand
from partnerships.businesses.imports.areas import BY_OUTLINE, AreaReport, import_areas
from partnerships.businesses.imports.errors import ImportRefusedError, check_report
from partnerships.businesses.imports.redraw import OlderEditionError
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
    """Read districts, beats or neighborhoods, all of the file or nothing."""

    help = "Read districts, beats or neighborhoods, all of the file or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="GeoJSON, a shapefile in a zip, KML or KMZ")
        parser.add_argument("--kind", required=True, choices=Area.Kind.values)
        parser.add_argument("--name-field", required=True, help="the property with the number or name")
        parser.add_argument("--label-field", default="", help="the property with what people call it")
        parent = parser.add_mutually_exclusive_group()
        parent.add_argument("--parent-field", default="", help="for beats: the property with the district")
        parent.add_argument(
            "--parent-by-map", action="store_true", help="for beats: part of the district that it lies in"
        )
        parser.add_argument(
            "--valid-from", required=True, type=a_day, help="the first day these borders count, as 2012-01-31"
        )
        parser.add_argument(
            "--epsg", type=int, default=0, help="the EPSG code of the coordinates, if the file says none"
        )
        parser.add_argument("--swapped", action="store_true", help="latitude stands before longitude")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument(
            "--end-many", action="store_true", help="also when it ends more than a fifth of the areas"
        )
        parser.add_argument("--report", type=Path, help="write the report to this file as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            check_report(Path(options["report"]) if options["report"] else None)
            report = import_areas(
                Path(options["file"]),
                kind=options["kind"],
                name_field=options["name_field"],
                label_field=options["label_field"],
                parent_field=BY_OUTLINE if options["parent_by_map"] else options["parent_field"],
                valid_from=a_day(options["valid_from"]),
                code=options["epsg"],
                swapped=options["swapped"],
                actor=None,
                dry_run=options["dry_run"],
                end_many=options["end_many"],
            )
        except OlderEditionError as error:
            raise CommandError(f"{error} Give a later --valid-from.") from None
        except ImportRefusedError as error:
            raise CommandError(str(error)) from None
        if options["report"]:
            told = {key: value for key, value in asdict(report).items() if key != "map"}
            try:
                Path(options["report"]).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
            except OSError as error:
                raise CommandError(f"The report can't be written: {error.strerror}.") from None
        if options["verbosity"]:
            self._tell(report)

    def _tell(self, report: AreaReport) -> None:
        would = "Would be: " if report.dry_run else ""
        self.stdout.write(
            f"{would}{report.rows:,} areas: {report.created:,} created, {report.updated:,} updated, "
            f"{report.unchanged:,} unchanged, {report.redrawn:,} redrawn, {report.ended:,} ended. "
            f"{report.moved:,} businesses are in another area now."
        )
        if report.ends_many:
            self.stdout.write("More than a fifth of the areas would end: the import asks for --end-many.")
        for found, words in (
            (report.left_out, "have no outline and are left out"),
            (report.mended, "crossed themselves and were put right"),
            (report.far, "lie far away from all others"),
            (report.orphans, "are part of no district"),
        ):
            if found:
                named = ", ".join(each if isinstance(each, str) else each[0] for each in found[:10])
                self.stderr.write(f"{len(found):,} areas {words}: {named}")
        for one, other, size in report.overlaps[:10]:
            self.stderr.write(f"{one} and {other} overlap by {size} square miles.")
        if report.gaps:
            self.stderr.write(f"{len(report.gaps):,} spots between the areas belong to none.")
