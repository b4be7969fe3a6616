"""A NUL in an address is a missing page or a bad request, never a fault of ours."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import OfficerFactory, sign_in
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/registrations/a%00b/", "/events/%00/", "/admin/%00/", "/%00"])
def test_a_null_in_the_path_is_a_missing_page(client, address):
    assert client.get(address).status_code == 404


def test_a_null_in_the_query_is_a_bad_request(client):
    desk = sign_in(Client(), OfficerFactory())
    attendance = reverse("desk:event_attendance", args=[EventFactory().pk])
    for browser, address in (
        (client, reverse("public:events")),
        (desk, attendance),
        (client, "/admin/login/"),
    ):
        assert browser.get(f"{address}?q=a%00b").status_code == 400
        assert browser.get(f"{address}?q=a%2500b").status_code != 400
