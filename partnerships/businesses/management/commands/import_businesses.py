"""`manage.py import_businesses FILE --preset chicago-licenses`"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import CommandError

from core.commands import DepartmentCommand
from core.progress import bar
from partnerships.businesses.imports import mappings
from partnerships.businesses.imports.businesses import Report, import_businesses
from partnerships.businesses.imports.errors import ImportRefusedError, check_report, sentence
from partnerships.businesses.imports.presets import Preset, known_presets, load_mapping


def _told(error: dict[str, Any]) -> dict[str, Any]:
    """A row's error for people: the sentence in place of its parts."""
    return {"line": error["line"], "column": error["column"], "reason": sentence(error)}


class Command(DepartmentCommand):
    """Read a city's business-license file into the registry, all of it or nothing."""

    help = "Read a city's business-license file into the registry, all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a table in text (CSV) or a workbook (.xlsx)")
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--preset", help=f"how to read it: {', '.join(known_presets())}, or one of your own")
        how.add_argument("--mapping", type=Path, help="a TOML file of your own that says how to read it")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument(
            "--close-many", action="store_true", help="also when it closes more than a fifth of its source"
        )
        parser.add_argument("--report", type=Path, help="write the report to this file as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        started = monotonic()
        try:
            check_report(Path(options["report"]) if options["report"] else None)
            preset: Preset = (
                mappings.load(options["preset"])
                if options["preset"]
                else load_mapping(Path(options["mapping"]))
            )
            with bar(self.stderr, options["verbosity"]) as progress:
                report = import_businesses(
                    Path(options["file"]),
                    preset,
                    actor=None,
                    dry_run=options["dry_run"],
                    close_many=options["close_many"],
                    progress=progress,
                )
        except ImportRefusedError as error:
            raise CommandError(str(error)) from None
        if options["report"]:
            try:
                told = {**asdict(report), "errors": [_told(error) for error in report.errors]}
                Path(options["report"]).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
            except OSError as error:
                raise CommandError(
                    f"The file was imported, but the report can't be written to {options['report']}: "
                    f"{error.strerror}."
                ) from None
        if options["verbosity"]:
            self._tell(report, monotonic() - started)

    def _tell(self, report: Report, seconds: float) -> None:
        would = "Would be: " if report.dry_run else ""
        self.stdout.write(
            f"{would}{report.rows:,} rows: {report.created:,} created, {report.updated:,} updated, "
            f"{report.unchanged:,} unchanged, {report.merged:,} merged, {report.rejected:,} rejected. "
            f"{report.organizations:,} new organizations, {report.located:,} places in an area."
        )
        if report.kept:
            self.stdout.write(f"{report.kept:,} places keep what a person changed here.")
        if report.outdated:
            self.stdout.write(f"{report.outdated:,} places stay as they were: the file holds older licenses.")
        for error in report.errors[:10]:
            where = f", column {error['column']}" if error["column"] else ""
            self.stderr.write(f"line {error['line']}{where}: {sentence(error)}")
        if report.rejected > 10:
            self.stderr.write(f"… and {report.rejected - 10:,} more rejected rows; --report FILE lists them.")
        self.stdout.write(f"{seconds:.1f} s, {report.rows / max(seconds, 0.001):,.0f} rows a second.")
