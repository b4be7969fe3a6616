"""An event's public page offers the department only what it may open at the desk."""

import pytest
from django.urls import reverse

from tests.factories.accounts import OfficerFactory, SupervisorFactory, ViewerFactory, sign_in
from tests.factories.businesses import AreaFactory, DistrictAssignmentFactory
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(area=AreaFactory())


def officer_of(area):
    user = OfficerFactory()
    DistrictAssignmentFactory(user=user, area=area)
    return user


@pytest.mark.parametrize(
    ("who", "opens", "enters"),
    [
        (lambda event: officer_of(event.area), True, True),
        (lambda event: officer_of(AreaFactory()), False, False),
        (lambda event: SupervisorFactory(), True, True),
        (lambda event: ViewerFactory(), True, False),
    ],
    ids=["officer of its district", "officer of another", "supervisor", "viewer"],
)
def test_it_leads_to_the_desk_whom_the_desk_lets_in(client, event, who, opens, enters):
    sign_in(client, who(event))
    page = client.get(reverse("public:event", args=[event.slug])).content.decode()
    for name, offered in (("desk:event", opens), ("desk:registration_add", enters)):
        address = reverse(name, args=[event.pk])
        assert (f'href="{address}"' in page) == offered, name
        assert (client.get(address).status_code == 200) == offered, name
    assert ("Enter someone who called at the desk" in page) == enters
    assert "You are signed in for the department." in page
