"""What a visitor sends and is refused is answered at an address of its own, for their browser alone."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from core import clock, expired
from tests.factories.accounts import UserFactory, sign_in
from tests.markup import typed_into

pytestmark = pytest.mark.django_db
SIGN_UP = reverse("account_signup")
BROWSER = {"Sec-Fetch-Mode": "navigate"}
TYPED = {"email": "ana@people.example", "full_name": ""}


@pytest.fixture
def visitor():
    client = Client()
    client.get(SIGN_UP)  # a browser has the safety token of the page
    return client


def refused(client):
    answer = client.post(f"{SIGN_UP}?next=/portal/", TYPED, headers=BROWSER)
    assert answer.status_code == 302
    return answer.url


def test_a_refused_form_stands_at_its_own_address_as_often_as_it_is_asked_for(visitor):
    address = refused(visitor)
    assert address.startswith(f"{SIGN_UP}?next=%2Fportal%2F&again=")
    for _each in range(2):
        page = visitor.get(address)
        body = page.content.decode()
        assert page.status_code == 200
        assert "Write your name." in body
        assert 'value="ana@people.example"' in body
        assert "no-store" in page.headers["Cache-Control"]


def test_sent_again_from_there_it_has_one_mark(visitor):
    address = refused(visitor)
    again = visitor.post(address, TYPED, headers=BROWSER)
    assert again.url.count("again=") == 1
    assert again.url != address


def test_another_browser_finds_nothing_there(visitor):
    address = refused(visitor)
    page = Client().get(address)
    assert page.status_code == 200
    assert "ana@people.example" not in page.content.decode()


def test_nor_does_who_signed_in_since(visitor):
    address = refused(visitor)
    sign_in(visitor, UserFactory())
    assert visitor.get(address).status_code == 302


def test_pages_of_who_is_signed_in_are_answered_as_they_are():
    client = sign_in(Client(), UserFactory())
    details = reverse("account_details")
    typed = typed_into(client.get(details), full_name="")
    assert client.post(details, typed, headers=BROWSER).status_code == 200


@pytest.mark.parametrize("mode", ["", "cors", "no-cors"])
def test_scripts_and_programs_are_answered_as_they_are(visitor, mode):
    page = visitor.post(SIGN_UP, TYPED, headers={"Sec-Fetch-Mode": mode} if mode else {})
    assert page.status_code == 200
    assert "Write your name." in page.content.decode()


def test_without_cookies_there_is_no_redirect_to_a_page_that_could_not_be_found():
    assert Client().post(SIGN_UP, TYPED, headers=BROWSER).status_code == 200


def test_a_mark_that_stands_for_nothing_is_left_alone(visitor):
    assert visitor.get(SIGN_UP, {"again": "made-up"}).status_code == 200


def test_what_is_longer_than_anyone_types_is_kept_nowhere(visitor):
    sent = {**TYPED, "email": "x" * 1_000_000}
    answer = visitor.post(SIGN_UP, sent, headers=BROWSER)
    assert answer.status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(length(value)), 0) FROM core_cache")
        assert cursor.fetchone()[0] < 500_000


def test_what_is_over_is_removed_within_the_hour_and_what_holds_stays(visitor):
    with time_machine.travel(clock.now() - timedelta(days=20), tick=True):
        old = Client()
        old.get(SIGN_UP)
        refused(old)
    address = refused(visitor)
    assert (Session.objects.count(), expired.purge()) == (2, 1)
    assert Session.objects.count() == 1
    assert visitor.get(address).status_code == 200


def test_a_post_without_the_safety_token_makes_no_session():
    stranger = Client(enforce_csrf_checks=True)
    stranger.cookies["any"] = "cookie"
    assert stranger.post(SIGN_UP, TYPED, headers=BROWSER).status_code == 403
    assert not Session.objects.exists()
