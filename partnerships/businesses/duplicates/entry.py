"""Duplicates found when a place is added, without a look through the whole registry."""

from collections.abc import Iterable

from django.db import transaction

from core import clock
from partnerships.businesses.models import Business, DuplicatePair

from .scan import told
from .scoring import compare
from .traits import Traits, traits_of


@transaction.atomic
def note(numbers: Iterable[int], found_by: str = DuplicatePair.Found.ENTRY) -> int:
    """Keep the pairs of places that were just added, for the desk to look at. Nobody else is told.

    Three queries for each place; for the many of an import, `scan.find_duplicates(only=…)` takes less.

    Args:
        numbers: of the new places.
        found_by: a value of `DuplicatePair.Found`.

    Returns:
        How many pairs are new.
    """
    made = 0
    for place in Business.objects.filter(pk__in=list(numbers)).select_related("organization").order_by("pk"):
        made += _note(place, found_by)
    return made


def _note(place: Business, found_by: str) -> int:
    rows = Business.objects.select_related("organization").exclude(pk=place.pk)
    near = {each.pk: each for each in rows.resembling(place.name, place.street, place.postal_code)}
    if place.phone:
        near |= {each.pk: each for each in rows.filter(phone=place.phone)[:30]}
    mine, pairs = _traits(place), []
    for pk, each in near.items():
        verdict = compare(mine, _traits(each))
        if verdict.is_pair and not (place.is_closed and each.is_closed):
            one, other = sorted((place.pk, pk))
            pairs.append(
                DuplicatePair(
                    one_id=one, other_id=other, score=verdict.score, reasons=told(verdict),
                    found_by=found_by, created_at=clock.now(),
                )
            )  # fmt: skip
    known = DuplicatePair.objects.filter(one__in=[each.one_id for each in pairs]).values_list("one", "other")
    fresh = {(each.one_id, each.other_id): each for each in pairs}
    fresh = {key: each for key, each in fresh.items() if key not in set(known)}
    DuplicatePair.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    return len(fresh)


def _traits(place: Business) -> Traits:
    return traits_of(
        {
            "name": place.name,
            "organization__name": place.organization.name,
            "organization__legal_name": place.organization.legal_name,
            "street": place.street,
            "city": place.city,
            "postal_code": place.postal_code,
            "phone": place.phone,
            "email_on_record": place.email_on_record,
            "website": place.website,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
    )
