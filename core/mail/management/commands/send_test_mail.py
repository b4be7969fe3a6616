"""Send one test mail through the outbox, to see that mail leaves this site."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from core import clock
from core.mail.emails import TEST, TestMail
from core.mail.outbox import Reader


class Command(BaseCommand):
    help = "Queue a test mail. The worker sends it; the desk's page “Outgoing mail” shows what became of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="who gets it")
        parser.add_argument("--note", default="", help="a line to tell it from others")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["address"])
        except ValidationError:
            raise CommandError(f"{options['address']} is not an email address.") from None
        address, note = options["address"], options["note"]
        mail = TEST.send(
            to=Reader("mail", address),
            key=f"{TEST.rule}:mail:{address}:{clock.now().isoformat()}",
            payload=lambda: TestMail(note=note),
        )
        if mail is None:
            raise CommandError("The same test mail was queued a moment ago.")
        self.stdout.write(f"Queued as {mail.message_id}.")
