"""What the mail provider tells us later: a mail came back, was reported as spam, arrived.

django-anymail knows the providers' formats; here stands what follows from an event. Every part can be said
any number of times: what is known is not written again.
"""

import re
from datetime import UTC
from typing import Any

from anymail.signals import EventType, RejectReason
from django.conf import settings
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.validators import validate_email
from django.db import DatabaseError, InterfaceError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import get_resolver
from django.utils.timezone import is_naive

from core import clock
from core.access import View, public
from core.mail import suppressions
from core.mail.models import OutgoingMail
from core.mail.outbox import life
from core.mail.outbox.compose import one_line
from core.mail.purposes import How
from core.mailboxes import normal

ADDRESS_LENGTH = 254
_NUMBER = re.compile(r"[0-9]{1,18}")
_SUFFIX = "_tracking_webhook"  # of the names that anymail gives its views
# In the words of a mail's life. Opened and clicked are nobody's business here.
_LIVED = {
    EventType.DELIVERED: "delivered",
    EventType.BOUNCED: "bounced",
    EventType.REJECTED: "bounced",
    EventType.COMPLAINED: "complained",
    EventType.UNSUBSCRIBED: "unsubscribed",
}
# Why a provider gave up for good. Its own policy (blocked), a virus or a timeout say nothing of the mailbox.
_NOBODY = frozenset({RejectReason.BOUNCED, RejectReason.INVALID})


def providers() -> set[str]:
    """The names that `MAIL_PROVIDER` may have."""
    return {name.removesuffix(_SUFFIX) for name in _views() if name.endswith(_SUFFIX)}


def _views() -> dict[str, Any]:
    """Anymail's views by name."""
    patterns: list[Any] = get_resolver("anymail.urls").url_patterns
    return {str(each.name): each.callback.view_class for each in patterns}


def hook(provider: str) -> View:
    """The view that takes a provider's events: anymail's own, but malformed posts are the sender's fault.

    Args:
        provider: one of `providers()`.
    """
    base = _views()[f"{provider}{_SUFFIX}"]

    class Hook(base):  # type: ignore[misc, valid-type]  # the class is chosen by a setting
        """Anymail's view, with an answer of 400 to what it can't read, and one line in the log."""

        def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                answer: HttpResponse = super().post(request, *args, **kwargs)
            except SuspiciousOperation as error:
                # Django logs an answer's reason as one warning, an error with all that led to it.
                return HttpResponseBadRequest(reason=one_line(error, 200).encode("ascii", "replace").decode())
            return answer

        def run_validators(self, request: HttpRequest) -> None:
            _readable(super().run_validators, request)

        def parse_events(self, request: HttpRequest) -> list[Any]:
            found: list[Any] = _readable(super().parse_events, request)
            return found

    return public(Hook.as_view())


def _readable(parse: Any, request: HttpRequest) -> Any:
    try:
        return parse(request)
    except (DatabaseError, InterfaceError):
        raise  # the provider tries again
    except SuspiciousOperation:
        raise
    except Exception as error:
        raise SuspiciousOperation(
            f"The mail provider's event can't be read: {type(error).__name__}."
        ) from error


def receive(sender: Any, event: Any, **kwargs: Any) -> None:
    """Anymail's signal `tracking`; see `heard`."""
    heard(event)


@transaction.atomic
def heard(event: Any) -> None:
    """Note one event of the provider: in the mail's life, and on the address if mail must leave it alone.

    Args:
        event: an `AnymailTrackingEvent`; its parts are whatever was posted.
    """
    what = _LIVED.get(event.event_type)
    if what is None:
        return
    answer = one_line(event.mta_response or event.description or "", 400)
    at = event.timestamp
    if at is not None and is_naive(at):
        at = at.replace(tzinfo=UTC)
    if at is not None:
        at = min(at, clock.now())  # the provider's clock may be ahead, and a person lifts it now
    address = _address(event.recipient)
    mail = _meant(event, address)
    if mail is not None and not any(each["what"] == what for each in mail.life):
        mail.life = [*mail.life, *life.line(what, answer, at)]
        mail.save(update_fields=["life"])
    address = address or (mail.to if mail is not None else "")
    if not address:
        return
    if event.event_type == EventType.COMPLAINED:
        suppressions.complained(address=address, detail=answer, mail=mail, at=at)
    elif event.event_type == EventType.UNSUBSCRIBED:
        suppressions.stop(address=address, how=How.ONE_CLICK, mail=mail)
    elif what == "bounced" and _for_good(event, answer):
        suppressions.bounced(address=address, detail=answer, mail=mail, at=at)


def _address(recipient: Any) -> str:
    """The recipient as the provider names them, if it is an address."""
    if not isinstance(recipient, str) or len(recipient) > ADDRESS_LENGTH:
        return ""
    try:
        validate_email(recipient)
    except ValidationError:
        return ""
    return recipient


def _for_good(event: Any, answer: str) -> bool:
    """Whether nobody is at the address: not for a full mailbox, a policy, or what may work tomorrow."""
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    if raw.get("Type") == "SoftBounce":  # Postmark's word; anymail calls both kinds bounced
        return False
    return event.reject_reason in _NOBODY and not suppressions.tells_otherwise(answer)


def _meant(event: Any, address: str) -> OutgoingMail | None:
    """The mail of an event, locked: by our Message-ID or number, as far as the provider gives it back."""
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    given = (one_line(each, 200).strip("<> ") for each in (event.message_id, raw.get("smtp-id")) if each)
    rows = OutgoingMail.objects.select_for_update()
    mail = rows.filter(message_id__in=[f"<{each}>" for each in given]).first()
    number = str(event.metadata.get("mail", "")) if isinstance(event.metadata, dict) else ""
    if mail is None and _NUMBER.fullmatch(number):
        mail = rows.filter(pk=int(number)).first()
    return mail if mail is not None and normal(address) in ("", normal(mail.to)) else None


def is_on() -> bool:
    """Whether a provider may post here: only with a secret."""
    return (
        bool(settings.MAIL_PROVIDER and settings.MAIL_WEBHOOK_SECRET)
        and settings.MAIL_PROVIDER in providers()
    )
