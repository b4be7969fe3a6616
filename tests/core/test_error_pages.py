"""Pages that refuse or miss something keep the bar of the place, and say whom to turn to."""

import pytest

from tests.factories.accounts import AdminFactory, OfficerFactory, UserFactory, ViewerFactory, sign_in

pytestmark = pytest.mark.django_db


def shown(client, person, path):
    sign_in(client, person)
    return client.get(path)


@pytest.mark.parametrize(
    ("make", "path", "bar"),
    [
        (OfficerFactory, "/desk/jobs/999999/", "page--desk"),
        (AdminFactory, "/desk/", "page--desk"),
        (UserFactory, "/portal/no-such-page/", "page--portal"),
        (UserFactory, "/nowhere/", "page--public"),
    ],
)
def test_an_error_page_keeps_the_bar_of_the_part_that_was_asked_for(client, make, path, bar):
    page = shown(client, make(), path)
    assert page.status_code in {403, 404}
    assert bar in page.content.decode()


def test_an_admin_at_the_desk_is_told_what_they_may_open(client):
    body = shown(client, AdminFactory(), "/desk/").content.decode()
    assert 'href="/admin/"' in body
    assert "ask your supervisor" not in body


def test_only_people_of_the_desk_are_sent_to_their_supervisor(client):
    member = shown(client, UserFactory(), "/desk/").content.decode()
    assert "ask your supervisor" not in member
    assert "ask an owner of your business" in member
    assert "ask your supervisor" in shown(client, ViewerFactory(), "/desk/mail/").content.decode()


def test_no_link_of_the_bar_leads_a_refused_admin_back_to_the_refusal(client):
    assert 'href="/desk/"' not in shown(client, AdminFactory(), "/desk/").content.decode()
