"""Print the present second-factor code of a demonstration account."""

import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import try_as
from accounts.models import User
from core import mailboxes


class Command(BaseCommand):
    help = "Print the code that a demonstration account's authenticator app shows now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the demonstration account's address")

    def handle(self, *args: Any, **options: Any) -> None:
        if not try_as.is_on():
            raise CommandError(
                "This is not a demonstration: codes are shown for demonstration accounts only."
            )
        email = mailboxes.normal(options["email"])
        user = User.objects.filter(email=email).first()
        if user is None or not user.is_demo:
            raise CommandError(f"{email} is not a demonstration account.")
        authenticator = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        if authenticator is None:
            raise CommandError(f"{email} has no authenticator app: it signs in without a second factor.")
        counter = int(time.time()) // app_settings.TOTP_PERIOD
        value = hotp_value(decrypt(authenticator.data["secret"]), counter)
        self.stdout.write(format_hotp_value(value))
