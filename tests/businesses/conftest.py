"""Two districts side by side, a beat in each, and people who see one, the other, both or neither."""

from types import SimpleNamespace

import pytest

from tests.factories.accounts import UserFactory, sign_in
from tests.factories.businesses import (
    AreaFactory,
    BeatFactory,
    BusinessFactory,
    DistrictAssignmentFactory,
    square,
)


@pytest.fixture
def city(db):
    """District 19 with beat 1925 in the west, district 20 with beat 2011 right beside it in the east."""
    west = AreaFactory(code="19", geometry=square(-87.70, 41.90, 0.1))
    east = AreaFactory(code="20", geometry=square(-87.60, 41.90, 0.1))
    return SimpleNamespace(
        west=west,
        east=east,
        west_beat=BeatFactory(code="1925", parent=west, geometry=square(-87.70, 41.90, 0.1)),
        east_beat=BeatFactory(code="2011", parent=east, geometry=square(-87.60, 41.90, 0.1)),
    )


@pytest.fixture
def officer(city):
    """Covers district 19."""
    user = UserFactory(role="officer", title="Officer", full_name="Dana Reyes")
    DistrictAssignmentFactory(user=user, area=city.west)
    return user


@pytest.fixture
def supervisor(db):
    return UserFactory(role="supervisor", full_name="Kim Sato")


@pytest.fixture
def viewer(db):
    return UserFactory(role="viewer")


@pytest.fixture
def admin_user(db):
    return UserFactory(role="admin")


@pytest.fixture
def owner(db):
    return UserFactory(full_name="Alex Moreno")


@pytest.fixture
def west_shop(city):
    return BusinessFactory(name="Halsted Hardware", street="3127 N Broadway", area=city.west_beat)


@pytest.fixture
def east_shop(city):
    return BusinessFactory(name="Canary Cleaners", street="9 E Oak St", area=city.east_beat)


@pytest.fixture
def as_user(client):
    """Sign a user in, second factor included: `as_user(officer).get(...)`."""
    return lambda user: sign_in(client, user)
