"""What the mails of this room say: frozen payloads, so that a missing word fails when the mail is queued."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What every mail says about the event, in the recipient's language."""

    name: str
    title: str
    when: str
    place: str
    directions: str
    people: str
    event_url: str
    manage_url: str
    calendar_url: str
    help_text: str


@dataclass(frozen=True)
class ConfirmCode:
    """The code that confirms a request."""

    facts: Facts
    code: str
    minutes: int
    confirm_url: str
    seats_held: bool
    full: bool = False


@dataclass(frozen=True)
class Plain:
    """A mail that says no more than the facts."""

    facts: Facts


@dataclass(frozen=True)
class Waitlisted:
    """A place in line."""

    facts: Facts
    position: int
    rule: str


@dataclass(frozen=True)
class Resized:
    """More or fewer people than before."""

    facts: Facts
    waiting: bool
    to_the_end: bool


@dataclass(frozen=True)
class AlreadyRegistered:
    """Someone asked again with an address that stands already."""

    facts: Facts
    waiting: bool


@dataclass(frozen=True)
class Cancelled:
    """Seats given up, or a place in line."""

    facts: Facts
    left_the_line: bool


@dataclass(frozen=True)
class EventCancelled:
    """The event is off."""

    facts: Facts
    reason: str
    events_url: str


@dataclass(frozen=True)
class TooLarge:
    """The event has fewer seats by now than the party that waits."""

    facts: Facts
    seats: str


@dataclass(frozen=True)
class NoSeat:
    """The event begins, and they still wait."""

    facts: Facts
    events_url: str


@dataclass(frozen=True)
class Moved:
    """The event has another time or place."""

    facts: Facts
    before: str
    time_changed: bool
    waiting: bool


@dataclass(frozen=True)
class FollowUp:
    """The day after."""

    facts: Facts
    came: bool
    events_url: str


@dataclass(frozen=True)
class Missed:
    """The day after, to whom nobody saw."""

    facts: Facts
    events_url: str
