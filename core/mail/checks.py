"""System checks on mail: figures that must stand in order, the relay, the provider, what the rooms offer."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from core import rooms
from core.mail.outbox import Mail


@register()
def mail_limits_in_order(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """A mail's time limits rise: one SMTP step, one task, one lease. Else two workers could send one mail."""
    found: list[CheckMessage] = []
    figures = (settings.EMAIL_TIMEOUT, settings.MAIL_TASK_LIMIT, settings.MAIL_LEASE)
    if not 0 < figures[0] < figures[1] < figures[2]:
        found.append(
            Error(
                "EMAIL_TIMEOUT < MAIL_TASK_LIMIT < MAIL_LEASE does not hold.",
                hint=f"They are {figures}, in seconds.",
                id="mail.E001",
            )
        )
    if settings.MAIL_DRAIN_LIMIT + settings.MAIL_RECORD_FOR >= settings.MAIL_TASK_LIMIT:
        found.append(
            Error(
                "MAIL_DRAIN_LIMIT + MAIL_RECORD_FOR < MAIL_TASK_LIMIT does not hold.",
                hint="A sent mail could not be noted before its task is ended, and would be sent again.",
                id="mail.E003",
            )
        )
    if 0 < settings.MAIL_RATE_PER_SECOND * settings.MAIL_DRAIN_LIMIT < 2:
        found.append(
            Error(
                "MAIL_RATE_PER_SECOND × MAIL_DRAIN_LIMIT is below 2.",
                hint="A drain would end before the rate lets its first mail go.",
                id="mail.E011",
            )
        )
    if not settings.MAIL_BACKOFF or list(settings.MAIL_BACKOFF) != sorted(settings.MAIL_BACKOFF):
        found.append(
            Error(
                "MAIL_BACKOFF must be a list of rising seconds.",
                hint="Such as 60, 300, 900, 3600.",
                id="mail.E004",
            )
        )
    return found


@register()
def mail_relay_is_understood(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """`EMAIL_URL` says by its scheme whether it is encrypted; `?tls=True` would be read by nobody."""
    if getattr(settings, "EMAIL_URL_OPTIONS", None):
        names = ", ".join(sorted(settings.EMAIL_URL_OPTIONS))
        return [
            Error(
                f"EMAIL_URL has options that mean nothing: {names}.",
                hint="Write smtp+tls:// for STARTTLS (port 587) or smtp+ssl:// for TLS (port 465).",
                id="mail.E006",
            )
        ]
    return []


@register()
def mail_provider_is_known_and_has_a_secret(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Whoever could post events unchecked could keep mail from anyone."""
    from core.mail.webhooks import providers

    if not settings.MAIL_PROVIDER:
        return []
    if settings.MAIL_PROVIDER not in providers():
        return [
            Error(
                f"MAIL_PROVIDER is {settings.MAIL_PROVIDER!r}, which is no provider with events.",
                hint=f"Known are: {', '.join(sorted(providers()))}.",
                id="mail.E008",
            )
        ]
    user, colon, password = settings.MAIL_WEBHOOK_SECRET.partition(":")
    if not (user and colon and len(password) >= 16):
        return [
            Error(
                "MAIL_PROVIDER is set, but MAIL_WEBHOOK_SECRET is not user:password.",
                hint="The provider posts to https://user:password@…/hooks/mail/. Take a random password of "
                "at least 16 characters.",
                id="mail.E009",
            )
        ]
    return []


@register()
def names_stand_once(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """No two mails, sources of reminders or checks whether a mail is still wanted have one name.

    The last would hide the first.
    """
    mails: list[Mail] = [each for _room, offered in rooms.offered("emails", "MAILS") for each in offered]
    sources = [each for _room, offered in rooms.offered("reminders", "SOURCES") for each in offered]
    wanted = {each.wanted for each in mails if each.wanted}
    lists = {
        "mails have the template": [each.template for each in mails],
        "sources of reminders have the key": [each.key for each in sources],
        "checks whether a mail is still wanted have the name": [each.name for each in wanted],
    }
    return [
        Error(
            f"{times} {what} {name}.",
            hint="Only the last of them would be known. Give each its own.",
            id="mail.E010",
        )
        for what, names in lists.items()
        for name, times in Counter(names).items()
        if times > 1
    ]


@register()
def one_room_says_whose_mail_it_is(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Whose mail a user sees, and where replies go, is one room's to say."""
    found: list[CheckMessage] = []
    for what in ("mail_organizations", "reply_addresses"):
        try:
            rooms.the_one("scope", what)
        except ImproperlyConfigured as error:
            found.append(Error(str(error), id="mail.E012"))
    return found
