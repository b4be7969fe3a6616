"""`manage.py seed_demo`: the invented department and its businesses, to look around in."""

import shutil
import sys
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.models import User
from accounts.try_as import is_on
from core.commands import DepartmentCommand
from core.demo import build
from partnerships.businesses.models import Organization


class Command(DepartmentCommand):
    """Load the demonstration: an invented department in real districts. Never in production."""

    help = "Load the demonstration: an invented department in real districts. Never in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is data already")
        parser.add_argument("--reset", action="store_true", help="first throw ALL data of this database away")
        parser.add_argument("--yes", action="store_true", help="do not ask before --reset")

    def execute(self, *args: Any, **options: Any) -> str | None:
        # Refused before the database is asked anything, even for the department's zone.
        if not is_on():
            raise CommandError(
                "The demonstration exists only where it is switched on (config.settings.local with DEMO=1)."
            )
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["reset"]:
            self._reset(sure=options["yes"])
        if User.objects.filter(is_demo=True).exists():
            self._say("The demonstration is there already.", options)
            return
        if User.objects.exists() or Organization.objects.exists():
            if options["if_empty"]:
                self._say("There is data already; no demonstration is loaded.", options)
                return
            raise CommandError(
                "There is data already. The demonstration is loaded into an empty database only; "
                "`seed_demo --reset` throws everything away first."
            )
        started = monotonic()
        counts = build(lambda line: self._say(f"{line} …", options))
        self._say(f"{', '.join(counts)}. {monotonic() - started:.1f} s.", options)

    def _say(self, line: str, options: dict[str, Any]) -> None:
        if options["verbosity"]:
            self.stdout.write(line)

    def _reset(self, *, sure: bool) -> None:
        name = connection.settings_dict["NAME"]
        if not sure:
            if not sys.stdin.isatty():
                raise CommandError("--reset throws all data away. Add --yes to do it without being asked.")
            if input(f"Throw away ALL data of the database “{name}”? Type its name: ") != name:
                raise CommandError("Nothing was changed.")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        connection.close()
        shutil.rmtree(Path(settings.MEDIA_ROOT) / "evidence", ignore_errors=True)
        call_command("migrate", interactive=False, verbosity=0)
