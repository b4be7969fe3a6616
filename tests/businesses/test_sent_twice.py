"""A business is added once, however often the same page is sent."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from partnerships.businesses.models import Business
from tests.factories.accounts import SupervisorFactory, UserFactory, sign_in
from tests.factories.vetting import first_version

pytestmark = pytest.mark.django_db

TYPED = {"name": "Store of All", "kind": "business", "street": "1 Main St", "city": "Riverton", "state": "IL"}


@pytest.fixture
def desk(client):
    cache.clear()
    return sign_in(client, SupervisorFactory())


def test_the_same_page_sent_twenty_times_at_the_desk_adds_one_business(desk):
    address = reverse("desk:business_add")
    key = re.search(r'name="form_key" value="([0-9a-f]{32})"', desk.get(address).content.decode()).group(1)
    answers = [desk.post(address, {**TYPED, "really": "1", "form_key": key}) for _ in range(20)]
    made = Business.objects.get()
    assert {answer.url for answer in answers} == {reverse("desk:business", args=[made.pk])}
    assert "Already saved" in desk.get(answers[-1].url).content.decode()


def test_the_same_page_without_a_look_at_the_alike_leads_to_what_it_made(desk):
    address = reverse("desk:business_add")
    first, second = (desk.post(address, {**TYPED, "form_key": "a"}) for _ in range(2))
    assert first.url == second.url


def test_a_new_page_with_the_same_business_still_asks_whether_it_is_the_one_there(desk):
    address = reverse("desk:business_add")
    desk.post(address, {**TYPED, "form_key": "a"})
    page = desk.post(address, {**TYPED, "form_key": "b"})
    assert "Is it one of these?" in page.content.decode()
    assert Business.objects.count() == 1


def test_the_same_page_sent_twenty_times_by_an_owner_adds_one_business(client):
    cache.clear()
    first_version()
    sign_in(client, UserFactory())
    address = reverse("portal:application_add")
    key = re.search(r'name="form_key" value="([0-9a-f]{32})"', client.get(address).content.decode()).group(1)
    typed = {**TYPED, "postal_code": "60608", "note": "I own it.", "form_key": key}
    answers = [client.post(address, typed) for _ in range(20)]
    assert len({answer.url for answer in answers}) == 1
    assert Business.objects.count() == 1
