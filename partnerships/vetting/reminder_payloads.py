"""What the reminders of this room say: the payloads of their mails."""

from dataclasses import dataclass


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
