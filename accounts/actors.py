"""Whoever asks, as the account that a row keeps: `core` knows an actor only by what it may do."""

from accounts.models import User
from core.access import Actor, Refused
from core.workflow import NEEDS_ACTOR


def account_of(who: Actor) -> User | None:
    """The account to note beside what was done; `None` for the system and for a visitor."""
    return who if isinstance(who, User) else None


def own_account(who: Actor) -> User:
    """The account of whoever asks, where a step can't be taken without one.

    Raises:
        Refused: it is the system or a visitor (`NEEDS_ACTOR`).
    """
    if (found := account_of(who)) is None:
        raise Refused(NEEDS_ACTOR)
    return found
