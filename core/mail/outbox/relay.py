"""The way to the mail relay: one open connection per batch, and an answer that says what happened."""

import logging
import smtplib
import uuid
from contextlib import suppress
from dataclasses import dataclass
from email.generator import BytesGenerator
from email.policy import Compat32
from email.utils import formataddr, parseaddr
from enum import Enum
from functools import cache
from io import BytesIO
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend

from core import mailboxes
from core.mail.links import unsubscribe_headers
from core.mail.models import OutgoingMail
from core.mail.purposes import OUR_FAULT
from core.mail.suppressions import nobody_there
from core.models.department import Department

from .compose import one_line
from .life import NO_ADDRESS

logger = logging.getLogger(__name__)
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# Answers that tell of our account at the relay, not of this mail.
_OUR_ACCOUNT = frozenset({530, 534, 535, 538})
_TOO_LARGE = 552
LINE_LENGTH = 78  # of a header; longer ones are folded


class RelayDownError(Exception):
    """The relay can't be reached or won't talk to us at all: no mail's fault."""


class Result(Enum):
    """What came of handing a mail over."""

    SENT = "sent"
    LATER = "later"  # refused for now
    NEVER = "never"  # refused for good
    FAULT = "fault"  # ours: it could not be made ready
    UNCERTAIN = "uncertain"  # the connection was lost after the text went out: it may have arrived


@dataclass(frozen=True)
class Answer:
    """A result with the relay's words."""

    result: Result
    words: str
    nobody_there: bool = False  # the recipient's mailbox does not exist


class _Watched(smtplib.SMTP):
    """Remembers the relay's last reply, and whether a text is out whose receipt was not confirmed."""

    last_reply = ""
    unconfirmed = False

    def getreply(self) -> tuple[int, bytes]:
        code, words = super().getreply()
        self.last_reply = f"{code} {words.decode('utf-8', 'replace')}"
        # 354 is the go-ahead for the text. Until the next reply its fate is open.
        self.unconfirmed = code == 354
        return code, words


class _WatchedSSL(_Watched, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class Letter(EmailMultiAlternatives):
    """A message and what goes out of it, made once: to see whether that works, and to be sent.

    Attributes:
        raw: the whole message.
        envelope: the sender's address and the recipient's, without names.
    """

    raw = b""
    envelope = ("", "")


class _QuickPolicy(Compat32):
    """Headers as Django sends them; those that need no folding and no encoding are written as they are."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if isinstance(value, str) and value.isascii() and value.isprintable():
            line = f"{name}: {value}"
            if value and len(line) <= LINE_LENGTH:
                return (line + self.linesep).encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _QuickPolicy(linesep="\r\n")


def bytes_of(letter: Letter) -> bytes:
    """The whole message as it goes out; what Django's `as_bytes` makes, in half the time.

    Raises:
        BadHeaderError, ValueError: a header or an address that can't be written.
    """
    message: Any = letter.message()
    for part in message.walk():
        if part.is_multipart():
            # One that nobody can have written. Python would search all parts for its own, each time anew.
            part.set_boundary(f"=_{uuid.uuid4().hex}")
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False, policy=_POLICY).flatten(message)
    return written.getvalue()


class WatchedBackend(EmailBackend):
    """Django's SMTP backend over a connection that remembers, for a `Letter`."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WatchedSSL if self.use_ssl else _Watched

    def _send(self, letter: Letter) -> bool:
        """As Django's, without making bytes and addresses a second time; raises what `smtplib` raises."""
        relay: Any = self.connection
        sender, recipient = letter.envelope
        relay.sendmail(sender, [recipient], letter.raw)
        return True


class Relay:
    """A connection to the relay for one batch; use as a context manager."""

    def __init__(self) -> None:
        own = settings.EMAIL_BACKEND == SMTP_BACKEND
        self._backend: Any = WatchedBackend() if own else get_connection()
        self._department = Department.current()
        self._open = False
        self._used = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def is_open(self) -> bool:
        """Connected, as far as we know."""
        return self._open

    def open(self) -> None:
        """Connect unless connected.

        Raises:
            RelayDownError: it did not work.
        """
        if self._open:
            return
        try:
            self._backend.open()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise RelayDownError(_words(error)) from error
        self._open, self._used = True, False

    def ask(self) -> None:
        """Connect, say from whom mail will be, and hang up.

        Raises:
            RelayDownError: it can't be reached, or refuses us.
        """
        self.open()
        relay = getattr(self._backend, "connection", None)
        try:
            if isinstance(relay, smtplib.SMTP):
                relay.ehlo_or_helo_if_needed()
                code, said = relay.mail(_our_address())
                if code >= 400:
                    raise smtplib.SMTPResponseException(code, said)
        except (smtplib.SMTPException, OSError) as error:
            raise RelayDownError(_words(error)) from error
        finally:
            self.close()

    def close(self) -> None:
        """Hang up; never raises."""
        self._open = False
        with suppress(Exception):
            self._backend.close()

    def send(self, mail: OutgoingMail) -> Answer:
        """Hand one mail over and say what came of it. Call `open` first.

        Raises:
            RelayDownError: the relay refuses us altogether; the mail was not taken.
        """
        try:
            mailboxes.check(mail.to)
        except ValidationError:
            return Answer(Result.NEVER, NO_ADDRESS)
        try:
            message = build(mail, self._department)
            message.raw = bytes_of(message)
        except Exception as error:  # ours: what people wrote is tidied, and the address is one
            logger.exception("Mail %s can't be built.", mail.pk)
            return Answer(Result.FAULT, f"{OUR_FAULT}: {type(error).__name__}")
        answer = self._hand_over(message)
        if answer is None:
            # The relay had hung up on a connection that served before: once more on a fresh one.
            self.close()
            self.open()
            answer = self._hand_over(message)
        return answer or Answer(Result.LATER, "421 The relay hung up.")

    def _hand_over(self, message: Letter) -> Answer | None:
        """One try; `None` when a used connection turned out to be closed before the text went out."""
        session = getattr(self._backend, "connection", None)
        if session is not None and hasattr(session, "unconfirmed"):
            session.unconfirmed = False
        fresh, self._used = not self._used, True
        try:
            self._backend.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            return self._refused(code, words, fresh, recipient=True)
        except smtplib.SMTPSenderRefused as error:
            return self._refused(error.smtp_code, error.smtp_error, fresh, sender=True)
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error, fresh)
        except smtplib.SMTPNotSupportedError as error:
            return Answer(Result.NEVER, _words(error))
        except (smtplib.SMTPException, OSError) as error:
            unconfirmed = getattr(session, "unconfirmed", False)
            self.close()
            if unconfirmed:
                return Answer(Result.UNCERTAIN, _words(error))
            return Answer(Result.LATER, _words(error)) if fresh else None
        except Exception as error:  # a provider's own backend may raise anything
            self.close()
            return Answer(Result.LATER, _words(error))
        return Answer(Result.SENT, str(getattr(session, "last_reply", "") or "handed over"))

    def _refused(
        self, code: int, words: Any, fresh: bool, *, sender: bool = False, recipient: bool = False
    ) -> Answer | None:
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        said = f"{code} {one_line(text, 400)}"
        if code == 421:
            self.close()
            return Answer(Result.LATER, said) if fresh else None
        if code in _OUR_ACCOUNT or (sender and 500 <= code < 600 and code != _TOO_LARGE):
            # Our account or our own address is refused: no recipient is at fault, and every mail would fail.
            self.close()
            raise RelayDownError(said)
        if not 500 <= code < 600:
            return Answer(Result.LATER, said)
        return Answer(Result.NEVER, said, nobody_there(said, at_recipient=recipient))


def sender_of(department: Department) -> str:
    """Whom mail is from, as its header says: the department's short name, and the product's address."""
    return formataddr((one_line(department.short_name, 60), _our_address()))


def _our_address() -> str:
    return _wired(settings.DEFAULT_FROM_EMAIL)


@cache
def _wired(line: str) -> str:
    return mailboxes.wire(parseaddr(line)[1])


def build(mail: OutgoingMail, department: Department) -> Letter:
    """The message of a mail: constant Message-ID, text first, HTML as the alternative.

    Args:
        mail: a row with its body.
        department: whose name stands before the sender's address.
    """
    to, replies = mailboxes.wire(mail.to), mail.reply_to or mailboxes.wire(department.email)
    message = Letter(
        subject=one_line(mail.subject, 200),
        body=mail.text,
        from_email=sender_of(department),
        to=[formataddr((one_line(mail.recipient_name, 100), to)) if mail.recipient_name else to],
        reply_to=[replies] if replies else None,
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **_provider_headers(mail),
            **unsubscribe_headers(mail),
        },
    )
    message.envelope = (_our_address(), to)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        # Gmail and Outlook read the invitation beside the text, with its method; the same as a file serves
        # Apple Mail and people. The file has a type of its own, or Outlook would see two invitations.
        message.attach_alternative(mail.calendar, f"text/calendar; method={mail.calendar_method}")
        message.attach("invite.ics", mail.calendar.encode(), "application/ics")
    return message


def _provider_headers(mail: OutgoingMail) -> dict[str, str]:
    """What a provider with Message-IDs of its own must carry, to tell us later which mail it means."""
    if settings.MAIL_PROVIDER == "postmark":
        return {"X-PM-Metadata-mail": str(mail.pk), "X-PM-KeepID": "true"}
    return {}


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {one_line(text, 400)}"
    return f"{type(error).__name__}: {one_line(error, 400)}"
