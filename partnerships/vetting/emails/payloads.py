"""What the mails of this room say: frozen, so that a missing word fails when the mail is queued.

Nothing of a review is ever in one.
"""

from dataclasses import dataclass

from core.mail.outbox import Until


@dataclass(frozen=True)
class ReceiptMail:
    """An application arrived, or arrived again."""

    name: str
    organization: str
    reference: str
    promised_on: Until
    again: bool
    url: str


@dataclass(frozen=True)
class ActionNeededMail:
    """The department needs something from the owner."""

    name: str
    organization: str
    message: str
    asked_for: list[str]
    url: str


@dataclass(frozen=True)
class ConditionLine:
    """One condition of an approval."""

    text: str
    due_on: Until


@dataclass(frozen=True)
class WelcomeMail:
    """Approved: the letter and what comes next."""

    name: str
    opening: str
    letter: str
    conditions: list[ConditionLine]
    valid_until: Until
    officer: str
    officer_phone: str
    url: str


@dataclass(frozen=True)
class DeclinedMail:
    """Declined: reasons, the letter, and how to appeal."""

    name: str
    opening: str
    letter: str
    reasons: list[str]
    appeal_until: Until
    url: str


@dataclass(frozen=True)
class WithdrawnMail:
    """The other side withdrew the application."""

    name: str
    organization: str
    reference: str
    url: str


@dataclass(frozen=True)
class AppealReceiptMail:
    """An appeal arrived."""

    name: str
    organization: str
    promised_on: Until
    url: str


@dataclass(frozen=True)
class About:
    """What every reminder of this room says of its application.

    Args:
        organization: its name.
        reference: a short name to say on the phone.
        officer: the lead officer, unless they read this themselves.
        officer_phone: their number.
        call: asks the officer who reads it to call the owner, who has no email; else "".
        url: where to do it.
    """

    organization: str
    reference: str
    officer: str
    officer_phone: str
    call: str
    url: str


@dataclass(frozen=True)
class DraftReminderMail:
    """An application was begun and not sent."""

    name: str
    about: About
    saved: str


@dataclass(frozen=True)
class ActionReminderMail:
    """The owner has not answered yet."""

    name: str
    about: About
    asked: str
    asked_for: list[str]
    message: str


@dataclass(frozen=True)
class PromiseMail:
    """The promised day comes near, or has passed, and the next step is the reader's."""

    name: str
    about: About
    promised: str
    late: bool
    task: str


@dataclass(frozen=True)
class ApprovalExpiringMail:
    """A partnership is about to end."""

    name: str
    about: About
    until: str


@dataclass(frozen=True)
class ConditionMail:
    """A condition of an approval falls due, or is overdue."""

    name: str
    about: About
    condition: str
    due: str
