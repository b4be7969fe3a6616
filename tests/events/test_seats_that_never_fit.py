"""A party larger than all seats is refused, never queued, and never keeps others out."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from core.access import Refused
from events import services
from events.models import Event, Registration
from tests.events.test_desk import typed, version_of
from tests.events.test_rsvp import ask, code_of, confirm
from tests.factories.accounts import SupervisorFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, MembershipFactory
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    """Three seats, and parties up to six by the usual limit."""
    return EventFactory(capacity=3, party_limit=6)


def test_a_visitor_is_told_the_number_of_seats_and_is_not_queued(client, three, mails):
    page = ask(client, three, party_size="4")
    assert page.status_code == 200
    assert "3 people at most." in page.content.decode()
    assert "You included. 3 at most." in page.content.decode()
    assert not Registration.objects.exists()
    assert ask(client, three, party_size="3").status_code == 302
    confirm(client, three, code_of(mails("confirm")[0]), email="ana@people.example")
    assert Registration.objects.get().status == "registered"


def test_every_way_in_refuses_it_with_the_seats(three):
    owner, business = UserFactory(), BusinessFactory(standing="partner")
    MembershipFactory(user=owner, business=business)
    standing = place(three, party_size=2)
    said = "This event has 3 seats in all, so a registration may bring 3 people at most."
    for act in (
        lambda: place(three, "Bo Lee", party_size=4),
        lambda: services.register_business(event=three, business=business, user=owner, party_size=4),
        lambda: services.resize_place(registration=standing, party_size=4, actor=three.created_by),
        lambda: services.request_place(event=three, name="Cy", email="cy@people.example", party_size=4),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert str(refused.value.refusal.sentence) == said
    assert Registration.objects.count() == 1


def test_seats_that_are_cut_below_a_waiting_party_tell_it_and_let_those_behind_move_up(client, mails):
    event = EventFactory(capacity=6, party_limit=6)
    first = place(event, "Ana", party_size=6)
    large = place(event, "Bo", party_size=5, email="bo@people.example")
    small = place(event, "Cy", party_size=2, email="cy@people.example")
    assert (large.status, small.status) == ("waitlisted", "waitlisted")
    services.update_event(event=event, actor=event.created_by, capacity=4)
    assert [mail.to for mail in mails("too_large")] == ["bo@people.example"]
    assert (
        "This event has 4 seats now, so a party of 5 people can't come together."
        in mails("too_large")[0].text
    )
    services.update_event(event=event, actor=event.created_by, capacity=3)
    assert len(mails("too_large")) == 1, "they know it already"
    services.update_event(event=event, actor=event.created_by, capacity=4)
    services.cancel_place(registration=first, actor=event.created_by)
    for each in (large, small):
        each.refresh_from_db()
    assert (large.status, small.status) == ("waitlisted", "registered")
    page = client.get(reverse("public:registration", args=[large.token])).content.decode()
    assert "This event has 4 seats now" in page
    assert place(event, "Di", party_size=2).status == "registered", "nobody else waits"
    services.update_event(event=event, actor=event.created_by, capacity=5)
    large.refresh_from_db()
    services.resize_place(registration=large, party_size=1, actor=event.created_by)
    large.refresh_from_db()
    assert large.status == "registered"


def test_no_place_in_line_counts_a_party_that_no_seats_are_for(client, desk, mails):
    event = EventFactory(capacity=6, party_limit=6)
    place(event, "Ana", party_size=6)
    large = place(event, "Bo & Co", party_size=6)
    owner, business = UserFactory(), BusinessFactory(standing="partner")
    MembershipFactory(user=owner, business=business)
    small = services.register_business(event=event, business=business, user=owner, party_size=2)
    assert (services.position_of(large), services.position_of(small)) == (1, 2)
    assert services.line_of(event) == {large.pk: 1, small.pk: 2}
    services.update_event(event=event, actor=event.created_by, capacity=5)
    small, large = Registration.objects.get(pk=small.pk), Registration.objects.get(pk=large.pk)
    last = place(event, "Cy", party_size=1, notify=True)
    assert [services.position_of(each) for each in (large, small, last)] == [1, 1, 2]
    event.refresh_from_db()
    assert services.line_of(event) == {large.pk: 1, small.pk: 1, last.pk: 2}
    assert "number 2" in " ".join(mails("waitlisted")[-1].text.split())
    page = client.get(reverse("public:registration", args=[last.token])).content.decode()
    assert re.search(r"Place in line</dt>\s*<dd[^>]*>\s*2\s*<", page)
    own = sign_in(Client(), owner).get(reverse("portal:event_register", args=[event.slug])).content.decode()
    assert re.search(r"Place in line</dt>\s*<dd[^>]*>\s*1\s*<", own)
    waiting = desk.get(reverse("desk:event", args=[event.pk])).content.decode().split("Waitlist, in order")[1]
    assert f"1. {small.name}" in waiting
    assert "2. Cy" in waiting
    assert "Bo &amp; Co" in waiting
    assert ". Bo &amp; Co" not in waiting
    assert "more than all seats" in waiting


def test_a_party_that_grows_passes_none_that_waits_whatever_its_size():
    event = EventFactory(capacity=6, party_limit=6)
    place(event, "Ana", party_size=6)
    first, large = place(event, "Bo", party_size=1), place(event, "Cy", party_size=6)
    services.update_event(event=event, actor=event.created_by, capacity=5)
    services.resize_place(registration=first, party_size=2, actor=None)
    assert [each.pk for each in event.registrations.waiting()] == [large.pk, first.pk]


def test_a_party_larger_than_all_seats_makes_the_event_full_for_nobody(client):
    event = EventFactory(capacity=6, party_limit=6)
    place(event, party_size=2)
    large = place(event, "Bo", party_size=6)
    assert large.status == "waitlisted"
    Event.objects.filter(pk=event.pk).update(capacity=5)
    page = client.get(reverse("public:event", args=[event.slug])).content.decode()
    assert "3 seats left" in page
    assert "full" not in page.split("3 seats left")[1][:40]


def test_a_code_typed_after_the_seats_were_cut_waits_and_is_told(client, mails):
    event = EventFactory(capacity=6, party_limit=6)
    ask(client, event, party_size="5")
    code = code_of(mails("confirm")[0])
    services.update_event(event=event, actor=event.created_by, capacity=4)
    confirm(client, event, code, email="ana@people.example")
    assert Registration.objects.get().status == "waitlisted"
    assert [mail.to for mail in mails("too_large")] == ["ana@people.example"]


def test_the_largest_party_is_held_to_the_seats_and_grows_with_them(client):
    desk = sign_in(client, SupervisorFactory())
    desk.post(reverse("desk:event_add"), typed(capacity="3", party_limit="6"))
    event = Event.objects.get()
    assert (event.party_limit, event.largest_party) == (6, 3)
    address = reverse("desk:event_edit", args=[event.pk])
    desk.post(address, typed(capacity="30", party_limit="6", version=version_of(desk, event)))
    event.refresh_from_db()
    assert (event.capacity, event.largest_party) == (30, 6)


def test_who_asks_again_while_waiting_is_told_that_they_wait(client, mails):
    event = EventFactory(capacity=1)
    place(event)
    place(event, "Bo", email="bo@people.example")
    ask(client, event, email="bo@people.example", party_size="1")
    mail = mails("already")[0]
    assert mail.subject.startswith("You are already on the waitlist:")


@pytest.mark.parametrize(("in_days", "asks"), [(20, True), (3, False)])
def test_no_mail_asks_for_help_by_a_day_that_is_past(client, mails, in_days, asks):
    event = EventFactory(in_days=in_days, accommodation_contact="Jo Lind, 555-0119")
    ask(client, event)
    confirm(client, event, code_of(mails("confirm")[0]), email="ana@people.example")
    for mail in (*mails("confirm"), *mails("registered")):
        if "Jo Lind" not in mail.text:
            continue
        assert ("other help, ask by" in mail.text) is asks
        assert ("the day to ask was" in mail.text) is not asks
    assert "Jo Lind" in mails("registered")[0].text
