"""The public directory: in by the owner's consent, out at once."""

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.access import Actor, check
from partnerships.businesses.models import Business

from .turns import take_turn


def listing_wording(business: Business) -> str:
    """The sentence an owner agrees to; it is stored with the consent."""
    return _(
        "I agree that the department shows %(name)s in its public directory of partners: "
        "name, address, industry, phone, website and description. No names of people. "
        "I can take it out at any time; it disappears at once."
    ) % {"name": business.name}


@transaction.atomic
def list_business(*, business: Business, actor: Actor, wording: str) -> Business:
    """Show a place of business in the public directory.

    Args:
        business: a site of a partner.
        actor: the owner who agrees.
        wording: the text they agreed to.

    Raises:
        Refused: not an owner, or not a partner.
    """
    take_turn(business.organization_id)
    row = Business.objects.select_for_update().get(pk=business.pk)
    check(actor, "businesses.list_business", row)
    if not row.listed:
        row.listed = True
        row.listed_at = clock.now()
        row.listed_by_name = str(getattr(actor, "display_name", actor))[:200]
        row.listing_wording = wording
        row.stamp(actor)
        row.save()
        audit.record("businesses.business_listed", row, actor=actor, changed=["listed"])
    return row


@transaction.atomic
def unlist_business(*, business: Business, actor: Actor) -> Business:
    """Take a place of business out of the public directory, whatever its standing.

    Raises:
        Refused: not an owner.
    """
    check(actor, "businesses.unlist_business", business)
    take_turn(business.organization_id)
    row = Business.objects.select_for_update().get(pk=business.pk)
    if row.listed:
        row.listed = False
        row.listed_at = None
        row.stamp(actor)
        row.save()
        audit.record("businesses.business_unlisted", row, actor=actor, changed=["listed"])
    return row
