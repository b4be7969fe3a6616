"""Print the table of every mail, or write it into docs/mail.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from core.mail import table as mail_table


class Command(BaseCommand):
    help = "Print every mail with trigger, audience, purpose, template and rules; --write updates the docs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help=f"write it into {mail_table.FILE}")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["write"]:
            self.stdout.write(mail_table.table())
            return
        path = settings.BASE_DIR / mail_table.FILE
        path.write_text(mail_table.written(path.read_text()))
        self.stdout.write(f"Written into {mail_table.FILE}.")
