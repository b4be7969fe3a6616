"""How many of a party came: entered at the door, and true wherever people are counted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core import clock
from core.access import Refused
from events import services, story
from events.models import Event, Registration
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(officer):
    """Doors are open; a party of two, one of three, and one alone."""
    found = EventFactory(actor=officer, starts_at=clock.now() + timedelta(hours=1))
    for name, size in (("Ana", 2), ("Bo", 3), ("Cy", 1)):
        place(found, name, party_size=size)
    return found


def mark(desk, event, name, **typed):
    row = event.registrations.get(name=name)
    address = reverse("desk:attendance_mark", args=[event.pk, row.pk])
    return desk.post(address, {"mark": "attended", **typed}, follow=True).content.decode()


def counted(event):
    return Event.objects.with_numbers().get(pk=event.pk).came


def test_one_of_two_came(desk, event):
    page = mark(desk, event, "Ana", came="1")
    assert "1 of 2 people" in page
    mark(desk, event, "Bo")
    mark(desk, event, "Cy", came="")
    assert counted(event) == 1 + 3 + 1
    assert "1 of 2 people" in desk.get(reverse("desk:event", args=[event.pk])).content.decode()
    assert "1 of 2 people" in desk.get(reverse("desk:attendance_print", args=[event.pk])).content.decode()


def test_the_number_is_corrected_and_taken_back(desk, event, officer):
    mark(desk, event, "Bo", came="1")
    mark(desk, event, "Bo", came="2")
    assert counted(event) == 2
    row = event.registrations.get(name="Bo")
    services.unmark(registration=row, actor=officer)
    row.refresh_from_db()
    assert (row.came, row.status, counted(event)) == (None, "registered", 0)
    mark(desk, event, "Bo")
    assert counted(event) == 3


@pytest.mark.parametrize("typed", ["0", "3", "-1", "two", "99999999999999999999"])
def test_a_number_that_can_not_be_is_refused_in_a_sentence(desk, event, typed):
    page = mark(desk, event, "Ana", came=typed)
    assert "Nothing was changed: Ana registered 2 people." in page
    assert counted(event) == 0


def test_a_number_is_corrected_for_thirty_days_only(event, officer):
    row = event.registrations.get(name="Ana")
    services.mark_attended(registration=row, actor=officer, came=1)
    with clock.at(event.ends_at + timedelta(days=31)), pytest.raises(Refused, match="30 days"):
        services.mark_attended(registration=row, actor=officer, came=2)


def test_exports_story_and_figures_count_who_came(desk, event, officer, business):
    ana = event.registrations.get(name="Ana")
    Registration.objects.filter(pk=ana.pk).update(business=business)
    mark(desk, event, "Ana", came="1")
    mark(desk, event, "Bo")
    services.mark_no_show(registration=event.registrations.get(name="Cy"), actor=officer)
    lines = desk.get(reverse("desk:attendance_export", args=[event.pk]))
    text = b"".join(lines.streaming_content).decode() if lines.streaming else lines.content.decode()
    head, *rows = text.lstrip("\ufeff").splitlines()
    at = head.split(",").index("People who came")
    assert {row.split(",")[0]: row.split(",")[at] for row in rows} == {"Ana": "1", "Bo": "3", "Cy": "0"}
    (told,) = [each for each in story._chapter(business, officer) if "Came to" in str(each.title)]
    assert told.text == "· 1 of 2 people"
    with clock.at(event.ends_at + timedelta(hours=1)):
        (figure,) = story.figures()
    assert "4 people came" in figure.words


def test_what_was_marked_before_counts_the_whole_party(event, officer):
    services.mark_attended(registration=event.registrations.get(name="Bo"), actor=officer)
    assert event.registrations.get(name="Bo").came is None
    assert counted(event) == 3


def test_the_database_takes_no_more_than_the_party(event):
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(event=event, name="Ana").update(came=3)


def test_a_cancelled_event_offers_nothing_that_would_be_refused(desk, officer, client):
    event = EventFactory(actor=officer)
    row = place(event)
    waiting = place(EventFactory(actor=officer, capacity=1))
    services.cancel_event(event=event, actor=officer)
    page = desk.get(reverse("desk:event", args=[event.pk])).content.decode()
    for name, args in (
        ("event_edit", [event.pk]),
        ("event_cancel", [event.pk]),
        ("event_attendance", [event.pk]),
        ("registration_add", [event.pk]),
        ("registration_resize", [event.pk, row.pk]),
        ("registration_cancel", [event.pk, row.pk]),
    ):
        assert reverse(f"desk:{name}", args=args) not in page
    assert "Enter someone" not in page
    for name in ("registration_resize", "registration_cancel"):
        asked = desk.get(reverse(f"desk:{name}", args=[event.pk, row.pk])).content.decode()
        assert "The event is cancelled." in asked
        assert "<button" not in asked.split("<main")[1].split("</main")[0]
    edit = desk.get(reverse("desk:event_edit", args=[event.pk]), follow=True)
    assert edit.redirect_chain
    assert "The event is cancelled." in edit.content.decode()
    for act in (
        lambda: services.update_event(event=event, actor=officer, title="Another"),
        lambda: services.cancel_place(registration=row, actor=officer),
    ):
        with pytest.raises(Refused, match="The event is cancelled"):
            act()
    services.cancel_place(registration=waiting, actor=officer)
