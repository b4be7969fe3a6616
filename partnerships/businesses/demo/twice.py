"""Places of the demonstration that somebody wrote down a second time."""

from datetime import timedelta
from typing import Any

from accounts.models import User
from core import clock
from core.demo import Demonstration
from partnerships.businesses.models import Business, DuplicatePair
from partnerships.businesses.services import add_business, dismiss_pair, merge_businesses, undo_merge

from .shops import Shop

# The shop by its key, and what stands in the second record.
AGAIN: dict[str, dict[str, str]] = {
    "corner-bean": {"name": "CORNER BEAN AND CO COFFEE LLC", "street": "3304 North Juniper Street"},
    "panaderia-espiga": {"name": "Panaderia La Espiga Dorada", "street": "3612 N Larkspur Ave", "phone": ""},
    "copper-kettle": {"name": "Copper Kettle Diner Catering", "street": "2502 W Alder Ct Unit B"},
    "two-otters": {"name": "Two Otter Books", "street": "3015 N Juniper St."},
    "old-mill-bikes": {"name": "Old Mill Bicycle Works LLC", "street": "2715 North Lakemere Road"},
}
TWO, MERGED, PARTED = "copper-kettle", "two-otters", "old-mill-bikes"


def write_twice(demo: Demonstration, shops: list[Shop], supervisor: User) -> int:
    """Add the second records; one pair turns out to be two places, one is merged, and one taken apart again.

    Returns:
        How many records are left beside the shops.
    """
    known = {each.key: each for each in shops}
    now = demo.moments.now
    with clock.at(now - timedelta(days=6)):
        again = {key: _again(known[key].business, told) for key, told in AGAIN.items()}
    with clock.at(now - timedelta(days=4)):
        dismiss_pair(pair=_pair(known[TWO].business, again[TWO]), actor=supervisor)
        merge_businesses(kept=known[MERGED].business, gone=again[MERGED], actor=supervisor)
        slip = merge_businesses(kept=known[PARTED].business, gone=again[PARTED], actor=supervisor)
    with clock.at(now - timedelta(days=3)):
        undo_merge(merge=slip, actor=supervisor)
    return len(again) - 1


def _again(shop: Business, told: dict[str, str]) -> Business:
    """A second record of a shop, from somewhere else."""
    beside: dict[str, Any] = {
        name: getattr(shop, name)
        for name in ("city", "state", "postal_code", "latitude", "longitude", "industry", "phone")
    }
    return add_business(actor=None, **{**beside, **told})


def _pair(one: Business, other: Business) -> DuplicatePair:
    pair: DuplicatePair = DuplicatePair.objects.get(one=one, other=other)
    return pair
