"""A new installation says nothing of the demonstration's invented department."""

import pytest
from django.db import connection
from django.urls import reverse

from core.models import Department
from core.pages.errors import limited
from tests.factories.core import mail

pytestmark = pytest.mark.django_db
PAGES = ["public:home", "public:contact", "public:privacy", "public:accessibility", "public:join"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_a_new_installation_name_nobody_and_leave_no_gap(client, settings, name):
    settings.DEFAULT_FROM_EMAIL = "Partners <desk@city.example>"
    page = client.get(reverse(name)).content.decode()
    assert "Riverton" not in page
    assert "555-01" not in page
    assert 'href="tel:"' not in page
    assert 'href="mailto:"' not in page


def test_without_an_address_of_its_own_the_department_answers_where_mail_comes_from(settings):
    settings.DEFAULT_FROM_EMAIL = "Partners <desk@city.example>"
    assert Department.current().email == "desk@city.example"
    Department.objects.create(pk=1, email="unit@city.example")
    assert Department.current().email == "unit@city.example"


def test_mail_of_a_new_installation_has_no_gaps_where_facts_are_missing():
    text = mail().text
    assert "Riverton" not in text
    assert "Police Department\n\n\n" not in text


def test_too_many_tries_are_told_in_the_products_voice(client):
    page = limited(client.get("/").wsgi_request)
    assert page.status_code == 429
    assert "Too many tries" in page.content.decode()


def test_where_nobody_can_count_the_site_is_away_and_not_limited(client):
    request = client.get("/").wsgi_request
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")  # writes fail, as on a full disk
    assert limited(request).status_code == 503
