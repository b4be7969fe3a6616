"""Addresses that mail leaves alone, because it bounces or was reported as spam."""

from collections.abc import Collection

from core.consents import normal
from core.models.consent import Purpose, Suppression
from core.models.mail import Category


def held_back(addresses: Collection[str], category: Category | str, purpose: Purpose | str) -> set[str]:
    """The addresses that do not get mail of a kind now.

    A bounce holds back everything but sign-in mail, which the person asks for at that moment; a complaint
    holds back everything outside service.

    Returns:
        Normal spellings.
    """
    if category == Category.SECURITY:
        return set()
    rows = Suppression.objects.filter(address__in={normal(each) for each in addresses}, lifted_at=None)
    if purpose == Purpose.SERVICE:
        rows = rows.filter(reason=Suppression.Reason.BOUNCE)
    return set(rows.values_list("address", flat=True))
