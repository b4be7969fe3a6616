"""A place is offered for changes where the services take them, and nowhere else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.access import Refused
from events import guards, services
from tests.factories.accounts import OfficerFactory, sign_in
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db


def pages(client, member_page, event, registration, business):
    """Which of the three pages offer to change the number of people."""
    offers = {
        "public": (
            client.get(reverse("public:registration", args=[registration.token])),
            reverse("public:registration_resize", args=[registration.token]),
        ),
        "desk": (
            sign_in(Client(), OfficerFactory()).get(reverse("desk:event", args=[event.pk])),
            reverse("desk:registration_resize", args=[event.pk, registration.pk]),
        ),
        "portal": (
            member_page.get(reverse("portal:event_register", args=[event.slug])),
            reverse("portal:event_resize", args=[registration.pk]),
        ),
    }
    return {name for name, (page, address) in offers.items() if address in page.content.decode()}


def taken(registration, party_size):
    """Whether the service changes the number of people."""
    try:
        services.resize_place(registration=registration, party_size=party_size, actor=None, notify=False)
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("stage", "code"),
    [
        ("before", ""),
        ("waiting", ""),
        ("here", "ended"),
        ("begun", "begun"),
        ("cancelled", "event_cancelled"),
    ],
)
def test_pages_offer_a_change_exactly_where_the_service_takes_it(
    client, portal_member, member, business, officer, stage, code
):
    event = EventFactory(starts_at=clock.now() + timedelta(hours=2), capacity=2)
    if stage == "waiting":
        place(event, party_size=2)
    services.register_business(event=event, user=member, business=business, party_size=1, notify=False)
    registration = event.registrations.get(business=business)
    when = clock.now()
    if stage == "here":
        services.mark_attended(registration=registration, actor=officer)
    elif stage == "cancelled":
        services.cancel_event(event=event, actor=officer)
    elif stage == "begun":
        when = event.starts_at
    event.refresh_from_db()
    registration.refresh_from_db()
    registration.event = event
    with clock.at(when):
        refusal = guards.may_change_place(registration)
        assert (refusal.code if refusal else "") == code
        offered = pages(client, portal_member, event, registration, business)
        assert offered == (set() if code else {"public", "desk", "portal"})
        assert taken(registration, 2) is (not code)


def test_a_place_given_up_is_offered_again_only_while_registration_is_open(client, officer):
    event = EventFactory()
    registration = place(event)
    services.cancel_place(registration=registration, actor=None, notify=False)
    page, again = (
        reverse("public:registration", args=[registration.token]),
        f"{event.get_absolute_url()}#register",
    )
    assert again in client.get(page).content.decode()
    services.close_event(event=event, actor=officer)
    assert again not in client.get(page).content.decode()
