"""When a move of this room is refused, and the sentence that says why."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.access import Actor, Refusal
from core.roles import write_desk

from .models import Claim

OWN_CLAIM = Refusal("own_claim", _("You made this claim, so someone else has to decide it."))
NOT_YOUR_CLAIM = Refusal("not_your_claim", _("Only the person who made the claim can withdraw it."))


def may_settle_claim(user: Actor, claim: Claim, **details: Any) -> Refusal | None:
    """Officers and supervisors verify or refuse a claim; the system does when a mailed code was typed."""
    if user is None:
        return None
    if (found := write_desk(user)) is not None:
        return found
    if claim.user_id == user.pk:
        return OWN_CLAIM
    return None


def may_withdraw_claim(user: Actor, claim: Claim, **details: Any) -> Refusal | None:
    """The claimant takes the claim back; an officer does so on request."""
    if user is None or write_desk(user) is None:
        return None
    return None if claim.user_id == user.pk else NOT_YOUR_CLAIM
