"""What people say of a pair of places that may be one."""

from django.db import transaction

from accounts.actors import account_of
from core.access import Actor, check
from partnerships.businesses.models import DuplicatePair
from partnerships.businesses.workflow import PAIR


@transaction.atomic
def dismiss_pair(*, pair: DuplicatePair, actor: Actor) -> DuplicatePair:
    """Two places, not one: no search asks about them again.

    Args:
        pair: an open one.
        actor: who says so; `None` for the system.

    Raises:
        Refused: the actor may not, or someone settled it meanwhile (`StaleMove`).
    """
    check(actor, "businesses.judge_duplicate", pair)
    row = PAIR.move(pair, "dismiss", actor=actor)
    row.settle(account_of(actor))
    row.save(update_fields=["settled_at", "settled_by"])
    return row


@transaction.atomic
def reopen_pair(*, pair: DuplicatePair, actor: Actor) -> DuplicatePair:
    """Take "not a duplicate" back: the pair is to be looked at again.

    Raises:
        Refused: the actor may not, or it was not dismissed (`StaleMove`).
    """
    check(actor, "businesses.judge_duplicate", pair)
    row = PAIR.move(pair, "reopen", actor=actor)
    row.settled_at = row.settled_by = None
    row.save(update_fields=["settled_at", "settled_by"])
    return row
