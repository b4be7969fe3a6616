"""Two people merge at once: one merge stands, and nobody meets a deadlock."""

import threading

import pytest
from django.db import OperationalError, transaction

from core.access import Refused
from partnerships.businesses import services
from partnerships.businesses.models import Business, Claim, Merge, Organization
from partnerships.businesses.services.turns import MERGED
from tests.factories.accounts import UserFactory
from tests.factories.businesses import BusinessFactory
from tests.racing import in_line, race

pytestmark = pytest.mark.django_db(transaction=True)


def merge(kept, gone):
    return lambda: services.merge_businesses(kept=kept, gone=gone, actor=None)


def both():
    one, other = BusinessFactory(), BusinessFactory()
    return one, other, Organization.objects.filter(pk=min(one.organization_id, other.organization_id))


def test_the_same_pair_is_merged_once():
    one, other, held = both()
    done, late = in_line(held, merge(one, other), merge(one, other))
    assert isinstance(done, Merge)
    assert isinstance(late, Refused)
    assert Merge.objects.count() == 1


def test_one_way_and_the_other_way_at_once():
    one, other, held = both()
    done, late = in_line(held, merge(one, other), merge(other, one))
    assert isinstance(done, Merge)
    assert isinstance(late, Refused)
    assert list(Business.objects.all()) == [one]


def test_whoever_locked_them_as_they_came_would_meet_a_deadlock():
    """The negative control: A, then B, beside B, then A."""
    one, other, _held = both()

    def careless(first, second):
        def act():
            with transaction.atomic():
                for each in (first, second):
                    Organization.objects.select_for_update().get(pk=each.organization_id)
                    if each is first:
                        met.wait(10)

        return act

    met = threading.Barrier(2)
    found = race([careless(one, other), careless(other, one)])
    assert [type(each) for each in found if each is not None] == [OperationalError]


def test_a_claim_that_waits_behind_a_merge_is_told():
    gone, kept, held = both()
    person = UserFactory()
    done, late = in_line(held, merge(kept, gone), lambda: services.claim_business(business=gone, user=person))
    assert isinstance(done, Merge)
    assert late.refusal == MERGED
    assert not Claim.objects.exists()


def test_a_merge_is_undone_once():
    one, other, held = both()
    done = merge(one, other)()
    first, second = in_line(
        held,
        lambda: services.undo_merge(merge=done, actor=None),
        lambda: services.undo_merge(merge=done, actor=None),
    )
    assert isinstance(first, Merge)
    assert isinstance(second, Refused)
