"""What the mail provider tells us later: a mail came back, was reported as spam, arrived.

django-anymail knows the providers' formats; here stands what follows from an event. Every part can be said
any number of times: what is known is not written again.
"""

from typing import Any

from anymail.signals import EventType, RejectReason
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, InterfaceError, transaction
from django.http import HttpRequest
from django.urls import get_resolver

from core import suppressions
from core.access import View, public
from core.models.consent import How
from core.models.mail import OutgoingMail
from core.outbox import life
from core.outbox.compose import one_line

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
        """Anymail's view, with an answer of 400 to what it can't read."""

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
        event: an `AnymailTrackingEvent`.
    """
    what = _LIVED.get(event.event_type)
    if what is None:
        return
    answer = one_line(event.mta_response or event.description or "", 400)
    mail = _meant(event)
    if mail is not None and not any(each["what"] == what for each in mail.life):
        mail.life = [*mail.life, *life.line(what, answer, event.timestamp)]
        mail.save(update_fields=["life"])
    address = str(event.recipient or (mail.to if mail else ""))
    if not address:
        return
    if event.event_type == EventType.COMPLAINED:
        suppressions.complained(address=address, detail=answer, mail=mail, at=event.timestamp)
    elif event.event_type == EventType.UNSUBSCRIBED:
        suppressions.stop(address=address, how=How.ONE_CLICK, mail=mail)
    elif what == "bounced" and _for_good(event, answer):
        suppressions.bounced(address=address, detail=answer, mail=mail, at=event.timestamp)


def _for_good(event: Any, answer: str) -> bool:
    """Whether nobody is at the address: not for a full mailbox, a policy, or what may work tomorrow."""
    if event.reject_reason not in _NOBODY:
        return False
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    if raw.get("Type") == "SoftBounce":  # Postmark's word; anymail calls both kinds bounced
        return False
    return not suppressions.tells_otherwise(answer)


def _meant(event: Any) -> OutgoingMail | None:
    """The mail of an event, locked: by our Message-ID or number, as far as the provider gives it back."""
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    names = [f"<{str(each).strip('<> ')}>" for each in (event.message_id, raw.get("smtp-id")) if each]
    number = str((event.metadata or {}).get("mail", ""))
    rows = OutgoingMail.objects.select_for_update()
    mail = rows.filter(message_id__in=names).first() if names else None
    if mail is None and number.isdecimal() and len(number) < 19:
        mail = rows.filter(pk=int(number)).first()
    if mail is None or (event.recipient and event.recipient.strip().lower() != mail.to.lower()):
        return None
    return mail


def is_on() -> bool:
    """Whether a provider may post here: only with a secret."""
    return (
        bool(settings.MAIL_PROVIDER and settings.MAIL_WEBHOOK_SECRET)
        and settings.MAIL_PROVIDER in providers()
    )
