"""A form that makes something makes it once, however often the same page is sent."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from events.models import Event, Registration
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered():
    cache.clear()


@pytest.fixture
def desk(client):
    from tests.factories.accounts import OfficerFactory, sign_in

    return sign_in(client, OfficerFactory())


def key_of(page):
    return re.search(r'name="form_key" value="([0-9a-f]{32})"', page.content.decode()).group(1)


def enter(client, event, **more):
    address = reverse("desk:registration_add", args=[event.pk])
    return client.post(address, {"name": "Ana Ortiz", "party_size": "1", **more}, follow=True)


def test_every_page_has_a_key_of_its_own(desk):
    addresses = [reverse("desk:event_add"), reverse("desk:registration_add", args=[EventFactory().pk])]
    keys = [key_of(desk.get(address)) for address in addresses * 2]
    assert len(set(keys)) == 4


def test_the_same_page_sent_again_leads_to_what_it_made_and_says_so(desk):
    event = EventFactory()
    assert "Ana Ortiz is registered" in enter(desk, event, form_key="a").content.decode()
    page = enter(desk, event, form_key="a")
    assert "Already saved" in page.content.decode()
    assert Registration.objects.count() == 1


def test_a_new_page_or_another_text_makes_another(desk):
    event = EventFactory()
    enter(desk, event, form_key="a")
    enter(desk, event, form_key="b")
    enter(desk, event, form_key="b", name="Ben Lee")
    assert Registration.objects.count() == 3


def test_a_refused_form_can_be_sent_again(desk):
    event = EventFactory(status="closed")
    assert "Registration is closed" in enter(desk, event, form_key="a").content.decode()
    from events import services

    services.reopen_event(event=event, actor=None)
    enter(desk, event, form_key="a")
    assert Registration.objects.count() == 1


def test_another_person_with_the_same_key_is_not_mistaken_for_the_first(desk):
    from django.test import Client

    from tests.factories.accounts import OfficerFactory, sign_in

    event = EventFactory()
    enter(desk, event, form_key="a")
    enter(sign_in(Client(), OfficerFactory()), event, form_key="a")
    assert Registration.objects.count() == 2


def test_an_event_is_made_once(desk):
    from core import clock

    day = clock.today().isoformat()
    typed = {
        "title": "Till safety", "kind": "workshop", "starts_at": f"{day}T18:00", "ends_at": f"{day}T20:00",
        "venue_name": "Library", "audience": "public", "registration": "required", "party_limit": "6",
        "form_key": "a",
    }  # fmt: skip
    answers = [desk.post(reverse("desk:event_add"), typed) for _ in range(3)]
    assert len({answer.url for answer in answers}) == 1
    assert Event.objects.count() == 1
