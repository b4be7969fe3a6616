"""A large party that is passed is in sight; one that grows in line goes to the end, as is said first."""

import pytest
from django.urls import reverse

from core import clock
from events import services
from events.models import Registration
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db


def line(event):
    return [each.name for each in event.registrations.waiting()]


@pytest.fixture
def crowded():
    """Four seats are taken, then a party of 3, one of 2 and one of 1 wait."""
    event = EventFactory(capacity=4, party_limit=6)
    place(event, "Seated", party_size=4)
    for name, size in (("Large", 3), ("Middle", 2), ("Small", 1)):
        place(event, name, party_size=size, email=f"{name.lower()}@people.example")
    return event


def test_the_desk_sees_how_often_a_large_party_was_passed(desk, officer):
    event = EventFactory(capacity=4, party_limit=4, small_may_pass=True, actor=officer)
    seated = place(event, "Seated", party_size=4)
    place(event, "Large", party_size=4)
    place(event, "Small", party_size=1)
    address = reverse("desk:event", args=[event.pk])
    assert "passed" not in desk.get(address).content.decode().split("Waitlist, in order")[1]
    services.resize_place(registration=seated, party_size=2, actor=officer)  # the small one moves up
    page = desk.get(address).content.decode()
    assert "passed once" in page
    assert "let nobody pass" in page
    left = place(event, "New", party_size=1)  # a newcomer takes the last seat from outside
    assert left.status == "registered"
    assert "passed 2 times" in desk.get(address).content.decode()
    services.cancel_place(registration=left, actor=officer)
    assert place(event, "Newer", party_size=1).status == "registered"
    assert "passed 3 times" in desk.get(address).content.decode(), "who left again had passed all the same"


def test_whoever_was_seated_before_passed_nobody(officer):
    event = EventFactory(capacity=4, party_limit=4, small_may_pass=True, actor=officer)
    place(event, "Seated", party_size=3)
    place(event, "Large", party_size=4)
    place(event, "Second", party_size=2)
    passes = {each.name: each.passed for each in event.registrations.waiting().with_passes()}
    assert passes == {"Large": 0, "Second": 0}


def test_a_party_that_grows_beyond_what_it_asked_for_goes_to_the_end(crowded, mails):
    middle = crowded.registrations.get(name="Middle")
    services.resize_place(registration=middle, party_size=1, actor=None)
    services.resize_place(registration=middle, party_size=2, actor=None)
    assert line(crowded) == ["Large", "Middle", "Small"], "up to what was asked for keeps the place"
    assert "You keep your place on the waitlist, now for 2 people." in mails("resized")[-1].text
    services.resize_place(registration=middle, party_size=3, actor=None)
    assert line(crowded) == ["Large", "Small", "Middle"]
    text = mails("resized")[-1].text
    assert "at its end, since that is more than you asked for" in " ".join(text.split())
    assert "keep your place" not in text


def test_growing_gives_way_to_those_behind(crowded):
    large = crowded.registrations.get(name="Large")
    services.resize_place(registration=large, party_size=4, actor=None)
    services.resize_place(registration=crowded.registrations.get(name="Seated"), party_size=1, actor=None)
    assert {each.name for each in crowded.registrations.seated()} == {"Seated", "Middle", "Small"}
    assert line(crowded) == ["Large"]


def test_the_page_says_so_before_it_asks_and_tells_the_new_place(client, desk, crowded):
    middle = crowded.registrations.get(name="Middle")
    address = reverse("public:registration_resize", args=[middle.token])
    asked = client.get(address).content.decode()
    assert "You are number 2 on the waitlist and asked for 2 people." in asked
    assert (
        "With more people than that you go to the end of the line; with fewer you keep your place." in asked
    )
    at_desk = reverse("desk:registration_resize", args=[crowded.pk, middle.pk])
    assert "They are number 2 on the waitlist and asked for 2 people." in desk.get(at_desk).content.decode()
    page = client.post(address, {"party_size": "3"}, follow=True).content.decode()
    assert "Saved: 3 people. That is number 3 on the waitlist now. A mail is on its way." in page
    assert "asked for 2 at first" in desk.get(reverse("desk:event", args=[crowded.pk])).content.decode()


def test_a_place_in_line_of_before_stands_for_the_people_it_has(crowded):
    Registration.objects.update(asked_size=None)
    middle = crowded.registrations.get(name="Middle")
    with clock.at(clock.now()):
        services.resize_place(registration=middle, party_size=3, actor=None)
    assert line(crowded) == ["Large", "Small", "Middle"]


def test_the_pages_of_the_desk_do_not_speak_to_the_guest(desk, officer, crowded):
    for name in ("Seated", "Middle"):
        row = crowded.registrations.get(name=name)
        page = desk.get(reverse("desk:registration_resize", args=[crowded.pk, row.pk])).content.decode()
        main = page.split("<main")[1].split("</main")[0]
        assert " you " not in main.lower().replace("bring you", "")
        assert "You included" not in main
    page = desk.get(reverse("desk:registration_add", args=[crowded.pk])).content.decode()
    assert "What do they need to take part?" in page
    assert "You included" not in page
