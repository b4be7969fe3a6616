"""Signing up answers a known address as it does an unknown one: with the same work, in the same time."""

import re
from collections import Counter
from statistics import median
from time import perf_counter

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core.mail.models import OutgoingMail
from core.models import AuditEntry
from tests.factories.accounts import UserFactory
from tests.gates import FULL

TRIES = 200


def sign_up(email):
    return Client().post(reverse("account_signup"), {"email": email, "full_name": "Rosa Vega"})


def work_for(email):
    """The statements of one sign-up, by their beginning, which names what is done to which table."""
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        answer = sign_up(email)
    assert answer.status_code == 302, answer.content
    words = (re.sub(r"_sync_\d+|s\d+_x\d+|curs_\d+|'[^']*'", "…", each["sql"]) for each in captured)
    return Counter(re.split(r" WHERE | VALUES | SET ", sql)[0][:300] for sql in words), answer.url


@pytest.mark.django_db
def test_a_known_address_takes_the_statements_that_an_unknown_one_takes():
    known = UserFactory().email
    for warm_up in ("first@shop.example", known):
        sign_up(warm_up)
    of_known, there = work_for(known)
    of_unknown, here = work_for("new@shop.example")
    assert there == here
    assert of_known - of_unknown == of_unknown - of_known == Counter()


@pytest.mark.django_db
def test_what_was_done_for_show_leaves_nothing_behind():
    known = UserFactory().email
    before = User.objects.count(), AuditEntry.objects.count()
    sign_up(known)
    assert (User.objects.count(), AuditEntry.objects.count()) == before
    assert [each.template for each in OutgoingMail.objects.all()] == ["accounts/account_exists"]
    sign_up("new@shop.example")
    assert User.objects.filter(email="new@shop.example").count() == 1
    assert [each.template for each in OutgoingMail.objects.order_by("pk")] == [
        "accounts/account_exists", "accounts/code",
    ]  # fmt: skip


@pytest.mark.gate(36)
@pytest.mark.skipif(not FULL, reason="`make gates` runs it: it takes the time of a quiet machine")
@pytest.mark.django_db(transaction=True)
def test_a_test_of_medians_finds_no_difference():
    """Mood's: how many of each are above the median of all. Chance passes 10.83 once in a thousand."""
    known = UserFactory().email
    took = {True: [], False: []}
    for number in range(TRIES + 5):
        for is_known in (
            (True, False) if number % 2 else (False, True)
        ):  # in turn, so that both meet the same load
            cache.clear()
            email = known if is_known else f"new{number}@shop.example"
            began = perf_counter()
            assert sign_up(email).status_code == 302
            if number >= 5:
                took[is_known].append(perf_counter() - began)
    middle = median(took[True] + took[False])
    above = sum(each > middle for each in took[True])
    chi_square = 4 * (above - TRIES / 2) ** 2 / TRIES * 2
    apart = median(took[True]) - median(took[False])
    print(f"medians {median(took[True]) * 1000:.1f} and {median(took[False]) * 1000:.1f} ms")
    assert chi_square < 10.83, f"{apart * 1000:.1f} ms apart"
