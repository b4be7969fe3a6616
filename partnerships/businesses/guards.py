"""When a move of this room is refused, and the sentence that says why."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.access import Actor, Refusal
from core.roles import write_desk

from .models import Claim

OWN_CLAIM = Refusal("own_claim", _("You made this claim, so someone else has to decide it."))
CLAIMED_AGAIN = Refusal("claimed_again", _("They have claimed it again. Settle the newer claim."))
NO_LONGER = Refusal(
    "no_longer", _("You spoke for this business and do no longer. Ask its owner to invite you, or call us.")
)
OPEN_OR_VERIFIED = (Claim.Status.CLAIMED, Claim.Status.VERIFIED)
NOT_YOUR_CLAIM = Refusal("not_your_claim", _("Only the person who made the claim can withdraw it."))


def may_settle_claim(user: Actor, claim: Claim, **details: Any) -> Refusal | None:
    """Officers and supervisors verify or refuse a claim."""
    if user is None:
        return None
    if (found := write_desk(user)) is not None:
        return found
    if claim.user_id == user.pk:
        return OWN_CLAIM
    return None


def may_reopen_claim(user: Actor, claim: Claim, **details: Any) -> Refusal | None:
    """Who may settle a claim takes a refusal back, unless the claimant has claimed again meanwhile."""
    if (found := may_settle_claim(user, claim)) is not None:
        return found
    newer = Claim.objects.filter(business=claim.business_id, user=claim.user_id).exclude(pk=claim.pk)
    return CLAIMED_AGAIN if newer.filter(status__in=OPEN_OR_VERIFIED).exists() else None


def rival_owners(owners: Iterable[Any]) -> Refusal:
    """Someone else speaks for the business already.

    Args:
        owners: users, at least one.
    """
    names = get_text_list([each.display_name for each in owners], _t("and"))
    return Refusal(
        "rival_owner",
        _t(
            "Already an owner here: %(names)s. Ask them first. "
            "If they run it together, tick their name and verify once more."
        )
        % {"names": names},
        field="beside",
    )


def may_withdraw_claim(user: Actor, claim: Claim, **details: Any) -> Refusal | None:
    """The claimant takes the claim back; an officer does so on request."""
    if user is None or write_desk(user) is None:
        return None
    return None if claim.user_id == user.pk else NOT_YOUR_CLAIM
