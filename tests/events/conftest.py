import pytest
from django.core.cache import cache
from django.test import Client

from core.mail.models import OutgoingMail, ReminderRule
from tests.factories.accounts import (
    AdminFactory,
    OfficerFactory,
    SupervisorFactory,
    UserFactory,
    ViewerFactory,
    sign_in,
)
from tests.factories.businesses import BusinessFactory, MembershipFactory


@pytest.fixture(autouse=True)
def _no_counts_left():
    cache.clear()


@pytest.fixture
def officer(db):
    return OfficerFactory()


@pytest.fixture
def supervisor(db):
    return SupervisorFactory()


@pytest.fixture
def viewer(db):
    return ViewerFactory()


@pytest.fixture
def admin_user(db):
    return AdminFactory()


@pytest.fixture
def desk(client, officer):
    """A browser at the desk."""
    return sign_in(client, officer)


@pytest.fixture
def business(db):
    return BusinessFactory(standing="partner", name="Corner Bean Coffee")


@pytest.fixture
def member(business):
    user = UserFactory(full_name="Ana Ortiz", email="ana@cornerbean.example")
    MembershipFactory(user=user, business=business)
    return user


@pytest.fixture
def portal_member(member):
    """A member's browser, beside the visitor's."""
    return sign_in(Client(), member)


@pytest.fixture
def mails(db):
    """`mails("registered")` lists the mails of a template, oldest first; without one, all of this room."""

    def found(template=""):
        rows = OutgoingMail.objects.filter(room="events").order_by("pk")
        return list(rows.filter(template=f"events/{template}") if template else rows)

    return found


@pytest.fixture
def rules(db):
    """The reminder rules, active for long."""
    from datetime import UTC, datetime

    ReminderRule.objects.update(activated_at=datetime(2020, 1, 1, tzinfo=UTC))
    return {rule.key: rule for rule in ReminderRule.objects.all()}
