"""A visitor registers with a code from a mail, and gives the place back by a link."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from events import services
from events.models import Registration
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db


def ask(client, event, email="ana@people.example", **more):
    data = {"name": "Ana Ortiz", "email": email, "party_size": "2", "accommodation": "", **more}
    return client.post(reverse("public:rsvp", args=[event.slug]), data)


def code_of(mail):
    return re.search(r"\b\d{6}\b", mail.text).group()


def confirm(client, event, code, **more):
    return client.post(reverse("public:rsvp_confirm", args=[event.slug]), {"code": code, **more})


def test_a_visitor_asks_types_the_code_and_is_registered(client, mails):
    event = EventFactory()
    answer = ask(client, event)
    assert answer.url == reverse("public:rsvp_confirm", args=[event.slug])
    found = Registration.objects.get()
    assert (found.status, found.seat_held) == ("unconfirmed", True)
    page = client.get(answer.url)
    assert "ana@people.example" in page.content.decode()
    answer = confirm(client, event, code_of(mails("confirm")[0]), email="ana@people.example")
    found.refresh_from_db()
    assert found.status == "registered"
    assert answer.url == reverse("public:registration", args=[found.token])
    assert [mail.to for mail in mails("registered")] == ["ana@people.example"]
    assert "You are registered" in client.get(answer.url).content.decode()


def test_the_code_can_be_typed_in_another_browser(client, mails, django_user_model):
    event = EventFactory()
    ask(client, event)
    answer = confirm(Client(), event, code_of(mails("confirm")[0]), email="Ana@People.example")
    assert answer.status_code == 302
    assert Registration.objects.get().status == "registered"


@pytest.mark.parametrize(
    "pasted",
    [
        "{0} {1}",
        "{0}\xa0{1}",
        "{0}\u2013{1}",
        "{0}\u2011{1}",
        "Your code is {0}{1}. It works for 15 minutes.",
    ],
)
def test_the_code_may_be_pasted_with_the_sentence_around_it(client, mails, pasted):
    event = EventFactory()
    ask(client, event)
    code = code_of(mails("confirm")[0])
    confirm(client, event, pasted.format(code[:3], code[3:]), email="ana@people.example")
    assert Registration.objects.get().status == "registered"


def wrong_for(*codes):
    return next(each for each in ("000000", "111111", "222222", "333333") if each not in codes)


def test_a_wrong_code_registers_nobody_and_after_five_wrong_ones_this_browser_needs_a_new_code(client, mails):
    event = EventFactory()
    start = clock.now()
    with clock.at(start):
        ask(client, event)
    right = code_of(mails("confirm")[0])
    for _ in range(5):
        answer = confirm(client, event, wrong_for(right), email="ana@people.example")
        assert "not right" in answer.content.decode()
    assert confirm(client, event, right, email="ana@people.example").status_code == 200
    assert Registration.objects.get().status == "unconfirmed"
    with clock.at(start + timedelta(minutes=2)):
        client.post(reverse("public:rsvp_resend", args=[event.slug]))
        newest = code_of(mails("confirm")[1])
        assert confirm(client, event, newest, email="ana@people.example").status_code == 302


def test_wrong_codes_of_strangers_do_not_kill_someones_code(client, mails):
    event = EventFactory()
    ask(client, event)
    right = code_of(mails("confirm")[0])
    for _ in range(6):
        assert confirm(Client(), event, wrong_for(right), email="ana@people.example").status_code == 200
    assert confirm(Client(), event, right, email="ana@people.example").status_code == 200
    assert confirm(client, event, right, email="ana@people.example").status_code == 302


def test_many_wrong_codes_kill_the_code_and_a_fresh_mail_can_still_be_asked_for(client, mails):
    event = EventFactory()
    start = clock.now()
    for minute in (0, 2, 4):
        with clock.at(start + timedelta(minutes=minute)):
            ask(client, event)
    right = code_of(mails("confirm")[-1])
    with clock.at(start + timedelta(minutes=5)):
        for number in range(25):
            services.confirm_place(
                event=event, email="ana@people.example", code=wrong_for(right), device=f"stranger-{number}"
            )
        assert confirm(client, event, right, email="ana@people.example").status_code == 200
        client.post(reverse("public:rsvp_resend", args=[event.slug]))
        fresh = code_of(mails("confirm")[-1])
        assert len(mails("confirm")) == 4
        assert confirm(client, event, fresh, email="ana@people.example").status_code == 302


def test_a_stranger_rewrites_nothing_of_a_request_that_waits_for_its_code(client, mails):
    event = EventFactory()
    ask(client, event, accommodation="Ramp please")
    ask(Client(), event, name="Mallory", party_size="6", accommodation="A stage for my speech")
    first, second = mails("confirm")
    assert "Mallory" not in first.text
    assert "Mallory, 6 people" in second.text
    assert confirm(client, event, code_of(first), email="ana@people.example").status_code == 302
    found = Registration.objects.get()
    assert (found.name, found.party_size, found.accommodation) == ("Ana Ortiz", 2, "Ramp please")
    assert found.other_requests == []
    assert confirm(Client(), event, code_of(second), email="ana@people.example").status_code == 200


def test_who_asks_after_a_stranger_confirms_their_own_words(client, mails):
    event = EventFactory(capacity=6)
    ask(Client(), event, name="Mallory", party_size="6")
    ask(client, event, party_size="3")
    assert confirm(client, event, code_of(mails("confirm")[1]), email="ana@people.example").status_code == 302
    found = Registration.objects.get()
    assert (found.status, found.name, found.party_size) == ("registered", "Ana Ortiz", 3)


def test_strangers_cannot_fill_a_mailbox_with_codes(client, mails):
    event = EventFactory()
    for number in range(8):
        ask(client, event, name=f"Mallory {'abcdefgh'[number]}")
    assert len(mails("confirm")) == 3


def test_the_code_once_more_is_harmless(client, mails):
    event = EventFactory()
    ask(client, event)
    code = code_of(mails("confirm")[0])
    first = confirm(client, event, code, email="ana@people.example")
    second = confirm(client, event, code, email="ana@people.example")
    assert first.url == second.url
    assert len(mails("registered")) == 1


def test_known_and_unknown_addresses_get_the_same_answer(client, mails):
    event = EventFactory()
    place(event, "Ben Lee", email="ben@people.example")
    new, known = ask(client, event), ask(client, event, email="BEN@people.example")
    assert (new.status_code, new.url) == (known.status_code, known.url)
    pages = []
    for email in ("ana@people.example", "ben@people.example"):
        ask(client, event, email=email)
        answer = confirm(client, event, "123456", email=email)
        pages.append(re.sub(r'value="[^"]{60,}"', "", answer.content.decode()).replace(email, "…"))
    assert re.sub(r"[0-9a-f]{12}", "", pages[0]) == re.sub(r"[0-9a-f]{12}", "", pages[1])
    assert [mail.to for mail in mails("already")] == ["ben@people.example"]
    assert Registration.objects.filter(email="ben@people.example").count() == 1


def test_the_same_request_again_within_a_minute_sends_no_second_code(client, mails):
    event = EventFactory()
    ask(client, event)
    ask(client, event, email="ANA@people.example")
    assert len(mails("confirm")) == 1


def test_who_corrects_the_request_gets_a_code_for_the_new_words(client, mails):
    event = EventFactory()
    ask(client, event)
    ask(client, event, party_size="3")
    confirm(client, event, code_of(mails("confirm")[1]), email="ana@people.example")
    assert Registration.objects.get().party_size == 3


def test_a_new_code_comes_after_a_minute_and_three_times_at_most(client, mails):
    event = EventFactory()
    start = clock.now()
    with clock.at(start):
        ask(client, event)
    for minute in (2, 4, 6, 8):
        with clock.at(start + timedelta(minutes=minute)):
            client.post(reverse("public:rsvp_resend", args=[event.slug]))
    assert len(mails("confirm")) == 3
    with clock.at(start + timedelta(minutes=9)):
        assert (
            confirm(client, event, code_of(mails("confirm")[0]), email="ana@people.example").status_code
            == 200
        )
        assert (
            confirm(client, event, code_of(mails("confirm")[2]), email="ana@people.example").status_code
            == 302
        )


def test_held_seats_lapse_after_fifteen_minutes_and_go_to_the_next(client, mails):
    event = EventFactory(capacity=2)
    start = clock.now()
    with clock.at(start):
        ask(client, event)
        assert "good for 15 minutes" in mails("confirm")[0].text
        waiting = place(event, "Ben Lee", party_size=2)
        assert waiting.status == "waitlisted"
    with clock.at(start + timedelta(minutes=15)):
        answer = confirm(client, event, code_of(mails("confirm")[0]), email="ana@people.example")
        assert answer.status_code == 200
    waiting.refresh_from_db()
    assert waiting.status == "registered"
    assert Registration.objects.get(email="ana@people.example").status == "lapsed"


def test_the_beat_lets_requests_lapse(client):
    from events.tasks import lapse_unconfirmed

    event = EventFactory()
    ask(client, event)
    with clock.at(clock.now() + timedelta(minutes=16)):
        lapse_unconfirmed()
    assert Registration.objects.get().status == "lapsed"


def test_a_full_event_puts_the_visitor_in_line(client, mails):
    event = EventFactory(capacity=1)
    place(event)
    ask(client, event, party_size="1")
    answer = confirm(client, event, code_of(mails("confirm")[0]), email="ana@people.example")
    assert Registration.objects.get(email="ana@people.example").status == "waitlisted"
    assert "number 1 on the waitlist" in mails("waitlisted")[0].text
    assert "You are on the waitlist" in client.get(answer.url).content.decode()


def test_a_link_shows_on_get_and_cancels_on_post_and_again_is_harmless(client, mails):
    event = EventFactory()
    found = place(event, "Ana Ortiz")
    address = reverse("public:registration", args=[found.token])
    page = client.get(address).content.decode()
    assert "Cancel the registration of Ana Ortiz" in page
    found.refresh_from_db()
    assert found.status == "registered"
    for _ in range(2):
        assert client.post(address).status_code == 302
    found.refresh_from_db()
    assert found.status == "cancelled"
    assert len(mails("cancelled")) == 1


def test_an_unknown_token_is_a_missing_page(client):
    other = place(EventFactory())
    assert client.get(reverse("public:registration", args=[other.token[:-1] + "x"])).status_code == 404
    assert client.post(reverse("public:registration", args=["x"])).status_code == 404


def test_after_cancelling_one_may_register_again(client, mails):
    event = EventFactory()
    found = place(event, email="ana@people.example")
    client.post(reverse("public:registration", args=[found.token]))
    ask(client, event)
    confirm(client, event, code_of(mails("confirm")[0]), email="ana@people.example")
    assert sorted(Registration.objects.values_list("status", flat=True)) == ["cancelled", "registered"]


@pytest.mark.parametrize("size", ["0", "-1", "7", "x", "1.5", ""])
def test_a_party_of_a_wrong_size_is_refused_and_the_typed_text_stays(client, size):
    event = EventFactory()
    page = ask(client, event, party_size=size, accommodation="Ramp please")
    assert page.status_code == 200
    assert "Ramp please" in page.content.decode()
    assert not Registration.objects.exists()


def test_extra_keys_of_the_form_change_nothing(client):
    event = EventFactory()
    extra = {"status": "registered", "source": "desk", "user": "1", "token": "mine", "seat_held": "1"}
    ask(client, event, **extra)
    found = Registration.objects.get()
    assert (found.status, found.source, found.user, found.event) == ("unconfirmed", "public", None, event)
    assert found.token != "mine"


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_no_one_registers_once_registration_is_closed(client, status):
    event = EventFactory(status=status)
    assert ask(client, event).status_code == 403
    assert not Registration.objects.exists()


def test_drafts_and_partner_events_do_not_exist_for_visitors(client):
    for event in (EventFactory(status="draft"), EventFactory(audience="partners")):
        assert client.get(event.get_absolute_url()).status_code == 404
        assert client.get(reverse("public:event_ics", args=[event.slug])).status_code == 404
        assert ask(client, event).status_code == 404


def test_registration_ends_when_the_event_begins(client):
    event = EventFactory(in_days=1)
    with clock.at(event.starts_at + timedelta(seconds=1)):
        assert ask(client, event).status_code == 403
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "name", ["https://evil.example/x", "Win at evil.com now", "www.evil.site", "a@evil.example"]
)
def test_nobody_uses_the_form_to_mail_web_addresses_to_strangers(client, mails, name):
    page = ask(client, EventFactory(), name=name)
    assert "without a web address" in page.content.decode()
    assert mails() == []


@pytest.mark.parametrize("name", ["J.R. Smith", "Ana-María O'Neil", "St.Claire Jones", "Nguyễn Văn An"])
def test_ordinary_names_pass(client, name):
    assert ask(client, EventFactory(), name=name).status_code == 302


def test_who_leaves_the_line_reads_so_and_gets_no_calendar_entry_any_more(client, mails):
    event = EventFactory(capacity=1)
    place(event, "Ben")
    waiting = place(event, "Ana", notify=True)
    address = reverse("public:registration", args=[waiting.token])
    assert "Add to your calendar" in client.get(address).content.decode()
    page = client.post(address, follow=True).content.decode()
    assert "You are off the waitlist" in page
    assert "Add to your calendar" not in page
    assert "You are off the waitlist." in mails("cancelled")[0].text


def test_the_link_of_a_mail_changes_the_number_of_people(client, mails):
    event = EventFactory(capacity=4)
    found = place(event, "Ana")
    place(event, "Bea")
    address = reverse("public:registration_resize", args=[found.token])
    assert address in client.get(found.get_absolute_url()).content.decode()
    body = client.post(address, {"party_size": "3"}, follow=True).content.decode()
    assert "Saved: 3 people. A mail is on its way." in body
    assert "mail is on" not in client.post(address, {"party_size": "3"}, follow=True).content.decode()
    assert len(mails("resized")) == 1
    assert "not enough free seats" in client.post(address, {"party_size": "4"}).content.decode()
    assert "1 person at least." in client.post(address, {"party_size": "0"}).content.decode()
    found.refresh_from_db()
    assert found.party_size == 3
    assert client.get(reverse("public:registration_resize", args=["x"])).status_code == 404


@pytest.mark.parametrize("name", ["\u200b", "\u202e\u200b ", "\u3164", "\u00ad"])
def test_a_name_nobody_can_see_is_refused(client, mails, name):
    page = ask(client, EventFactory(), name=name)
    assert "can be read" in page.content.decode()
    assert mails() == []


def test_a_name_loses_what_turns_its_direction(client):
    ask(client, EventFactory(), name="Ana\u202e zitrO\u200b")
    assert Registration.objects.get().name == "Ana zitrO"


def test_wrong_tries_and_new_codes_keep_seats_from_nobody_for_ever(mails):
    event, start = EventFactory(capacity=3, party_limit=3), clock.now()
    services.request_place(event=event, name="Nobody", email="junk@people.example", party_size=3)
    for step in range(1, 12):
        with clock.at(start + timedelta(minutes=10 * step)):
            for number in range(25):
                services.confirm_place(
                    event=event, email="junk@people.example", code="000000", device=f"{step}-{number // 5}"
                )
            services.send_new_code(event=event, email="junk@people.example")
    with clock.at(start + timedelta(minutes=115)):
        services.request_place(event=event, name="Ana", email="ana@people.example", party_size=3)
    assert Registration.objects.get(email="ana@people.example").seat_held
    assert not mails("full")
