"""What the mails of this room say: frozen, so that a missing word fails when the mail is queued."""

from dataclasses import dataclass


@dataclass(frozen=True)
class InvitationMail:
    """A colleague asks you to join."""

    organization: str
    invited_by: str
    role: str
    sites: list[str]
    url: str
    days: int


@dataclass(frozen=True)
class ClaimMail:
    """Your claim was settled."""

    name: str
    business: str
    reason: str
    url: str


@dataclass(frozen=True)
class InvitationReminderMail:
    """A colleague's invitation still waits. Without the secret link: that was in the first mail."""

    organization: str
    invited_by: str
    until: str
    address: str
    url: str


@dataclass(frozen=True)
class UnansweredMail:
    """Your invitation ends and nobody answered."""

    name: str
    organization: str
    address: str
    until: str
    url: str


@dataclass(frozen=True)
class ClaimWaitingMail:
    """Someone says that a place is theirs, and nobody has checked it."""

    name: str
    business: str
    place: str
    claimant: str
    claimant_phone: str
    since: str
    url: str
