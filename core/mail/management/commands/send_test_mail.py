"""Send one test mail through the outbox, to see that mail leaves this site."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from core import clock
from core.mail.emails import TEST_SUBJECT, TEST_WHY, TestMail
from core.mail.outbox import Draft, enqueue
from core.mail.purposes import Category


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
        mail = enqueue(
            Draft(
                key=f"core.test:mail:{options['address']}:{clock.now().isoformat()}",
                to=options["address"],
                category=Category.SERVICE,
                template="mail/test",
                subject=TEST_SUBJECT,
                why=TEST_WHY,
                payload=TestMail(note=options["note"]),
                room="mail",
            )
        )
        if mail is None:
            raise CommandError("The same test mail was queued a moment ago.")
        self.stdout.write(f"Queued as {mail.message_id}.")
