"""An event is where its host or its address is, and the way there leads to the right city."""

import re

import pytest
from django.urls import reverse

from core.models import Department
from events import services
from events.models import Event
from events.templatetags.events import directions_url
from partnerships.businesses.models import Area
from tests.events.test_desk import typed
from tests.factories.accounts import SupervisorFactory
from tests.factories.businesses import AreaFactory, BeatFactory, BusinessFactory, DistrictAssignmentFactory
from tests.factories.events import EventFactory
from tests.markup import untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery(officer):
    beat = BeatFactory(code="1925", parent=AreaFactory(code="19"))
    DistrictAssignmentFactory(user=officer, area=beat.parent)
    return BusinessFactory(
        name="Corner Bakery", street="3127 N Broadway", city="Riverton", state="IL", postal_code="60657",
        area=beat, standing="partner",
    )  # fmt: skip


def add(desk, **changes):
    answer = desk.post(reverse("desk:event_add"), typed(**changes))
    assert answer.status_code == 302, answer.context["form"].errors
    return Event.objects.get()


def test_the_host_lends_its_name_its_address_and_its_area(desk, bakery):
    event = add(desk, host=str(bakery.pk), venue_name="")
    assert (event.venue_name, event.street, event.city) == (
        "Corner Bakery", "3127 N Broadway", "Riverton, IL 60657",
    )  # fmt: skip
    assert event.area == bakery.area
    assert "3127+N+Broadway%2C+Riverton%2C+IL+60657" in directions_url(event)


def test_what_was_typed_is_not_replaced(desk, bakery):
    other = AreaFactory(code="7")
    event = add(
        desk,
        host=str(bakery.pk),
        venue_name="Back room",
        street="5 Elm St",
        city="Lakeside",
        area=str(other.pk),
    )
    assert (event.venue_name, event.street, event.city, event.area) == (
        "Back room",
        "5 Elm St",
        "Lakeside",
        other,
    )


def test_a_place_of_its_own_name_still_takes_the_hosts_address(desk, bakery):
    event = add(desk, host=str(bakery.pk), venue_name="Back room")
    assert (event.venue_name, event.street) == ("Back room", "3127 N Broadway")


def test_without_a_host_the_area_comes_from_what_is_on_record_at_the_address(desk, bakery):
    assert add(desk, street=" 3127 n broadway ", city="Riverton, IL").area == bakery.area


def test_an_address_in_another_city_or_of_several_areas_decides_nothing(desk, bakery):
    assert Area.objects.current().at_address("3127 N Broadway", "Lakeside") is None
    BusinessFactory(street="3127 N Broadway", city="Riverton", area=AreaFactory())
    assert add(desk, street="3127 N Broadway", city="Riverton").area is None


def test_without_a_place_and_a_host_the_form_says_what_to_do(desk):
    page = desk.post(reverse("desk:event_add"), typed(venue_name=""))
    assert page.context["form"].errors["venue_name"] == [
        "Write the place, or choose the host in whose rooms it is."
    ]


def test_a_host_chosen_later_fills_in_the_address_and_the_area_that_was_set_stays(desk, officer, bakery):
    event = EventFactory(actor=officer, status="draft", street="", city="", area=AreaFactory(code="3"))
    page = desk.get(reverse("desk:event_edit", args=[event.pk]))
    sent = {**dict(untouched(page.content.decode())), "host": str(bakery.pk)}
    assert desk.post(reverse("desk:event_edit", args=[event.pk]), sent).status_code == 302
    event.refresh_from_db()
    assert (event.street, event.city) == ("3127 N Broadway", "Riverton, IL 60657")
    assert event.area.code == "3"


def test_an_edit_of_something_else_never_changes_the_place(bakery):
    event = EventFactory(street="", city="")
    Event.objects.filter(pk=event.pk).update(host=bakery)  # as before addresses were taken over
    done = services.update_event(event=event, actor=SupervisorFactory(), summary="Another sentence.")
    assert (done.street, done.city, done.sequence) == ("", "", 0)


def test_areas_stand_in_the_order_of_their_numbers_each_district_with_its_beats(desk):
    for code in ("10", "2", "1"):
        district = AreaFactory(code=code)
        for beat in ("11", "9"):
            BeatFactory(code=f"{code}{beat}", parent=district)
    page = desk.get(reverse("desk:event_add")).content.decode()
    select = re.search(r'<select name="area".*?</select>', page, re.DOTALL).group()
    labels = [each.strip() for each in re.findall(r"<option[^>]*>([^<]*)</option>", select)]
    assert labels[0] == "Where the host or the address is"
    assert labels[1:] == [
        "District 1", "District 1, beat 19", "District 1, beat 111",
        "District 2", "District 2, beat 29", "District 2, beat 211",
        "District 10", "District 10, beat 109", "District 10, beat 1011",
    ]  # fmt: skip


def test_the_way_leads_to_the_departments_city_where_none_was_written():
    Department.objects.update_or_create(
        pk=1, defaults={"postal_address": "Community Unit\n100 Main Street\nRiverton, IL 60600\n"}
    )
    event = EventFactory(street="5 Elm St", city="")
    assert directions_url(event).endswith("5+Elm+St%2C+Riverton%2C+IL+60600")
    assert directions_url(EventFactory(street="5 Elm St", city="Lakeside")).endswith("5+Elm+St%2C+Lakeside")
