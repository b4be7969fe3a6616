"""Cookies and protections that hold everywhere. What each answer carries is held by test_matrix."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long sentence nobody else uses"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client):
    cache.clear()
    user = UserFactory(password=PASSWORD)
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    for name in ("sessionid", "csrftoken", "known_device"):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


def test_a_session_gets_a_new_number_when_someone_signs_in(client):
    cache.clear()
    user = UserFactory(password=PASSWORD)
    client.get("/accounts/details/")
    session = client.session
    session["before"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert client.cookies["sessionid"].value != session.session_key


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_logout"])
def test_forms_of_other_sites_are_refused(name):
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(reverse(name), {"login": "rosa@shop.example"}).status_code == 403
