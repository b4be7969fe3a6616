"""Whoever has no address is called: counted apart from those who get a mail, and listed until someone did."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.access import Refused
from core.models import AuditEntry
from core.pages.story import Whose
from events import services, story
from events.models import PhoneCall, Registration
from tests.factories.accounts import OfficerFactory
from tests.factories.businesses import AreaFactory, DistrictAssignmentFactory
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db


def by_phone(event, name="Bo Lee", phone="555-0142", **more):
    """Someone who called and has no address."""
    row = services.enter_registration(
        event=event,
        actor=event.created_by,
        name=name,
        party_size=more.pop("party_size", 1),
        phone=phone,
        **more,
    )
    assert not row.email
    return row


def opened(**only):
    return [(each.registration.name, each.news) for each in PhoneCall.objects.filter(**only).open()]


def move(event, officer, days=1):
    return services.update_event(
        event=event,
        actor=officer,
        starts_at=event.starts_at + timedelta(days=days),
        ends_at=event.ends_at + timedelta(days=days),
    )


def test_a_move_is_told_by_mail_to_some_and_by_phone_to_the_others_with_true_counts(desk, officer, mails):
    event = EventFactory(actor=officer)
    place(event, email="ana@people.example")
    by_phone(event)
    by_phone(event, "Cy Dow", phone="")
    address = reverse("desk:event_edit", args=[event.pk])
    form = desk.get(address).context["form"]
    typed = {}
    for field in form:
        value = field.value()
        parts = field.field.widget.decompress(value) if hasattr(field.field.widget, "decompress") else None
        if parts is None:
            typed[field.html_name] = "" if value is None else value
        else:
            typed |= {f"{field.html_name}_{n}": part for n, part in enumerate(parts)}
    typed |= {"venue_name": "City Hall", "small_may_pass": ""}
    page = desk.post(address, typed, follow=True).content.decode()
    assert "Saved. One party gets a mail. 2 parties have no email address: call them." in page
    assert [mail.to for mail in mails("moved")] == ["ana@people.example"]
    assert opened() == [("Bo Lee", "moved"), ("Cy Dow", "moved")]


def test_the_question_before_cancelling_and_its_answer_count_who_has_to_be_called(desk, officer, mails):
    event = EventFactory(actor=officer)
    url = reverse("desk:event_cancel", args=[event.pk])
    by_phone(event)
    assert "One party has no email address: call them." in desk.get(url).content.decode()
    assert "gets a mail" not in desk.get(url).content.decode()
    place(event)
    place(event)
    asked = desk.get(url).content.decode()
    assert "3 parties have a place or are in line. 2 parties get a mail. One party has no email" in asked
    page = desk.post(url, {"reason": ""}, follow=True).content.decode()
    assert "Cancelled. 2 parties get a mail. One party has no email address: call them." in page
    assert len(mails("event_cancelled")) == 2
    assert opened() == [("Bo Lee", "cancelled")]


def test_nobody_is_promoted_in_silence(officer, mails):
    event = EventFactory(actor=officer, capacity=1)
    first = place(event)
    waiting = by_phone(event)
    assert waiting.status == "waitlisted"
    services.cancel_place(registration=first, actor=officer)
    waiting.refresh_from_db()
    assert waiting.status == "registered"
    assert mails("promoted") == []
    assert opened() == [("Bo Lee", "promoted")]


def test_seats_cut_below_a_party_are_told_by_phone_until_they_fit_again(officer):
    event = EventFactory(actor=officer, capacity=4, party_limit=4)
    place(event, party_size=4)
    waiting = by_phone(event, party_size=4)
    services.update_event(event=event, actor=officer, capacity=3)
    assert opened() == [("Bo Lee", "too_large")]
    services.resize_place(registration=waiting, actor=officer, party_size=2)
    assert opened() == []


def test_who_waits_by_phone_as_the_event_begins_is_called_once(desk, officer, mails):
    event = EventFactory(actor=officer, capacity=1)
    place(event)
    place(event, "Ana", email="ana@people.example")
    by_phone(event)
    with clock.at(event.starts_at - timedelta(minutes=1)):
        services.tell_those_without_a_seat()
        assert opened() == []
    with clock.at(event.starts_at):
        assert services.tell_those_without_a_seat() == 1
        assert [mail.to for mail in mails("no_seat")] == ["ana@people.example"]
        assert opened() == [("Bo Lee", "no_seat")]
        call = PhoneCall.objects.get()
    with clock.at(event.starts_at + timedelta(minutes=1)):
        services.tell_those_without_a_seat()
        assert PhoneCall.objects.get() == call, "the next minute notes no other"
        assert "Call Bo Lee" in desk.get(reverse("desk:home")).content.decode()
        page = desk.get(reverse("desk:event", args=[event.pk])).content.decode()
        assert "The event has begun, and no seat came free for them" in page
        answer = desk.post(reverse("desk:called", args=[event.pk, call.pk]), follow=True).content.decode()
        assert "Noted: Bo Lee was called." in answer
        services.tell_those_without_a_seat()
        assert opened() == []
        assert PhoneCall.objects.count() == 1, "who was called is not called again"


def test_an_event_put_off_makes_that_call_moot_until_it_begins_anew(officer):
    event = EventFactory(actor=officer, capacity=1)
    seat = place(event)
    waiting = by_phone(event)
    with clock.at(event.starts_at):
        services.tell_those_without_a_seat()
        event = move(event, officer)
        assert opened() == [("Bo Lee", "moved")]
    with clock.at(event.starts_at):
        services.tell_those_without_a_seat()
        assert opened(news="no_seat") == [("Bo Lee", "no_seat")]
        assert PhoneCall.objects.filter(news="no_seat").count() == 1, "the older gave way"
    with clock.at(event.ends_at):
        assert not PhoneCall.objects.open().ahead().exists()
    with clock.at(event.starts_at):
        services.update_event(event=event, actor=officer, starts_at=event.starts_at + timedelta(minutes=30))
        services.cancel_place(registration=seat, actor=officer)
        waiting.refresh_from_db()
        assert waiting.status == "registered"
    with clock.at(event.starts_at + timedelta(minutes=30)):
        assert services.tell_those_without_a_seat() == 0
        assert opened(news="no_seat") == [], "who got a seat in the end"


def test_a_party_too_large_for_the_seats_gets_one_call_as_the_event_begins(officer):
    event = EventFactory(actor=officer, capacity=4, party_limit=4)
    place(event, party_size=4)
    by_phone(event, party_size=4)
    services.update_event(event=event, actor=officer, capacity=3)
    with clock.at(event.starts_at):
        services.tell_those_without_a_seat()
        assert opened() == [("Bo Lee", "no_seat")]


def test_the_line_of_a_registration_shows_phone_and_need(desk, officer):
    event = EventFactory(actor=officer, capacity=1)
    by_phone(event, "Ana Ortiz", phone="555-0111", accommodation="A ramp")
    by_phone(event, "Bo Lee", phone="555-0142", accommodation="Sign language")
    by_phone(event, "Cy Dow", phone="")
    page = desk.get(reverse("desk:event", args=[event.pk])).content.decode()
    seated, waiting = page.split("Waitlist, in order")
    for part, phone, need in ((seated, "5550111", "A ramp"), (waiting, "5550142", "Sign language")):
        assert f'href="tel:{phone}"' in part
        assert need in part
    assert "no phone number noted" in waiting


def test_a_call_stands_on_the_page_and_on_the_day_until_someone_marks_it(desk, officer):
    event = EventFactory(actor=officer)
    by_phone(event)
    move(event, officer)
    call = PhoneCall.objects.get()
    there = reverse("desk:event", args=[event.pk])
    assert "Call Bo Lee" in desk.get(reverse("desk:home")).content.decode()
    page = desk.get(there).content.decode()
    assert "Call Bo Lee" in page
    assert "The event has a new time or place" in page
    answer = desk.post(reverse("desk:called", args=[event.pk, call.pk]), follow=True).content.decode()
    assert "Noted: Bo Lee was called." in answer
    assert f"Called by {officer.display_name}" in answer
    assert "Call Bo Lee" not in desk.get(reverse("desk:home")).content.decode()
    call.refresh_from_db()
    assert (call.done_by, call.done_at.date()) == (officer, clock.now().date())
    entry = AuditEntry.objects.get(verb="events.called")
    assert (entry.actor_id, entry.detail) == (officer.pk, "moved")


def test_the_first_who_called_stands(officer):
    call = PhoneCall.objects.create(registration=by_phone(EventFactory(actor=officer)), news="moved")
    services.mark_called(call=call, actor=officer)
    other = OfficerFactory()
    assert services.mark_called(call=call, actor=other).done_by == officer


def test_a_call_about_the_older_move_can_not_be_marked_for_the_newer(desk, officer):
    event = EventFactory(actor=officer)
    by_phone(event)
    event = move(event, officer)
    older = PhoneCall.objects.get()
    move(event, officer)
    with pytest.raises(Refused, match="newer news for Bo Lee"):
        services.mark_called(call=older, actor=officer)
    page = desk.post(reverse("desk:called", args=[event.pk, older.pk]), follow=True).content.decode()
    assert "not on the list any more" in page
    assert opened() == [("Bo Lee", "moved")]


def test_news_that_does_not_hold_any_more_is_not_called_out(officer):
    event = EventFactory(actor=officer)
    guest = by_phone(event)
    move(event, officer)
    services.cancel_place(registration=guest, actor=officer)
    assert opened() == []
    by_phone(event, "Cy Dow")
    move(event, officer)
    services.cancel_event(event=event, actor=officer)
    assert opened() == [("Cy Dow", "cancelled")], "who had left is not told, and the move is moot"
    with clock.at(event.ends_at + timedelta(days=2)):
        assert not PhoneCall.objects.open().ahead().exists()


def test_who_does_not_see_the_event_sees_no_call_to_its_guests(officer):
    here, elsewhere = AreaFactory(), AreaFactory()
    event = EventFactory(actor=officer, area=here)
    PhoneCall.objects.create(registration=by_phone(event), news="moved")
    near, far = OfficerFactory(), OfficerFactory()
    DistrictAssignmentFactory(user=near, area=here)
    DistrictAssignmentFactory(user=far, area=elsewhere)

    def calls(user):
        return [card.count for card in story.day(user, Whose.MINE).cards if card.key == "calls"]

    assert (calls(officer), calls(near), calls(far)) == ([1], [1], [])


def test_the_desk_is_told_before_it_cancels_a_place_whether_a_mail_goes_out(desk, officer):
    event = EventFactory(actor=officer)
    for guest, said in ((by_phone(event), "no mail is sent"), (place(event), "They get a mail.")):
        url = reverse("desk:registration_cancel", args=[event.pk, guest.pk])
        assert said in desk.get(url).content.decode()
    assert Registration.objects.count() == 2
