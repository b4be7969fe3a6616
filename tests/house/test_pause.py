"""Many people behind one connection: they wait a little, nobody is refused, and nothing typed is lost."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core import clock, limits
from core.pages import pause
from events.models import Registration
from tests.access import matrix
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory
from tests.racing import race

pytestmark = pytest.mark.django_db
PASSWORD = "a long sentence nobody else uses"


@pytest.fixture(autouse=True)
def _nobody_in_line():
    cache.clear()


def hidden(page):
    """What the waiting page carries, as a browser sends it."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.content.decode())
    return {unescape(name): unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def typed_by(number):
    return {
        "name": f"Ana <Ortiz> & Söhne {number}",
        "email": f"ana{number}@people.example",
        "party_size": "2",
        "accommodation": 'A seat near the "front",\r\nplease',
    }


def test_two_hundred_people_behind_one_wifi_all_get_in_and_type_nothing_twice():
    event = EventFactory(capacity=None)
    address, start = reverse("public:rsvp", args=[event.slug]), clock.now()
    waiting = []
    for number in range(200):
        with clock.at(start + timedelta(seconds=number / 10)):
            page = Client().post(address, typed_by(number))
        if page.status_code == 302:
            continue
        assert page.status_code == 429
        assert "Your turn comes in" in page.content.decode()
        assert {**typed_by(number), "turn": hidden(page)["turn"]} == hidden(page)
        waiting.append((start + timedelta(seconds=number / 10 + int(page["Retry-After"])), hidden(page)))
    assert 100 < len(waiting) < 145
    assert max(turn for turn, _kept in waiting) < start + timedelta(minutes=6)
    for turn, kept in waiting:
        with clock.at(turn):
            assert Client().post(address, kept).status_code == 302
    kept = Registration.objects.values_list("name", "email", "party_size", "accommodation")
    wanted = [typed_by(number) for number in range(200)]
    assert {each[:3] for each in kept} == {(each["name"], each["email"], 2) for each in wanted}
    assert {each[3].replace("\r\n", "\n") for each in kept} == {'A seat near the "front",\nplease'}


def test_people_who_come_one_after_the_other_never_wait():
    address, start = reverse("public:rsvp", args=[EventFactory(capacity=None).slug]), clock.now()
    for number in range(120):
        with clock.at(start + timedelta(seconds=3 * number)):
            assert Client().post(address, typed_by(number)).status_code == 302


def test_one_address_that_hammers_one_event_is_refused_and_another_is_not():
    event = EventFactory(capacity=None)
    address = reverse("public:rsvp", args=[event.slug])
    answers = [Client().post(address, {**typed_by(1), "party_size": 1 + n % 5}) for n in range(22)]
    assert [each.status_code for each in answers] == [302] * 20 + [429] * 2
    page = answers[-1].content.decode()
    assert "asked for many times just now" in page
    assert 'value="ana1@people.example"' in page
    assert Client().post(address, typed_by(2)).status_code == 302
    other = reverse("public:rsvp", args=[EventFactory().slug])
    assert Client().post(other, typed_by(1)).status_code == 302
    assert Client(REMOTE_ADDR="198.51.100.7").post(address, typed_by(1)).status_code == 302


@pytest.fixture
def crowded(settings):
    """Nobody comes at once any more; a turn each ten seconds."""
    settings.PACE_OF_FORMS = dict.fromkeys(settings.PACE_OF_FORMS, (0, 10))
    settings.PACE_OF_SEARCHES = (0, 10)


def test_who_comes_before_the_turn_keeps_the_place_and_who_comes_twice_lines_up_again(crowded):
    event, start = EventFactory(), clock.now()
    address = reverse("public:rsvp", args=[event.slug])
    with clock.at(start):
        first = Client().post(address, typed_by(1))
        assert Client().post(address, typed_by(2))["Retry-After"] == "20"
    with clock.at(start + timedelta(seconds=4)):
        early = Client().post(address, hidden(first))
    assert early["Retry-After"] == "6"
    assert hidden(early) == hidden(first)
    with clock.at(start + timedelta(seconds=11)):
        assert Client().post(address, hidden(early)).status_code == 302
        assert Client().post(address, hidden(early)).status_code == 429


def test_a_network_that_one_program_fills_keeps_no_known_device_from_signing_in(crowded):
    user, known, start = UserFactory(password=PASSWORD), Client(), clock.now()
    typed = {"login": user.email, "password": PASSWORD}
    sign_in_as = reverse("account_login")
    with clock.at(start):
        page = known.post(sign_in_as, typed)
    with clock.at(start + timedelta(seconds=11)):
        assert known.post(sign_in_as, {**hidden(page), "password": PASSWORD}).status_code == 302
        known.post(reverse("account_logout"))
    with clock.at(start + timedelta(hours=1)):
        for number in range(70):
            stranger = Client().post(sign_in_as, {"login": f"{number}@people.example"})
        assert stranger["Retry-After"] == str(pause.AGAIN)
        page = known.post(sign_in_as, typed)
        assert page["Retry-After"] == "10"
    with clock.at(start + timedelta(hours=1, seconds=11)):
        assert known.post(sign_in_as, {**hidden(page), "password": PASSWORD}).status_code == 302


def test_a_place_in_line_is_not_good_for_someone_elses_words_nor_when_made_up(crowded):
    event, start = EventFactory(), clock.now()
    address = reverse("public:rsvp", args=[event.slug])
    with clock.at(start):
        kept = hidden(Client().post(address, typed_by(1)))
    with clock.at(start + timedelta(seconds=60)):
        for other in (
            {**kept, "email": "else@people.example"},
            {**kept, "turn": "W10:made:up"},
            {**kept, "turn": ""},
        ):
            assert Client().post(address, other).status_code == 429


def test_a_program_that_never_comes_back_keeps_no_new_visitor_out_for_longer_than_a_minute(crowded):
    event, start = EventFactory(), clock.now()
    address = reverse("public:rsvp", args=[event.slug])
    with clock.at(start):
        for number in range(70):
            Client().post(address, typed_by(number))
        page = Client().post(address, typed_by(99))
        assert page["Retry-After"] == str(pause.AGAIN)
        assert Client().post(address, typed_by(99))["Retry-After"] == str(
            pause.AGAIN
        )  # the first line is full
    with clock.at(start + timedelta(seconds=pause.AGAIN)):
        for number in range(70):  # and stays full
            Client().post(address, typed_by(number))
        mine = hidden(page)
        page = Client().post(address, mine)
        assert page["Retry-After"] == "10"
        assert Client().post(address, mine).status_code == 429  # one ticket, one place
        assert "turn" in hidden(page)
    with clock.at(start + timedelta(seconds=pause.AGAIN + 10)):
        assert Client().post(address, hidden(page)).status_code == 302
    assert Registration.objects.get().email == "ana99@people.example"


def test_a_program_that_comes_back_fills_both_lines_and_still_nobody_is_refused(crowded):
    event, start = EventFactory(), clock.now()
    address = reverse("public:rsvp", args=[event.slug])
    with clock.at(start):
        for number in range(60):
            Client().post(address, typed_by(number))
        pages = [Client().post(address, typed_by(number)) for number in range(61)]
    with clock.at(start + timedelta(seconds=pause.AGAIN)):
        pages = [Client().post(address, hidden(page)) for page in pages]
    assert [int(page["Retry-After"]) for page in pages] == [*range(10, 601, 10), pause.AGAIN]
    with clock.at(start + timedelta(seconds=2 * pause.AGAIN + 9)):
        late = Client().post(address, hidden(pages[-1]))
    assert int(late["Retry-After"]) <= limits.LONGEST
    with clock.at(start + timedelta(seconds=2 * pause.AGAIN + 9 + int(late["Retry-After"]))):
        assert Client().post(address, hidden(late)).status_code == 302


def test_a_password_is_never_written_into_the_page_and_asked_for_again(crowded):
    user, start = UserFactory(password=PASSWORD), clock.now()
    browser = Client()
    typed = {"login": user.email, "password": PASSWORD, "next": "/portal/"}
    with clock.at(start):
        page = browser.post(reverse("account_login"), typed)
    assert page.status_code == 429
    assert PASSWORD not in page.content.decode()
    assert 'type="password"' in page.content.decode()
    assert "data-send-after" not in page.content.decode()
    with clock.at(start + timedelta(seconds=11)):
        assert (
            browser.post(reverse("account_login"), {**hidden(page), "password": PASSWORD}).status_code == 302
        )
    assert browser.session["_auth_user_id"] == str(user.pk)


def test_a_search_waits_too_and_its_address_stays_clean(crowded):
    address, start = reverse("public:partners"), clock.now()
    with clock.at(start):
        page = Client().get(address, {"q": "café", "page": "1"})
    assert page.status_code == 429
    assert f'action="{address}"' in page.content.decode()
    with clock.at(start + timedelta(seconds=11)):
        found = Client().get(address, hidden(page))
    assert found.status_code == 200
    assert "turn=" not in found.content.decode()


def test_a_crowd_that_comes_at_once_gets_one_turn_each(transactional_db, settings):
    settings.PACE_OF_FORMS = {"account_signup": (0, 10)}
    browsers = [Client() for _each in range(8)]
    answers = race(
        [
            lambda each=each, n=n: each.post(
                reverse("account_signup"), {"email": f"p{n}@shop.example", "full_name": "P"}
            )
            for n, each in enumerate(browsers)
        ]
    )
    waits = sorted(int(each["Retry-After"]) for each in answers)
    assert all(later - earlier >= 8 for earlier, later in zip(waits, waits[1:], strict=False))


# What takes a POST and needs no pace: pages that hold no form, and forms behind the link of one mail.
SHOWN_ONLY = {
    "public:accessibility", "public:contact", "public:department_css", "public:home", "public:join",
    "public:partner", "public:privacy",
}  # fmt: skip
BEHIND_A_LINK = {
    "public:preferences", "public:registration", "public:registration_resize", "public:unsubscribe",
}  # fmt: skip
OTHERS = {"account_logout", "public:mail_hook"}  # one's own session; the mail provider with its secret


def test_every_form_that_a_visitor_may_send_has_its_pace_or_a_reason(settings):
    expected, names = matrix.expected(), matrix.names()
    turned_away = {"login", "404", "403", "405"}
    taken = {name for name in names if expected[name, "POST"]["visitor"] not in turned_away}
    paced = set(settings.PACE_OF_FORMS)
    assert taken - paced == SHOWN_ONLY | BEHIND_A_LINK | OTHERS
    assert paced | set(settings.SEARCHES) <= set(names)
